// `easms doctor`: what would keep a text from going out today. It only looks: nothing is sent and nothing is set.

import type { Command } from 'commander';
import { systemClock } from '../modem/clock.js';
import { listSerialDevices } from '../modem/device-name.js';
import { openPort } from '../modem/port.js';
import { probeModem } from '../modem/probe.js';
import { type ApiClient, listAll, pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { CliError } from './errors.js';
import { print, printable } from './print.js';

interface Finding {
  readonly about: string;
  readonly isWell: boolean;
  readonly says: string;
}

interface Gateway {
  readonly id: string;
  readonly type: string;
  readonly active: boolean;
  readonly health: string;
  readonly lastError: string | null;
}

interface Flags {
  readonly device?: string;
  readonly baudRate?: string;
  readonly trace?: boolean;
}

export function doctorCommand(): Command {
  return apiCommand(
    'doctor',
    'what would keep a text from going out today: the server and its database, clock and certificates, gateways, modems',
  )
    .option('--device <device>', 'look at a modem that no gateway has open: /dev/ttyUSB0, COM3, tcp:host:port')
    .option('--baud-rate <rate>', 'of its serial port (default: 115200)')
    .option('--trace', 'show what it is asked and answers, without numbers and texts')
    .action(async (flags: Flags, command: Command) => {
      const findings = await (flags.device === undefined
        ? lookAtServer(clientOf(command))
        : lookAtDevice(flags.device, flags, command));
      show(command, { findings }, inWords);
      const bad = findings.filter(({ isWell }) => !isWell).length;
      if (bad > 0) throw new CliError('NOT_DONE', bad === 1 ? 'one thing is not well' : `${bad} things are not well`);
    });
}

function inWords({ findings }: { findings: readonly Finding[] }): string {
  return findings
    .map(({ about, isWell, says }) => printable(`${isWell ? 'ok ' : 'BAD'}  ${about}: ${says}`))
    .join('\n');
}

function lookAtDevice(device: string, { baudRate, trace }: Flags, command: Command): Promise<readonly Finding[]> {
  if (baudRate !== undefined && !/^\d{3,6}$/.test(baudRate))
    throw new CliError('WRONG_USAGE', 'a baud rate is a number such as 115200');
  return probeModem(
    { openPort, listDevices: listSerialDevices, clock: systemClock },
    {
      device,
      ...(baudRate !== undefined && { baudRate: Number(baudRate) }),
      ...(trace === true && { onLine: (line: string) => print(command, line) }),
    },
  );
}

async function lookAtServer(api: ApiClient): Promise<readonly Finding[]> {
  const gateways = await listAll<Gateway>(api, '/gateways');
  const answers = { about: 'server', isWell: true, says: `${api.server} answers, and reads its store` };
  const { findings } = await api.get<{ findings: readonly Finding[] }>('/findings');
  const server = [answers, ...findings];
  const active = gateways.filter((gateway) => gateway.active);
  if (active.length === 0)
    return [...server, { about: 'gateways', isWell: true, says: 'none is active: phones alone carry texts' }];
  const found = await Promise.all(active.map((gateway) => lookAtGateway(api, gateway)));
  return [...server, ...found.flat()];
}

async function lookAtGateway(api: ApiClient, gateway: Gateway): Promise<readonly Finding[]> {
  const { id, type, health, lastError } = gateway;
  const isWell = health !== 'down';
  const says = `is ${health}${lastError === null || health === 'up' ? '' : `: ${lastError}`}`;
  const itself = { about: `gateway ${id}`, isWell, says };
  if (type !== 'gsm-modem') return [itself];
  const { findings } = await api.get<{ findings: readonly Finding[] }>(pathOf('gateways', id, 'modem'));
  return [itself, ...findings.map((finding) => ({ ...finding, about: `gateway ${id}, ${finding.about}` }))];
}
