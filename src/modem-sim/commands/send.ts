// Messages are typed at a prompt, and sent or stored.
// TS 27.005 3.5.1 and 4.3 Send Message +CMGS, 3.5.2 and 4.7 Send Message from Storage +CMSS, 3.5.3 and 4.4 Write Message +CMGW
//
//    AT+CMGS=24 CR            length of the TPDU, the service centre's address not counted
//    > 0031000C91… Ctrl-Z     or ESC: nothing is sent
//    +CMGS: 17                TP-MR
//    OK

import { readInteger, readParameters } from '../command-line.js';
import { type Call, type CommandRows, type Handler, say } from '../command-row.js';
import type { FaultSwitches, Occasion } from '../fault-switches.js';
import type { Typed } from '../line.js';
import { Stat } from '../memories.js';
import { type ReadyMessage, type Refusal, readTypedPdu, readTypedText } from '../typed-message.js';
import { submit } from '../submission.js';
import type { Answer, FinalResult } from '../result-codes.js';

const send: Handler = async (call) => {
  const ready = await typed(call);
  if (ready === undefined) return 'OK';
  return isFinal(ready) ? ready : submit(call, ready);
};

const write: Handler = async (call) => {
  const ready = await typed(call);
  if (ready === undefined) return 'OK';
  if (isFinal(ready)) return ready;
  const { modem, line } = call;
  const place = modem.memories.store(modem.selected[1], { stat: Stat.Unsent, pdu: ready.pdu });
  if (place === undefined) return { cms: 322 };
  line.inform([`+CMGW: ${place.index}`]);
  return 'OK';
};

const sendStored: Handler = (call): Answer => {
  const { modem, command } = call;
  const index = readInteger(readParameters(command.value)[0]);
  const message = Number.isNaN(index) ? undefined : modem.memories.get(modem.selected[1], index);
  if (message === undefined || message.stat === Stat.Unread || message.stat === Stat.Read) return { cms: 321 };
  const ready = readTypedPdu(Buffer.from(message.pdu).toString('hex'), message.pdu.length - 1 - message.pdu[0]!);
  if ('cms' in ready) return ready;
  message.stat = Stat.Sent;
  return submit(call, ready);
};

function isFinal(ready: ReadyMessage | FinalResult): ready is FinalResult {
  return typeof ready === 'string' || 'cms' in ready || 'cme' in ready;
}

/** What is typed at the prompt; `undefined` where ESC ends it. */
async function typed(call: Call): Promise<ReadyMessage | FinalResult | undefined> {
  const { modem, command, occasion } = call;
  const parameters = readParameters(command.value);
  const length = readInteger(parameters[0]);
  const isPdu = modem.settings.cmgf === 0;
  if (isPdu && !(length > 0 && length <= 176)) return { cms: 304 };
  if (!isPdu && !parameters[0]) return { cms: 305 };
  const { text, end } = await prompt(call);
  if (end !== 'ctrl-z') return end === 'gone' ? 'silent' : undefined;
  const ready = isPdu ? readTypedPdu(text, length) : readTypedText(text, parameters, modem.settings);
  return waits(ready, modem.faults, occasion) ? 'silent' : ready;
}

async function prompt({ modem, line, occasion }: Call): Promise<Typed> {
  const late = modem.faults.strike('late-prompt', occasion)?.values['ms'];
  if (late !== undefined) await new Promise<void>((resolve) => modem.clock.after(late, resolve));
  return line.prompt(!modem.faults.strike('missing-prompt', occasion));
}

function waits(ready: ReadyMessage | Refusal, faults: FaultSwitches, occasion: Occasion): boolean {
  return 'cms' in ready && ready.cms === 304 && faults.strike('wrong-length-waits', occasion) !== undefined;
}

export const sendCommands: CommandRows = {
  '+CMGS': { needs: 'pin', family: 'cms', set: send, test: say(() => []) },
  '+CMGW': { needs: 'pin', family: 'cms', set: write, test: say(() => []) },
  '+CMSS': { needs: 'pin', family: 'cms', set: sendStored, test: say(() => []) },
};
