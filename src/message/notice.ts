// The two info mails of the device gateway manager.

import type { Transaction } from '../store/session.js';
import type { Device, User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { deliverLetter } from './letter.js';

export interface Notice {
  user: User;
  now: number;
}

/** A phone was elected, the first one or in place of another. */
export function* announceGateway(tx: Transaction, { user, device, now }: Notice & { device: Device }): Steps<void> {
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

/** What a quarantined device shows its user instead of the mailbox. */
export function quarantineNotice(device: Device): { subject: string; text: string } {
  return {
    subject: 'This device is not allowed yet',
    text:
      `Your mailbox is not shown on ${describe(device)} until an administrator allows this device.\n` +
      'Nothing is lost: everything appears here by itself as soon as it is allowed.\n',
  };
}

function describe({ friendlyName, model, type, deviceId }: Device): string {
  return `${friendlyName ?? model ?? type} (device ${deviceId})`;
}
