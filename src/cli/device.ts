// `easms device …`: the phones that sync, and whether they may.

import { Command } from 'commander';
import { listAll, pathOf } from './api-client.js';
import { apiCommand, clientOf, show } from './api-command.js';
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
}

export function deviceCommand(): Command {
  return new Command('device')
    .description('the phones that sync, and whether they may')
    .addCommand(list())
    .addCommand(showOne())
    .addCommand(setState('allow', 'allowed', 'let a device sync'))
    .addCommand(setState('block', 'blocked', 'refuse a device'))
    .addCommand(setState('quarantine', 'quarantined', 'let a device see nothing but the notice'))
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
