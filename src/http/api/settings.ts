// `/settings`: what holds for the whole server. `null` and what a PUT leaves out have their defaults.

import { type Static, type TProperties, Type } from 'typebox';
import { isDomainName } from '../../accounts/names.js';
import { checkDate } from '../../accounts/sms-accounts.js';
import { isCountry } from '../../sms/number.js';
import { defaultSettings, type Settings } from '../../store/settings.js';
import { deviceStates } from '../../store/states.js';
import { HttpError } from '../errors.js';
import type { HttpServices } from '../services.js';
import { type Api, orNull, strictObject } from './api.js';
import { authBody, authResource, checkAuth, writeAuth } from './auth-settings.js';
import { readRuleSettings, ruleSettingsBody, ruleSettingsResource, writeRuleSettings } from './rule-settings.js';
import { mergePatch } from './merge-patch.js';
import { smsSettings, smsSettingsBody } from './sms-account-schema.js';

const minutes = (minimum: number) => Type.Number({ minimum, maximum: 527_040 });
const positiveMinutes = Type.Number({ exclusiveMinimum: 0, maximum: 527_040 });
const seconds = Type.Number({ exclusiveMinimum: 0, maximum: 604_800 });

const device = {
  defaultState: Type.Enum([...deviceStates]),
  provisioning: Type.Enum(['required', 'optional']),
  requireDeviceInformation: Type.Boolean(),
  maxOutboxSyncAgeMinutes: positiveMinutes,
  offerTimeoutMinutes: positiveMinutes,
  confirmTimeoutMinutes: positiveMinutes,
  loopLimitPerMinute: Type.Integer({ minimum: 0 }),
};

const incoming = {
  reassemblyMinutes: positiveMinutes,
  deliverByHash: Type.Boolean({ description: '#email# in a text names the user who is to have it' }),
  deliverToOriginalSender: Type.Boolean({ description: 'an answer goes to whoever wrote to its number' }),
  keepMinutes: {
    ...positiveMinutes,
    description: 'how long an answer finds its way back, from when the text was sent',
  },
  conflictMessage: Type.String({
    minLength: 1,
    maxLength: 1_000,
    description: 'what the other side is told where several wrote to it',
  }),
};

const retry = {
  firstSeconds: seconds,
  maxSeconds: seconds,
  factor: Type.Number({ minimum: 1, maximum: 100 }),
  jitter: Type.Number({ minimum: 0, maximum: 1 }),
  maxAttempts: Type.Integer({ minimum: 1, maximum: 100_000, description: 'of one text that gateways put off' }),
};

const webhooks = {
  firstSeconds: seconds,
  maxSeconds: seconds,
  factor: Type.Number({ minimum: 1, maximum: 100 }),
  jitter: Type.Number({ minimum: 0, maximum: 1 }),
  giveUpAfterMinutes: positiveMinutes,
};

const push = {
  quietMinutes: { ...minutes(0), description: 'a phone is notified of changes once in this time' },
  bundleSeconds: Type.Number({ minimum: 0, maximum: 3_600, description: 'how long the first change waits for others' }),
  expireMinutes: positiveMinutes,
};
const mail = {
  cutHistory: Type.Boolean({ description: 'takes away what the mail answers, before it becomes a text' }),
  cutSignature: Type.Boolean(),
  prefixSubject: Type.Boolean({ description: 'puts the subject before the words of the mail' }),
  nameAttachments: Type.Boolean({ description: 'puts the names of attached files behind the words' }),
  maxParts: Type.Integer({ minimum: 1, maximum: 128, description: 'of a text whose address has no maxmsgs' }),
  smsDomains: Type.Array(Type.String({ minLength: 1, maxLength: 253 }), {
    maxItems: 100,
    description: 'domains that hold nothing but numbers',
  }),
};

const rate = Type.Integer({ minimum: 0, maximum: 1_000_000_000, description: 'a minute; 0 for any number' });
const rateLimits = { sendsPerSender: rate, requestsPerDevice: rate, requestsPerAddress: rate };

const audit = {
  keepDays: {
    ...Type.Number({ minimum: 0, maximum: 36_525 }),
    description: 'after which it is forgotten; 0 for never',
  },
};

const plain = { expireMinutes: positiveMinutes, warningMinutes: minutes(0) };
const defaultCountry = Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 code of two letters' });

const settingsResource = Type.Object({
  defaultCountry: orNull(defaultCountry),
  ...plain,
  device: Type.Object(device),
  incoming: Type.Object(incoming),
  retry: Type.Object(retry),
  webhooks: Type.Object(webhooks),
  push: Type.Object(push),
  mail: Type.Object(mail),
  smsSettings,
  rateLimits: Type.Object(rateLimits),
  audit: Type.Object(audit),
  rules: ruleSettingsResource,
  auth: authResource,
});

const settingsBody = patchOf({
  defaultCountry,
  ...plain,
  device: patchOf(device),
  incoming: patchOf(incoming),
  retry: patchOf(retry),
  webhooks: patchOf(webhooks),
  push: patchOf(push),
  mail: patchOf(mail),
  smsSettings: Type.Optional(orNull(smsSettingsBody)),
  rateLimits: patchOf(rateLimits),
  audit: patchOf(audit),
  rules: ruleSettingsBody,
  auth: authBody,
});

function patchOf<T extends TProperties>(properties: T) {
  const members = Object.entries(properties).map(([name, schema]) => [name, Type.Optional(orNull(schema))]);
  return strictObject(Object.fromEntries(members) as TProperties);
}

const tags = ['settings'];

export function settingsRoutes(api: Api, { store }: HttpServices): void {
  const one = { tags, response: { 200: settingsResource } };
  const save = async (settings: Settings): Promise<Static<typeof settingsResource>> => {
    // What was taken away has its default.
    const whole = mergePatch(defaultSettings, settings);
    const { defaultCountry } = whole;
    if (defaultCountry !== undefined && !isCountry(defaultCountry)) throw new HttpError('BAD_FIELD', 'defaultCountry');
    if (whole.smsSettings.expires !== undefined) checkDate(whole.smsSettings.expires);
    checkAuth(whole.auth);
    whole.mail.smsDomains = whole.mail.smsDomains.map(readDomain);
    whole.rules = readRuleSettings(whole.rules, store.settings.current.rules);
    await store.settings.save(store, whole);
    return writeSettings(whole);
  };
  api.get('/settings', { schema: one }, async () => writeSettings(store.settings.current));
  api.put('/settings', { schema: { ...one, body: settingsBody } }, async ({ body }) =>
    save(mergePatch<Settings>({} as Settings, body)),
  );
  api.patch('/settings', { schema: { ...one, body: settingsBody } }, async ({ body }) =>
    save(mergePatch(store.settings.current, body)),
  );
}

/** Throws HttpError BAD_FIELD. */
function readDomain(written: string): string {
  if (!isDomainName(written)) throw new HttpError('BAD_FIELD', 'mail.smsDomains');
  return written.toLowerCase();
}

function writeSettings(settings: Settings): Static<typeof settingsResource> {
  const { defaultCountry = null, expireMinutes, warningMinutes, device, incoming, retry, webhooks } = settings;
  const { smsSettings, rateLimits, audit, push, mail } = settings;
  const guarded = { rules: writeRuleSettings(settings.rules), auth: writeAuth(settings.auth) };
  const others = { smsSettings, rateLimits, audit, push, mail, ...guarded };
  return { defaultCountry, expireMinutes, warningMinutes, device, incoming, retry, webhooks, ...others };
}
