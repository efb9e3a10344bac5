// What rules decide about one message.

import type { ActionType } from './rule.js';
import type { TrafficMessage } from './traffic.js';

export interface Outcome {
  readonly verdict: Verdict;
  /** As the rules left it. */
  readonly message: TrafficMessage;
  /** Outgoing: what the rules left of To. */
  readonly destination: Destination;
  /**
   * Outgoing: the gateway that this message is pinned to, by a rule or before. It is named by `@…` of To only where a
   * rule matched; where none did, that part is ignored, as the message's own `gateway` stands.
   */
  readonly gateway: string | undefined;
  /** 1 is the highest, 5 the lowest; undefined where no rule set it. */
  readonly priority: number | undefined;
  /** What is done outside afterwards, in this order; also where the message is rejected or deleted. */
  readonly effects: readonly Effect[];
  /** Titles of the rules that matched. */
  readonly matched: readonly string[];
  /** Incoming: a rule forwarded or moved it, so it is not delivered to the gateway's own recipients. */
  readonly isPlaced: boolean;
  /** Too many hops: no rule was tried. Outgoing messages are rejected; incoming ones are accepted as they are. */
  readonly isLooping: boolean;
  /** Of each rule; empty unless it was asked for. */
  readonly trace: readonly RuleTrace[];
}

export type Verdict =
  | { readonly kind: 'accept' }
  /** The reason goes to the sender. */
  | { readonly kind: 'reject'; readonly reason: string }
  | { readonly kind: 'delete' };

/** `number[@gatewayId][&name=value…]`, read. */
export interface Destination {
  readonly number: string;
  readonly gateway: string | undefined;
  /** `sender`, `maxmsgs` and others; decoded, names in lower case. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** Values are final: variables are filled in and escaped for where they stand. */
export type Effect = EffectOrigin & EffectDeed;

export interface EffectOrigin {
  /** Title of the rule. */
  readonly rule: string;
  /** As it was when the action was reached: earlier header edits show, later ones do not. */
  readonly message: TrafficMessage;
  /** Of whatever message this makes. */
  readonly hops: number;
}

export type EffectDeed =
  | { readonly type: 'forward' | 'copy'; readonly to: readonly string[] }
  | { readonly type: 'send'; readonly to: readonly string[]; readonly text: string; readonly subject: string }
  /** Of this user, or of everybody the message is delivered to. */
  | { readonly type: 'move'; readonly folder: string; readonly address: string | undefined }
  | { readonly type: 'program'; readonly program: string; readonly arguments: readonly string[] }
  | { readonly type: 'url'; readonly url: string }
  | ({ readonly type: 'sql'; readonly connection: string } & SqlCall)
  | { readonly type: 'webhook'; readonly url: string };

export interface SqlCall {
  /** The statement's pieces: between each two stands the mark of one parameter, `?` or `$1` as the database writes it. */
  readonly pieces: readonly string[];
  readonly parameters: readonly string[];
}

export interface RuleTrace {
  /** From 1, as administrators count. */
  readonly position: number;
  readonly title: string;
  readonly state: 'matched' | 'not-matched' | 'disabled' | 'not-reached';
  /** The condition that decided against the rule, in words; of a disabled rule that would match, undefined. */
  readonly because?: string | undefined;
  readonly deeds: readonly Deed[];
}

export interface Deed {
  readonly action: ActionType;
  readonly isDone: boolean;
  /** What it did, or why it was skipped, in words. */
  readonly words: string;
}
