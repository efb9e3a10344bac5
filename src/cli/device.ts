// `easms device …`: the phones that sync, whether they may, and whether they are to be wiped.

import { Command, Option } from 'commander';
import { listAll, pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
import { deviceRulesCommand } from './device-rules.js';
import { sheet, table } from './print.js';

interface Device {
  readonly user: string;
  readonly deviceId: string;
  readonly type: string;
  readonly model: string | null;
  readonly state: string;
  readonly enableOutboundSms: boolean;
  readonly phoneNumber: string | null;
  readonly activeGateway: boolean;
  readonly lastOutboxSync: string | null;
  readonly wipe: string;
  readonly wipeSentAt: string | null;
  readonly wipedAt: string | null;
  readonly wipeDeliverable: boolean | null;
}

export function deviceCommand(): Command {
  return new Command('device')
    .description('the phones that sync, and whether they may')
    .addCommand(list())
    .addCommand(showOne())
    .addCommand(setState('allow', 'allowed', 'let a device sync'))
    .addCommand(setState('block', 'blocked', 'refuse a device'))
    .addCommand(setState('quarantine', 'quarantined', 'let a device see nothing but the notice'))
    .addCommand(decideNothing())
    .addCommand(wipe())
    .addCommand(deviceRulesCommand())
    .addCommand(skipped())
    .addCommand(remove());
}

function list(): Command {
  return apiCommand('list', 'all devices, or those of one user')
    .option('--user <address>', 'of this user only')
    .action(async ({ user }: { user?: string }, command: Command) => {
      const path = user === undefined ? '/devices' : `/devices?user=${encodeURIComponent(user)}`;
      const devices = await listAll<Device>(clientOf(command), path);
      show(command, devices, () =>
        table(devices, ['user', 'deviceId', 'state', 'enableOutboundSms', 'activeGateway', 'lastOutboxSync', 'model']),
      );
    });
}

function showOne(): Command {
  return deviceAction(apiCommand('show', 'one device'), async (path, command) => {
    show(command, await clientOf(command).get<Device>(path), sheet);
  });
}

function setState(name: string, state: string, description: string): Command {
  return deviceAction(apiCommand(name, description), async (path, command) => {
    const device = await clientOf(command).patch<Device>(path, { state });
    show(command, device, () => `${device.deviceId} of ${device.user} is ${device.state}`);
  });
}

function decideNothing(): Command {
  const usage = apiCommand('undecide', 'let the rules and the default decide on a device again');
  return deviceAction(usage, async (path, command) => {
    const device = await clientOf(command).patch<Device>(path, { state: null });
    show(command, device, () => `${device.deviceId} of ${device.user} is ${device.state}`);
  });
}

function wipe(): Command {
  const usage = apiCommand('wipe', 'have a device delete all its data the next time it comes')
    .addOption(new Option('--account', 'the account and its data only (protocol version 16.1)').conflicts('cancel'))
    .option('--cancel', 'take the order back, as long as the device was not told');
  return deviceAction(usage, async (path, command) => {
    const { account, cancel } = command.opts<{ account?: boolean; cancel?: boolean }>();
    const ordered = cancel ? 'none' : account ? 'account' : 'device';
    const device = await clientOf(command).patch<Device>(path, { wipe: ordered });
    show(command, device, () => wipeInWords(device));
  });
}

function wipeInWords({ deviceId, user, wipe, wipeSentAt, wipedAt, wipeDeliverable }: Device): string {
  const name = `${deviceId} of ${user}`;
  const sent = wipedAt ?? wipeSentAt;
  if (wipe === 'none' && sent === null) return `${name} is not to be wiped`;
  if (wipe === 'none') return `the order is taken back, but ${name} had it at ${sent}: it may have wiped itself`;
  if (wipeDeliverable === false)
    return `${name} speaks a version that cannot wipe its account alone: it is refused instead, and not wiped`;
  return `${name} is told to delete ${wipe === 'account' ? 'the account' : 'all its data'} the next time it comes`;
}

interface Skipped {
  readonly itemId: string;
  readonly folder: string;
  readonly reason: string;
  readonly at: string;
}

function skipped(): Command {
  const command = apiCommand('skipped', 'items that a device was not given, and why');
  return deviceAction(command, async (path, command) => {
    const items = await listAll<Skipped>(clientOf(command), `${path}/skipped`);
    show(command, items, () => table(items, ['itemId', 'folder', 'at', 'reason']));
  });
}

function remove(): Command {
  return deviceAction(apiCommand('delete', 'forget a device; it may come back as a new one'), async (path, command) => {
    await clientOf(command).delete(path);
    show(command, {}, () => 'the device is deleted');
  });
}

function deviceAction(command: Command, act: (path: string, command: Command) => Promise<void>): Command {
  return command
    .argument('<address>')
    .argument('<device-id>')
    .action((address: string, deviceId: string) => act(pathOf('devices', address, deviceId), command));
}
