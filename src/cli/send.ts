// `easms send`: one text, watched until its end.

import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import { pathOf } from './api-client.js';
import type { ApiClient } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import type { ApiFlags } from './api-command.js';
import { CliError } from './errors.js';
import type { Message } from './message.js';
import { print, printable } from './print.js';
import { collect } from './repeatable.js';

interface SendFlags extends ApiFlags {
  readonly from: string;
  readonly to: string;
  readonly gateway?: string;
  readonly sender?: string;
  readonly maxmsgs?: number;
  readonly binary?: true;
  readonly udh?: string;
  readonly pid?: number;
  readonly dcs?: number;
  readonly reply?: string;
  readonly value?: string[];
  readonly expireMinutes?: number;
  readonly warningMinutes?: number;
  readonly idempotencyKey?: string;
  readonly timeout: string;
}

const ended: readonly string[] = ['sent', 'delivered', 'failed', 'expired', 'unknown'];
const succeeded: readonly string[] = ['sent', 'delivered'];
const LOOK_EVERY_MS = 50;

export function sendCommand(): Command {
  return apiCommand('send', 'send one text and watch it until its end')
    .argument('<text>', 'the text; base64 with --binary')
    .requiredOption('--from <address>', 'the user who sends')
    .requiredOption('--to <number>', 'the recipient')
    .option('--gateway <id>', 'through this gateway and no other')
    .option('--sender <sender>', 'who it is from, where the gateway can show that')
    .option('--maxmsgs <parts>', 'cut the text to so many parts', readNumber)
    .option('--binary', 'octets, not a text')
    .option('--udh <base64>', 'the user data header of a binary message')
    .option('--pid <number>', 'the protocol identifier, TP-PID', readNumber)
    .option('--dcs <number>', 'the data coding scheme, TP-DCS', readNumber)
    .option('--reply <address>', 'where answers go')
    .option('--value <pair>', "pass on to the gateway's URL, such as '&unicode=1'; again for more", collect)
    .option('--expire-minutes <minutes>', 'how long it may wait', readNumber)
    .option('--warning-minutes <minutes>', 'when the sender is told that it still waits, 0 for never', readNumber)
    .option('--idempotency-key <key>', 'given again with the same text, it is sent once')
    .option('--timeout <seconds>', 'how long to watch', '120')
    .action(async (text: string, flags: SendFlags, command: Command) => {
      const api = clientOf(command);
      const giveUpAt = Date.now() + readSeconds(flags.timeout) * 1000;
      const id = await submit(api, text, flags);
      const tell = flags.json ? () => undefined : (line: string) => print(command, line);
      const message = await watch(api, { id, from: flags.from, giveUpAt, tell });
      if (flags.json) show(command, message, String);
      judge(message);
    });
}

async function submit(api: ApiClient, text: string, flags: SendFlags): Promise<string> {
  const { from, to, gateway, sender, maxmsgs, binary, udh, pid, dcs, reply, value: values } = flags;
  const { expireMinutes, warningMinutes, idempotencyKey } = flags;
  const options = { gateway, sender, maxmsgs, binary, udh, pid, dcs, reply, values, expireMinutes, warningMinutes };
  const headers = idempotencyKey === undefined ? undefined : { 'idempotency-key': idempotencyKey };
  const body = { from, to: [to], text, ...options };
  const { ids } = await api.post<{ ids: readonly string[] }>('/messages', body, headers);
  const [id] = ids;
  if (id === undefined) throw new CliError('NO_API', 'the server took the text and gave it no id');
  return id;
}

interface Watched {
  readonly id: string;
  readonly from: string;
  readonly giveUpAt: number;
  readonly tell: (line: string) => void;
}

async function watch(api: ApiClient, { id, from, giveUpAt, tell }: Watched): Promise<Message> {
  for (let before: string | undefined; ; await wait(LOOK_EVERY_MS)) {
    const message = await api.get<Message>(pathOf('messages', id));
    if (message.state !== before) tell(`${id}  ${await stepOf(api, message, from)}`);
    if (ended.includes(message.state) || Date.now() >= giveUpAt) return message;
    before = message.state;
  }
}

async function stepOf(api: ApiClient, { state, gateway, error }: Message, from: string): Promise<string> {
  const reason = error === null ? '' : `: ${printable(error)}`;
  if (state === 'offered') return `offered to ${await phoneOf(api, from)}${reason}`;
  return `${state}${gateway === null ? '' : ` (${gateway})`}${reason}`;
}

async function phoneOf(api: ApiClient, address: string): Promise<string> {
  const elected = await api.get<{ deviceId: string | null } | null>(pathOf('users', address, 'gateway'));
  return elected?.deviceId ?? 'the phone';
}

function judge({ id, state, error }: Message): void {
  if (succeeded.includes(state)) return;
  const reason = error === null ? '' : `: ${printable(error)}`;
  const outcome = ended.includes(state) ? `ended as ${state}` : `is still ${state}; the server goes on`;
  throw new CliError('NOT_DONE', `the message ${id} ${outcome}${reason}`);
}

function readNumber(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number))
    throw new CliError('WRONG_USAGE', 'parts, minutes, --pid and --dcs are numbers');
  return number;
}

function readSeconds(value: string): number {
  const seconds = Number(value);
  if (!(seconds >= 0 && seconds <= 86_400)) throw new CliError('WRONG_USAGE', '--timeout is a number of seconds');
  return seconds;
}
