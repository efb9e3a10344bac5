// The table of contents of what an emulated modem understands.

import type { Call, CommandRow, CommandRows } from './command-row.js';
import { callCommands } from './commands/calls.js';
import { controlCommands } from './commands/control.js';
import { identityCommands } from './commands/identity.js';
import { messageSettingCommands } from './commands/message-settings.js';
import { networkCommands } from './commands/network.js';
import { readCommands } from './commands/read.js';
import { sendCommands } from './commands/send.js';
import { simCommands } from './commands/sim.js';
import { storageCommands } from './commands/storage.js';
import type { Modem } from './modem.js';
import type { Answer, FinalResult } from './result-codes.js';

const rows: CommandRows = {
  ...controlCommands, // E V Q Z &F S3 …              V.250
  ...identityCommands, // I +CGMI +CGSN +CIMI …       TS 27.007 5
  ...simCommands, // +CPIN +CPINR +CLCK +CPWD         TS 27.007 7, 8
  ...networkCommands, // +CREG +COPS +CSQ +CFUN       TS 27.007 7, 8
  ...callCommands, // A D H +CHUP +CLIP +CUSD         TS 27.007 6, 7
  ...messageSettingCommands, // +CMGF +CSMS +CSCA …   TS 27.005 3.2, 3.3
  ...storageCommands, // +CPMS +CMGD +CNMI +CNMA      TS 27.005 3.2, 3.4, 3.5
  ...readCommands, // +CMGL +CMGR                     TS 27.005 3.4
  ...sendCommands, // +CMGS +CMGW +CMSS               TS 27.005 3.5
};

export function runCommand(call: Call): Answer {
  const { modem, command } = call;
  const own = modem.profile.own[command.name];
  if (own) {
    if (command.form !== 'set') call.line.inform(own);
    return 'OK';
  }
  const row = modem.profile.unknown.includes(command.name) ? undefined : rowOf(command.name);
  const handler = row?.[command.form];
  if (row === undefined || handler === undefined) return 'ERROR';
  // What a command takes can be asked without a SIM.
  return (command.form === 'test' ? undefined : refusal(modem, row)) ?? handler(call);
}

function rowOf(name: string): CommandRow | undefined {
  return Object.hasOwn(rows, name) ? rows[name] : undefined;
}

// TS 27.007 9.2.1 General errors, TS 27.005 3.2.5: 10 and 310 not inserted, 11 and 311 PIN, 12 and 316 PUK …
const cmsOfCme: Readonly<Record<number, number>> = { 10: 310, 11: 311, 12: 316, 13: 313, 14: 314 };

function refusal(modem: Modem, { needs, family }: CommandRow): FinalResult | undefined {
  if (needs === undefined) return undefined;
  const cme = modem.sim.failure() ?? (needs === 'pin' ? pinError(modem) : undefined);
  if (cme === undefined) return undefined;
  return family === 'cms' ? { cms: cmsOfCme[cme] ?? 300 } : { cme };
}

function pinError({ sim }: Modem): number | undefined {
  const state = sim.pinState;
  if (state === 'READY') return undefined;
  return state === 'SIM PIN' ? 11 : 12;
}
