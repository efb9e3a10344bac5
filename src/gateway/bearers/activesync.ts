// The elected phone of a user as a bearer: a text is offered in the phone's Outbox, and the phone fetches, sends and
// confirms it in its own time.

import { writeMobileAddress } from '../../sms/mobile-address.js';
import { endAttempt } from '../../store/attempts.js';
import { offerText, withdrawText } from '../../store/outbox.js';
import type { Transaction } from '../../store/session.js';
import type { Device, User } from '../../store/tables.js';
import type { Steps } from '../../store/transaction.js';
import { getUserRow } from '../../store/users.js';
import type { Accepted, Bearer, Handover, Withdrawal } from '../bearer.js';
import { SubmitError } from '../errors.js';
import { getPhone } from '../phone.js';
import type { GatewayServices } from '../services.js';

export interface PhoneLine {
  /** As shown. */
  id: string;
  /** Whose elected phone. */
  userId: number;
  /** Only while this device is the elected one. */
  deviceRow?: number;
}

/** Texts are offered by transactions of the store: this many share one commit. */
const concurrency = 100;

export function openActivesync(services: Pick<GatewayServices, 'store' | 'now'>, line: PhoneLine): Bearer {
  return {
    id: line.id,
    concurrency,
    submit: (handover) => services.store.transact((tx) => offer(tx, { ...line, services, handover })),
    withdraw: withdrawOffer,
    close: async () => undefined,
  };
}

interface Offering extends PhoneLine {
  services: Pick<GatewayServices, 'store' | 'now'>;
  handover: Handover;
}

function* offer(tx: Transaction, { id, userId, deviceRow, services, handover }: Offering): Steps<Accepted> {
  const now = services.now();
  const phone = yield* getPhone(tx, services.store, { userId, now });
  const isReady = phone && phone.obstacle === undefined && (deviceRow ?? phone.device.id) === phone.device.id;
  if (!isReady) throw new SubmitError('NO_PHONE', id);
  if (!(yield* handover.begin(tx))) return { outcome: 'left' };
  const owner = yield* getUserRow(tx, userId);
  const { message } = handover;
  const from = addressOf(phone.device, owner);
  const to = writeMobileAddress({ number: message.recipient });
  const isOffered = yield* offerText(tx, { message, device: phone.device, from, to, now });
  return { outcome: isOffered ? 'offered' : 'left' };
}

function addressOf(device: Device, owner: User | undefined): string {
  const number = device.phoneNumber ?? owner?.phoneNumber ?? undefined;
  return writeMobileAddress({ name: owner?.displayName ?? undefined, number });
}

/** Takes a text back from any phone's Outbox. */
export function* withdrawOffer(tx: Transaction, { message, reason, now }: Withdrawal): Steps<boolean> {
  if (!(yield* withdrawText(tx, message))) return false;
  yield* endAttempt(tx, message.id, { outcome: 'withdrawn', reason, now, gateway: message.gateway });
  return true;
}
