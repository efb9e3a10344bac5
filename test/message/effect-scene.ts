// What rules bring about, before a server elsewhere that answers as it is told.

import type { ExecutionContext } from 'ava';
import pino from 'pino';
import type { HttpCall, HttpCaller, HttpReply } from '../../src/hooks/http-call.js';
import { StatementExecutor } from '../../src/hooks/sql/execute.js';
import { EffectDelivery } from '../../src/message/effect-delivery.js';
import type { EffectServices } from '../../src/message/effect-deeds.js';
import { saveRules } from '../../src/message/rule-list.js';
import type { Action, Rule } from '../../src/rules/rule.js';
import { listEffects } from '../../src/store/effects.js';
import { defaultSettings, type RuleSettings } from '../../src/store/settings.js';
import type { Effect } from '../../src/store/tables.js';
import { run } from '../../src/store/transaction.js';
import { openStage, type Stage } from '../gateway/stage.js';

/** Answers as it is told, and keeps what it was asked. */
export class Elsewhere implements HttpCaller {
  readonly calls: HttpCall[] = [];
  answer: () => Promise<Partial<HttpReply>> = async () => ({});

  async call(call: HttpCall): Promise<HttpReply> {
    this.calls.push(call);
    const reply = { status: 200, headers: {}, body: new Uint8Array(), isWhole: true, retryAfterSeconds: undefined };
    return { ...reply, ...(await this.answer()) };
  }

  async close(): Promise<void> {}
}

export interface Scene {
  stage: Stage;
  elsewhere: Elsewhere;
  delivery: EffectDelivery;
  services: EffectServices;
}

export async function open(
  t: ExecutionContext,
  given: { stage?: Stage; rules?: Partial<RuleSettings>; hasRelay?: boolean } = {},
) {
  const stage = given.stage ?? (await openStage());
  await stage.addGateway('loop');
  const webhooks = { ...defaultSettings.webhooks, jitter: 0, giveUpAfterMinutes: 60 };
  await stage.saveSettings({ webhooks, rules: { ...defaultSettings.rules, ...given.rules } });
  const { domains } = stage.store.tables;
  await stage.store.transact((tx) => run(tx.db.insert(domains).values({ name: 'example.com' }).onConflictDoNothing()));
  const elsewhere = new Elsewhere();
  const statements = new StatementExecutor({ timeoutMilliseconds: 4_000 });
  t.teardown(() => statements.close());
  const { hasRelay = true } = given;
  const services = { ...stage.services, log: pino({ level: 'silent' }), caller: elsewhere, statements, hasRelay };
  const delivery = new EffectDelivery(services, { graceMilliseconds: 0 });
  return { stage, elsewhere, delivery, services } satisfies Scene;
}

export async function withRule(scene: Scene, ...actions: Action[]): Promise<string> {
  await save(scene, 'outgoing', ...actions);
  return scene.stage.submit({ text: 'Hello' });
}

export async function save({ stage }: Scene, direction: 'incoming' | 'outgoing', ...actions: Action[]): Promise<void> {
  const rule: Rule = { title: 'the rule', enabled: true, conditions: [{ type: 'all' }], actions };
  await saveRules(stage.services, direction, [rule]);
}

export async function effects({ stage }: Scene): Promise<Effect[]> {
  return (await listEffects(stage.store, { limit: 100 })).reverse();
}

export async function ends(scene: Scene): Promise<[string, string | null][]> {
  return (await effects(scene)).map(({ state, error }) => [state, error]);
}

export async function states(scene: Scene): Promise<string[]> {
  return (await effects(scene)).map(({ state }) => state);
}

export const answering = (status: number) => async () => ({ status });
