// The contract between dispatch and whatever can carry a text: the elected phone, a modem, a provider, the loopback.
//
// Who owns the message
// - Until `begin` or `beginSending` has answered true, the dispatcher owns it: it is claimed for this dispatcher and may
//   be routed elsewhere. A bearer that waits for its turn (a port, a connection) waits here. Either answers false also
//   where the message expired meanwhile or the limits of the gateway are reached.
// - A bearer MUST have seen `beginSending` answer true before the first octet leaves this machine. The attempt is then
//   on disk: from here on the bearer owns the message until `submit` settles.
// - A bearer that hands over through the store (a phone fetches the text later) MUST run `begin` in the transaction that
//   writes what it hands over, before anything else that transaction writes.
// - Where either answers false, somebody else has the message: the bearer MUST leave it alone and answer `left`.
//
// What `submit` comes to
// - `sent`: whoever is next took the text and said so. `offered`: the text lies where it will be fetched; the word that it
//   was sent comes as a confirmation, and `withdraw` takes it back until then.
// - `sent` with `references`: delivery reports will name the text so. They may come before `submit` has settled.
// - SubmitError `refused`: for good. Asking this bearer again MUST be pointless.
// - SubmitError `try-later`: the bearer MUST be sure that nothing was sent. The message is routed again, maybe elsewhere.
//   With `retryAfterSeconds` this gateway gets nothing before that.
// - SubmitError `unknown`, and any other error after the attempt began: it may have been sent. It is never repeated by
//   itself and the sender is told. In doubt a bearer MUST choose this one: two texts are worse than a question.
// - `submit` MUST settle in bounded time, and MUST NOT repeat a text by itself. After two hours it is given up as unknown.
//
// A bearer that knows by itself whether it can carry anything (a modem without a network) SHOULD say so on the switchboard,
// topic `line`: as long as it has an obstacle it is given nothing, and what waited for it goes elsewhere.
//
// At the end
// - When `signal` aborts, `submit` SHOULD settle soon: `try-later` if it is sure that nothing was sent, else `unknown`. The
//   dispatcher does not wait: what is still in flight then is recorded as unknown.
// - After a crash, what was claimed only is free at once; what a bearer had begun to send is recorded as
//   unknown. What lies in a phone's Outbox or was fetched from it stays as it is.
// - A `sent` that comes late, after unknown was recorded, still counts.
// - `close` MUST be harmless when repeated and SHOULD NOT wait for anything in flight.
//
// Errors and log lines of a bearer MUST NOT contain numbers or texts.

import type { Transaction } from '../store/session.js';
import type { Message } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';

export interface Handover {
  readonly message: Message;
  /** For bearers that hand over through the store. */
  readonly begin: (tx: Transaction) => Steps<boolean>;
  /** For bearers that hand over to the outside. */
  readonly beginSending: () => Promise<boolean>;
  readonly signal: AbortSignal;
}

/** What the next one calls the text, or one part of it: its delivery reports name it so. */
export interface BearerReferenceGiven {
  reference: string;
  /** Counted from 0; absent for a text that was handed over whole. */
  part?: number;
}

export interface Accepted {
  outcome: 'sent' | 'offered' | 'left';
  references?: readonly BearerReferenceGiven[];
}

export interface Withdrawal {
  message: Message;
  /** In words, for the attempt. */
  reason: string;
  now: number;
}

export interface UssdAnswer {
  text: string;
  /** The network waits for a choice, which is sent as the next code. */
  expectsReply: boolean;
}

/** What an administrator should know of a line. */
export interface LineFinding {
  readonly about: string;
  /** False where it keeps texts from going or coming. */
  readonly isWell: boolean;
  readonly says: string;
}

export interface Bearer {
  /** As shown: the gateway's id, or `activesync:<DeviceId>`. */
  readonly id: string;
  /** How many messages it takes at a time. */
  readonly concurrency: number;
  /**
   * It begins each message at once: the attempt is then written with the claim, and `beginSending` answers true without
   * another commit. Not for one that may find that its line is not ready.
   */
  readonly beginsAtOnce?: boolean;
  submit(handover: Handover): Promise<Accepted>;
  /** Codes such as *100#, where the bearer is a modem. Throws LineError. */
  readonly dialUssd?: (code: string) => Promise<UssdAnswer>;
  /** How its line is, where the bearer is a modem. */
  readonly examine?: () => Promise<LineFinding[]>;
  /** Takes an offered text back. False when it is too late: it was fetched. Only where `submit` may answer `offered`. */
  readonly withdraw?: (tx: Transaction, withdrawal: Withdrawal) => Steps<boolean>;
  close(): Promise<void>;
}
