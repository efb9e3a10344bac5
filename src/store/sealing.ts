// Which columns are sealed, and the look at the start that seals what an older version, or an older key, wrote.

import { and, eq, ne } from 'drizzle-orm';
import { sealPushOctets } from './push-octets.js';
import type { SealedDocument, Secrets } from './secrets.js';
import type { Transaction } from './session.js';
import type { RulePart } from './states.js';
import type { Effect, Gateway, PushDevice, Rule, Webhook } from './tables.js';
import { run, type Steps } from './transaction.js';

type SealedOfGateway = Pick<Gateway, 'password' | 'webhookSecret' | 'options'>;
type SealedOfPushDevice = Pick<PushDevice, 'name' | 'password' | 'nonce'>;
type SealedOfWebhook = Pick<Webhook, 'url' | 'secret' | 'options'>;

export function sealGateway(secrets: Secrets, id: string, row: SealedOfGateway): SealedOfGateway {
  return {
    password: secrets.sealOrNull(row.password, `gateways.password ${id}`),
    webhookSecret: secrets.sealOrNull(row.webhookSecret, `gateways.webhook_secret ${id}`),
    options: secrets.sealDocument(row.options, `gateways.options ${id}`),
  };
}

export function openGateway(secrets: Secrets, row: Gateway): Gateway {
  const { id } = row;
  return {
    ...row,
    password: secrets.openOrNull(row.password, `gateways.password ${id}`),
    webhookSecret: secrets.openOrNull(row.webhookSecret, `gateways.webhook_secret ${id}`),
    options: secrets.openDocument(row.options, `gateways.options ${id}`),
  };
}

// A URL as well: many services have their key in it.
export function sealWebhook(secrets: Secrets, id: string, row: SealedOfWebhook): SealedOfWebhook {
  return {
    url: secrets.seal(row.url, `webhooks.url ${id}`),
    secret: secrets.sealOrNull(row.secret, `webhooks.secret ${id}`),
    options: secrets.sealDocument(row.options, `webhooks.options ${id}`),
  };
}

export function openWebhook(secrets: Secrets, row: Webhook): Webhook {
  const { id } = row;
  return {
    ...row,
    url: secrets.open(row.url, `webhooks.url ${id}`),
    secret: secrets.openOrNull(row.secret, `webhooks.secret ${id}`),
    options: secrets.openDocument(row.options, `webhooks.options ${id}`),
  };
}

// The nonce as well: who knows it needs the digest alone.
export function sealPushDevice<Row extends SealedOfPushDevice>(secrets: Secrets, row: Row): Row {
  const { name } = row;
  const password = secrets.sealOrNull(row.password, `push_devices.password ${name}`);
  return { ...row, password, nonce: secrets.sealOrNull(row.nonce, `push_devices.nonce ${name}`) };
}

export function openPushDevice(secrets: Secrets, row: PushDevice): PushDevice {
  const { name } = row;
  const password = secrets.openOrNull(row.password, `push_devices.password ${name}`);
  return { ...row, password, nonce: secrets.openOrNull(row.nonce, `push_devices.nonce ${name}`) };
}

// URLs, arguments of programs, addresses with `pass=`: which of them are secret is not known.
export function sealActions(secrets: Secrets, id: string, actions: readonly RulePart[]): SealedDocument {
  return secrets.sealDocument(actions, `rules.actions ${id}`);
}

export function openActions(secrets: Secrets, { id, actions }: Pick<Rule, 'id' | 'actions'>): RulePart[] {
  return secrets.openDocumentOnce(actions, `rules.actions ${id}`);
}

// Its own number is not known before it is written.
export function sealEffect(secrets: Secrets, { messageId, document }: Pick<Effect, 'messageId' | 'document'>) {
  return secrets.sealDocument(document, `effects.document ${messageId}`);
}

export function openEffect(secrets: Secrets, effect: Effect): Effect {
  const document = secrets.openDocumentOnce(effect.document, `effects.document ${effect.messageId}`);
  return { ...effect, document };
}

/** Settings are one document; the secrets in it are sealed in their places. */
export const searchPasswordPlace = 'settings.auth.ldap.searchPassword';

/** Everything under the key in use. Throws StoreError SECRETS_UNREADABLE where a key is missing: then nothing is changed. */
export function* sealEverything(tx: Transaction): Steps<void> {
  yield* sealGateways(tx);
  yield* sealWebhooks(tx);
  yield* sealPushDevices(tx);
  yield* sealDistributions(tx);
  yield* sealRules(tx);
  yield* sealEffects(tx);
  yield* sealPushOctets(tx);
  yield* sealSettings(tx);
}

function isCurrentDocument(secrets: Secrets, document: object): boolean {
  const { sealed } = document as Partial<SealedDocument>;
  return typeof sealed === 'string' && secrets.isCurrent(sealed);
}

function* sealGateways(tx: Transaction): Steps<void> {
  const { secrets } = tx;
  const { gateways } = tx.tables;
  for (const row of yield* run(tx.db.select().from(gateways))) {
    const { password, webhookSecret, options } = row;
    // Opened in any case, so that a missing key is found now.
    const opened = openGateway(secrets, row);
    const isCurrent = [password, webhookSecret].every((each) => secrets.isCurrent(each));
    if (isCurrent && isCurrentDocument(secrets, options)) continue;
    const sealed = sealGateway(secrets, row.id, opened);
    yield* run(tx.db.update(gateways).set(sealed).where(eq(gateways.id, row.id)));
  }
}

function* sealWebhooks(tx: Transaction): Steps<void> {
  const { secrets } = tx;
  const { webhooks } = tx.tables;
  for (const row of yield* run(tx.db.select().from(webhooks))) {
    const { url, secret, options } = row;
    const opened = openWebhook(secrets, row);
    const isCurrent = [url, secret].every((each) => secrets.isCurrent(each));
    if (isCurrent && isCurrentDocument(secrets, options)) continue;
    const sealed = sealWebhook(secrets, row.id, opened);
    yield* run(tx.db.update(webhooks).set(sealed).where(eq(webhooks.id, row.id)));
  }
}

function* sealPushDevices(tx: Transaction): Steps<void> {
  const { secrets } = tx;
  const { pushDevices } = tx.tables;
  for (const row of yield* run(tx.db.select().from(pushDevices))) {
    const opened = openPushDevice(secrets, row);
    if ([row.password, row.nonce].every((each) => secrets.isCurrent(each))) continue;
    const { password, nonce } = sealPushDevice(secrets, opened);
    yield* run(tx.db.update(pushDevices).set({ password, nonce }).where(eq(pushDevices.name, row.name)));
  }
}

function* sealSettings(tx: Transaction): Steps<void> {
  const { secrets } = tx;
  const { settings } = tx.tables;
  for (const { name, value } of yield* run(tx.db.select().from(settings))) {
    const opened = openSettings(secrets, value);
    if (areSecretsCurrent(secrets, value)) continue;
    yield* run(
      tx.db
        .update(settings)
        .set({ value: sealSettingsValue(secrets, opened) })
        .where(eq(settings.name, name)),
    );
  }
}

type Value = Record<string, unknown>;
interface WithSecrets {
  auth?: { ldap?: { searchPassword?: string } };
  rules?: { sqlConnections?: { name: string; password?: string }[] };
}

/** What each secret of the settings becomes. */
type Change = (secret: string, place: string) => string;

function changeSecrets(value: Value, change: Change): Value {
  const { auth, rules } = value as WithSecrets;
  const searchPassword = auth?.ldap?.searchPassword;
  const sqlConnections = rules?.sqlConnections?.map((connection) => {
    const { name, password } = connection;
    return password === undefined ? connection : { ...connection, password: change(password, sqlPasswordPlace(name)) };
  });
  return {
    ...value,
    ...(searchPassword !== undefined && {
      auth: { ...auth, ldap: { ...auth!.ldap, searchPassword: change(searchPassword, searchPasswordPlace) } },
    }),
    ...(sqlConnections && { rules: { ...rules, sqlConnections } }),
  };
}

export function sqlPasswordPlace(name: string): string {
  return `settings.rules.sqlConnections ${name}`;
}

function areSecretsCurrent(secrets: Secrets, value: Value): boolean {
  let areCurrent = true;
  changeSecrets(value, (secret) => {
    areCurrent &&= secrets.isCurrent(secret);
    return secret;
  });
  return areCurrent;
}

export function sealSettingsValue(secrets: Secrets, value: Value): Value {
  return changeSecrets(value, (secret, place) => secrets.seal(secret, place));
}

export function openSettings(secrets: Secrets, value: Value): Value {
  return changeSecrets(value, (secret, place) => secrets.open(secret, place));
}

export const targetsPlace = (address: string): string => `distributions.targets ${address}`;

function* sealDistributions(tx: Transaction): Steps<void> {
  const { secrets } = tx;
  const { distributions } = tx.tables;
  for (const { address, targets } of yield* run(tx.db.select().from(distributions))) {
    if (secrets.isCurrent(targets)) continue;
    const sealed = secrets.seal(secrets.open(targets, targetsPlace(address)), targetsPlace(address));
    yield* run(tx.db.update(distributions).set({ targets: sealed }).where(eq(distributions.address, address)));
  }
}

function* sealRules(tx: Transaction): Steps<void> {
  const { secrets } = tx;
  const { rules } = tx.tables;
  for (const { id, actions } of yield* run(tx.db.select({ id: rules.id, actions: rules.actions }).from(rules))) {
    if (isCurrentDocument(secrets, actions)) continue;
    const sealed = sealActions(secrets, id, openActions(secrets, { id, actions }));
    yield* run(tx.db.update(rules).set({ actions: sealed }).where(eq(rules.id, id)));
  }
}

// What is done leaves nothing that has to be kept.
function* sealEffects(tx: Transaction): Steps<void> {
  const { secrets } = tx;
  const { effects } = tx.tables;
  const isLeft = and(eq(effects.state, 'done'), ne(effects.document, {}));
  yield* run(tx.db.update(effects).set({ document: {} }).where(isLeft));
  for (const row of yield* run(tx.db.select().from(effects).where(ne(effects.state, 'done')))) {
    if (isCurrentDocument(secrets, row.document)) continue;
    const document = sealEffect(secrets, openEffect(secrets, row));
    yield* run(tx.db.update(effects).set({ document }).where(eq(effects.id, row.id)));
  }
}
