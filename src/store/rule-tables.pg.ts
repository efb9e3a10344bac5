// The rules of the administrator and what they bring about outside, as PostgreSQL keeps them. Twin: rule-tables.sqlite.ts.

import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { SealedDocument } from './secrets.js';
import { effectKinds, effectStates, type EffectDocument, ruleDirections, type RulePart } from './states.js';

export const rules = pgTable(
  'rules',
  {
    id: text('id').primaryKey(),
    direction: text('direction', { enum: ruleDirections }).notNull(),
    // From 0, without gaps, in each direction.
    position: integer('position').notNull(),
    title: text('title').notNull(),
    enabled: boolean('enabled').notNull(),
    conditions: jsonb('conditions').$type<RulePart[]>().notNull(),
    // Sealed whole; plain in what an older version wrote.
    actions: jsonb('actions').$type<RulePart[] | SealedDocument>().notNull(),
  },
  (t) => [index('rules_position').on(t.direction, t.position)],
);

// What an action of a rule is to bring about beside the message: written with the message, done afterwards.
export const effects = pgTable(
  'effects',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    direction: text('direction', { enum: ruleDirections }).notNull(),
    // Of the outgoing message, or of the incoming text.
    messageId: text('message_id').notNull(),
    userId: bigint('user_id', { mode: 'number' }),
    // Its title, as it was then.
    rule: text('rule').notNull(),
    kind: text('kind', { enum: effectKinds }).notNull(),
    document: jsonb('document').$type<EffectDocument>().notNull(),
    // The number that a text goes to: a rule that answers answers is found by it.
    target: text('target'),
    // How many rules, forwards and gateways the message has behind it.
    hops: integer('hops').notNull(),
    state: text('state', { enum: effectStates }).notNull().default('waiting'),
    attempts: integer('attempts').notNull().default(0),
    // From when on nobody knows whether it was done, until somebody does.
    begunAt: bigint('begun_at', { mode: 'number' }),
    error: text('error'),
    // Absent when it is over.
    dueAt: bigint('due_at', { mode: 'number' }),
    createdAt: bigint('created_at', { mode: 'number' }).notNull(),
    finishedAt: bigint('finished_at', { mode: 'number' }),
  },
  (t) => [
    index('effects_due')
      .on(t.dueAt)
      .where(sql`due_at is not null`),
    index('effects_target')
      .on(t.target, t.createdAt)
      .where(sql`target is not null`),
    index('effects_state').on(t.state, t.id),
  ],
);
