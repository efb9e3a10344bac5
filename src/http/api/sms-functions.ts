// What the document's API does with functions: SMSHTTP, SMSIncoming and ValidateAccount. SendSMS is `POST /messages`.

import { Type } from 'typebox';
import type { Sender, Terms } from '../../accounts/decide.js';
import { decidingLevels } from '../../accounts/deciding-levels.js';
import { AccountError } from '../../accounts/errors.js';
import { termsOf } from '../../accounts/sending.js';
import { receive } from '../../message/receive.js';
import { submit } from '../../message/submit.js';
import { getGateway } from '../../store/gateways.js';
import { getCounts } from '../../store/sms-counters.js';
import { findDelivering } from '../deliver.js';
import { type DeliverParameters, readDelivered, readDeliverParameters } from '../deliver-parameters.js';
import { HttpError } from '../errors.js';
import type { HttpServices } from '../services.js';
import { readSmsContent } from '../sms-content.js';
import { readSmsParameters, type SmsParameters } from '../sms-parameters.js';
import { type Api, orNull, strictObject } from './api.js';

const tags = ['messages'];
const query = Type.String({ maxLength: 65_536, description: 'as it stands behind the ? of /sms/' });
const acceptedMessages = Type.Object({ ids: Type.Array(Type.String()), parts: Type.Integer() });

const account = strictObject({ name: Type.String({ maxLength: 256 }), password: Type.Optional(Type.String()) });
const verdict = Type.Object({
  valid: Type.Boolean({ description: 'the name and the password are right, and it may send' }),
  code: orNull(Type.String({ description: 'why not' })),
  step: orNull(Type.String({ description: 'the level that decided' })),
  sentence: orNull(Type.String()),
  user: orNull(Type.String()),
  account: orNull(Type.String()),
  gateway: orNull(Type.String()),
});

export function smsFunctionRoutes(api: Api, services: HttpServices): void {
  const { store, now } = services;
  api.post(
    '/sms-http',
    {
      schema: {
        tags,
        body: strictObject({ query, bypassAuth: Type.Optional(Type.Boolean()) }),
        response: { 202: acceptedMessages },
      },
    },
    async ({ body }, reply) => {
      const parameters = readQuery(body.query);
      const submission = readSmsContent(parameters);
      const sender = await findSender(services, parameters, body.bypassAuth === true);
      const terms = await termsOf(store, sender, now());
      services.credentials.rates.countSender(terms);
      const { ids, parts } = await submit(services, { ...submission, origin: 'api', user: sender.user, terms });
      return reply.code(202).send({ ids, parts });
    },
  );
  const gateway = Type.String({ maxLength: 64, description: 'else the id and the pass of the query say which it is' });
  const incoming = strictObject({ gateway: Type.Optional(gateway), query });
  api.post(
    '/incoming',
    { schema: { tags, body: incoming, response: { 202: Type.Object({ taken: Type.Boolean() }) } } },
    async ({ body }, reply) => {
      const parameters = readDeliverParameters({ query: withoutMark(body.query), ...bodiless });
      const gateway = await findReceiving(services, body.gateway, parameters);
      const receipt = await receive(services, readDelivered(parameters, gateway));
      return reply.code(202).send({ taken: !('dropped' in receipt) });
    },
  );
  api.post(
    '/validate-account',
    { schema: { tags: ['users'], body: account, response: { 200: verdict } } },
    async ({ body: { name, password } }) => {
      const sender = await services.credentials.senders.verify({ name, password, now: now() });
      if (!sender)
        return { ...nothing, valid: false, code: 'bad-credentials', sentence: 'Neither an account nor a user.' };
      return judge(sender, () => termsWithRoom(services, sender));
    },
  );
}

const bodiless = { contentType: undefined, contentEncoding: undefined, body: undefined };

function readQuery(written: string): SmsParameters {
  return readSmsParameters({ query: withoutMark(written), ...bodiless });
}

function withoutMark(query: string): string {
  return query.replace(/^\?/, '');
}

/** Its id. Throws HttpError NO_SUCH_GATEWAY, WRONG_GATEWAY. */
async function findReceiving(
  services: HttpServices,
  named: string | undefined,
  parameters: DeliverParameters,
): Promise<string> {
  if (named === undefined) return findDelivering(services, parameters);
  const gateway = await services.store.read((session) => getGateway(session, named));
  if (!gateway) throw new HttpError('NO_SUCH_GATEWAY', 'gateway');
  return gateway.id;
}

/** Throws HttpError AUTHENTICATION_REQUIRED, BAD_CREDENTIALS. */
async function findSender(
  { credentials, now }: HttpServices,
  { user, pass }: SmsParameters,
  isBypassed: boolean,
): Promise<Sender> {
  if (isBypassed && !user) return { way: 'session' };
  if (!user) throw new HttpError('AUTHENTICATION_REQUIRED');
  const sender = isBypassed
    ? await credentials.senders.lookUp(user)
    : await credentials.senders.verify({ name: user, password: pass, now: now() });
  if (!sender) throw new HttpError('BAD_CREDENTIALS');
  return sender;
}

/** Throws AccountError MONTHLY_LIMIT_REACHED as well, where the month has no part left. */
async function termsWithRoom({ store, now }: HttpServices, sender: Sender): Promise<Terms> {
  const terms = await termsOf(store, sender, now());
  for (const { counter, limit } of terms.charges) {
    if (limit === 0) continue;
    const { sentThisMonth } = await store.read((session) => getCounts(session, counter, now()));
    if (sentThisMonth >= limit) throw new AccountError('MONTHLY_LIMIT_REACHED', undefined, { level: terms.level });
  }
  return terms;
}

const nothing = { valid: true, code: null, step: null, sentence: null, user: null, account: null, gateway: null };

async function judge(sender: Sender, find: () => Terms | Promise<Terms>) {
  const who = { user: sender.user?.address ?? null, account: sender.account?.name ?? null };
  try {
    const { level, gateway = null, account } = await find();
    return { ...nothing, ...who, account: account ?? who.account, step: level, gateway };
  } catch (error) {
    if (!(error instanceof AccountError) || !error.level) throw error;
    const code = error.code.toLowerCase().replaceAll('_', '-');
    return {
      ...nothing,
      ...who,
      valid: false,
      code,
      step: error.level,
      sentence: `Refused by ${decidingLevels[error.level]}.`,
    };
  }
}
