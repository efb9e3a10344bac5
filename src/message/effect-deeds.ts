// What each kind of effect is when it is done, and how it may end.

import type { Logger } from 'pino';
import type { HttpCaller } from '../hooks/http-call.js';
import type { StatementExecutor } from '../hooks/sql/execute.js';
import { isOnceOnly } from '../store/effects.js';
import type { Transaction } from '../store/session.js';
import type { EffectKind } from '../store/states.js';
import type { Effect } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { callUrl } from './effect-url.js';
import { forwardToPhone } from './effect-forward.js';
import { mailOut } from './effect-mail.js';
import { moveIntoFolder } from './effect-move.js';
import { executeStatement } from './effect-sql.js';
import { runProgramOfRule } from './effect-program.js';
import { sendText } from './effect-text.js';
import { tellWebhook } from './effect-webhook.js';
import type { MessageServices } from './submit.js';

export { isOnceOnly };

export interface EffectServices extends MessageServices {
  readonly log: Logger;
  readonly caller: HttpCaller;
  readonly statements: StatementExecutor;
  /** Whether mail to other domains can leave. */
  readonly hasRelay: boolean;
  /** From 0 to below 1; spreads retries. */
  readonly random?: () => number;
}

/** What came of one attempt. Sentences name no number and repeat no text. */
export type Came =
  /** `alongside` is part of the commit that ends it: what it does is done once, with the row. */
  | { state: 'done'; alongside?: (tx: Transaction) => Steps<void> }
  | { state: 'failed' | 'unknown'; error: string }
  /** Not done for certain. */
  | { state: 'again'; error: string; retryAfterSeconds?: number | undefined };

/** Never rejects for what the other side does. */
export type Deed = (services: EffectServices, effect: Effect, signal: AbortSignal) => Promise<Came>;

export const deeds: Readonly<Record<EffectKind, Deed>> = {
  mail: mailOut,
  text: sendText,
  forward: forwardToPhone,
  move: moveIntoFolder,
  program: runProgramOfRule,
  url: callUrl,
  webhook: tellWebhook,
  sql: executeStatement,
};
