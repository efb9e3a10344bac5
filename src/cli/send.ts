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

interface SendFlags extends ApiFlags {
  readonly from: string;
  readonly to: string;
  readonly gateway?: string;
  readonly timeout: string;
}

const ended: readonly string[] = ['sent', 'delivered', 'failed', 'expired', 'unknown'];
const succeeded: readonly string[] = ['sent', 'delivered'];
const LOOK_EVERY_MS = 50;

export function sendCommand(): Command {
  return apiCommand('send', 'send one text and watch it until its end')
    .argument('<text>')
    .requiredOption('--from <address>', 'the user who sends')
    .requiredOption('--to <number>', 'the recipient')
    .option('--gateway <id>', 'through this gateway and no other')
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

async function submit(api: ApiClient, text: string, { from, to, gateway }: SendFlags): Promise<string> {
  const { ids } = await api.post<{ ids: readonly string[] }>('/messages', {
    from,
    to: [to],
    text,
    ...(gateway !== undefined && { gateway }),
  });
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

function readSeconds(value: string): number {
  const seconds = Number(value);
  if (!(seconds >= 0 && seconds <= 86_400)) throw new CliError('WRONG_USAGE', '--timeout is a number of seconds');
  return seconds;
}
