// What the server tells people about their phones: the two info mails of the device gateway manager, who may sync and who
// waits for it, and what became of a wipe.

import type { StateChange } from '../accounts/device-state.js';
import type { Transaction } from '../store/session.js';
import type { Device, User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { getAdministrators } from '../store/users.js';
import { deliverLetter } from './letter.js';

export interface Notice {
  user: User;
  now: number;
}

type DeviceNotice = Notice & { device: Device };

/** A phone was elected, the first one or in place of another. */
export function* announceGateway(tx: Transaction, { user, device, now }: DeviceNotice): Steps<void> {
  yield* deliverLetter(tx, {
    to: user,
    subject: 'New SMS gateway is set',
    text: `Your text messages are sent through ${describe(device)} from now on.\n`,
    now,
  });
}

/** The elected phone is no longer valid, and no other is. */
export function* announceNoGateway(tx: Transaction, { user, now }: Notice): Steps<void> {
  yield* deliverLetter(tx, {
    to: user,
    subject: 'No SMS gateway is set',
    text:
      'The phone that sent your text messages no longer does, and none of your other phones can take its place.\n' +
      'Your texts wait for a phone or go out through another gateway, if there is one.\n',
    now,
  });
}

/** A device waits for an administrator, or need not wait any longer. Other changes of state are told to nobody. */
export function* announceStateChange(tx: Transaction, change: StateChange): Steps<void> {
  const { user, device, before, now } = change;
  if (device.state === 'quarantined') yield* announceQuarantine(tx, change);
  if (device.state === 'allowed' && before === 'quarantined')
    yield* deliverLetter(tx, {
      to: user,
      subject: 'A phone may now sync',
      text: `${describe(device)} was let in and syncs from now on.\n\n${particulars({ user, device })}`,
      now,
    });
}

function* announceQuarantine(tx: Transaction, { user, device, now }: DeviceNotice): Steps<void> {
  const waits = `${describe(device)} wants to sync and waits until an administrator has let it in.`;
  const words = [user.address, device.deviceId].map(shellWord).join(' ');
  yield* tellBoth(tx, {
    ...{ user, device, now },
    subject: 'A phone waits to be let in',
    toUser: `${waits}\nIs it yours? Then ask your administrator to let it in. If it is not, change your password.`,
    toAdministrator:
      `${waits}\nUntil then it sees nothing but a notice. To let it in or keep it out:\n` +
      ['allow', 'block'].map((what) => `  easms device ${what} ${words}`).join('\n'),
  });
}

/** What a quarantined device shows its user instead of the mailbox. */
export function quarantineNotice(device: Device): { subject: string; text: string } {
  return {
    subject: 'This device is not allowed yet',
    text:
      `Your mailbox is not shown on ${describe(device)} until an administrator allows this device.\n` +
      'Nothing is lost: everything appears here by itself as soon as it is allowed.\n',
  };
}

/** The device says that it has wiped itself, or its account. */
export function* announceWiped(tx: Transaction, notice: DeviceNotice): Steps<void> {
  const { device } = notice;
  const what = device.wipe === 'account' ? 'the account and its data on it' : 'all data on it';
  const after =
    device.wipe === 'none'
      ? 'The wipe had been cancelled after the phone was told of it: it was carried out all the same.'
      : 'The phone stays out until an administrator allows it again.';
  const told = `${describe(device)} reports that it has deleted ${what}.\n${after}`;
  yield* tellBoth(tx, { ...notice, subject: 'A phone was wiped', toUser: told, toAdministrator: told });
}

/** The device says that it could not do it. */
export function* announceWipeFailed(tx: Transaction, notice: DeviceNotice): Steps<void> {
  const told =
    `${describe(notice.device)} reports that it could not delete its data.\n` +
    'The wipe stays requested, and the phone is told again whenever it comes. Count what is on it as lost to whoever has it.';
  yield* tellBoth(tx, { ...notice, subject: 'A phone could not be wiped', toUser: told, toAdministrator: told });
}

interface Told extends DeviceNotice {
  subject: string;
  toUser: string;
  toAdministrator: string;
}

// A user who is an administrator gets what administrators get, and only that.
function* tellBoth(tx: Transaction, { user, device, now, subject, toUser, toAdministrator }: Told): Steps<void> {
  const administrators = yield* getAdministrators(tx);
  const letter = (text: string) => ({ subject, text: `${text}\n\n${particulars({ user, device })}`, now });
  if (!administrators.some(({ id }) => id === user.id)) yield* deliverLetter(tx, { to: user, ...letter(toUser) });
  for (const to of administrators) yield* deliverLetter(tx, { to, ...letter(toAdministrator) });
}

function particulars({ user, device }: Pick<DeviceNotice, 'user' | 'device'>): string {
  const lines = {
    User: user.address,
    Type: device.type,
    Model: device.model,
    'User agent': device.userAgent,
    DeviceId: device.deviceId,
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}: ${value === null ? 'not told' : plain(value)}\n`)
    .join('');
}

function describe({ friendlyName, model, type, deviceId }: Device): string {
  return `${plain(friendlyName ?? model ?? type)} (device ${plain(deviceId)})`;
}

// What a device says of itself is one short line, whatever it says.
function plain(said: string): string {
  return said.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, longestSaid);
}

const longestSaid = 200;

// The device chooses its id, and somebody may paste the line into a shell.
function shellWord(word: string): string {
  return /^[\w.@+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
