// One message on trial as a request says it, and what rules would make of it.

import { type Static, Type } from 'typebox';
import type { Effect, Outcome } from '../../rules/outcome.js';
import type { TriedMessage } from '../../message/rule-trial.js';
import { HttpError } from '../errors.js';
import { instant, line, orNull, strictObject } from './api.js';

const header = strictObject({ name: line(), value: line(2_000) });

const triedMessage = {
  from: line(),
  to: line(2_000),
  text: Type.Optional(Type.String({ maxLength: 65_536, description: 'base64 of the octets where binary is true' })),
  subject: Type.Optional(line(1_000)),
  gateway: Type.Optional(line()),
  binary: Type.Optional(Type.Boolean()),
  authenticated: Type.Optional(Type.Boolean({ description: 'else whether `from` is a user here' })),
  headers: Type.Optional(Type.Array(header, { maxItems: 100 })),
  at: Type.Optional(Type.String({ maxLength: 64, description: 'an instant, such as 2026-11-30T12:00:00Z; else now' })),
};
export const triedBody = strictObject(triedMessage);

/** Throws HttpError BAD_FIELD. */
export function readTried(body: Static<typeof triedBody>): TriedMessage {
  const { from, to, text = '', subject, gateway, binary, authenticated, headers, at: written } = body;
  const at = written === undefined ? undefined : Date.parse(written);
  if (Number.isNaN(at)) throw new HttpError('BAD_FIELD', 'at');
  return { from, to, text, subject, gateway, isBinary: binary, isAuthenticated: authenticated, headers, at };
}

const deed = Type.Object({ action: Type.String(), done: Type.Boolean(), words: Type.String() });

export const outcomeResource = Type.Object({
  verdict: Type.Enum(['accept', 'reject', 'delete']),
  reason: orNull(Type.String({ description: 'what the sender is told' })),
  matched: Type.Array(Type.String({ description: 'titles of the rules that matched' })),
  gateway: orNull(Type.String({ description: 'that carries it alone; null for any' })),
  priority: orNull(Type.Integer({ description: '1 is the highest, 5 the lowest; null where no rule says it' })),
  placed: Type.Boolean({ description: 'a rule sent it elsewhere: the gateway does not deliver it' }),
  message: Type.Object({
    from: Type.String(),
    to: Type.String(),
    subject: Type.String(),
    text: Type.String(),
    headers: Type.Array(header),
  }),
  effects: Type.Array(
    Type.Unknown({ description: 'what would be done outside, with the values of the message in it' }),
  ),
  trace: Type.Array(
    Type.Object({
      position: Type.Integer({ description: 'from 1' }),
      title: Type.String(),
      state: Type.Enum(['matched', 'not-matched', 'disabled', 'not-reached']),
      because: orNull(Type.String({ description: 'what decided against it' })),
      deeds: Type.Array(deed),
    }),
  ),
  at: Type.Optional(instant),
});

export function writeOutcome(outcome: Outcome): Static<typeof outcomeResource> {
  const { verdict, matched, gateway = null, priority = null, isPlaced, message, effects, trace } = outcome;
  return {
    verdict: verdict.kind,
    reason: verdict.kind === 'reject' ? verdict.reason : null,
    matched: [...matched],
    gateway,
    priority,
    placed: isPlaced && message.direction === 'incoming',
    message: {
      from: message.from,
      to: message.to,
      subject: message.subject,
      text: message.body,
      headers: message.headers.map(({ name, value }) => ({ name, value })),
    },
    effects: effects.map(writeEffect),
    trace: trace.map(({ position, title, state, because = null, deeds }) => ({
      ...{ position, title, state, because },
      deeds: deeds.map(({ action, isDone: done, words }) => ({ action, done, words })),
    })),
  };
}

function writeEffect({ message: _message, hops: _hops, ...effect }: Effect): Record<string, unknown> {
  return effect;
}
