// `/mails`: what is on its way to the relay, and what became of it. Never the content: that is its readers'.

import { type Static, Type } from 'typebox';
import { findMailRow, listMailRows, type MailRow } from '../../store/mails.js';
import { mailStates } from '../../store/states.js';
import { listUserRows } from '../../store/users.js';
import { HttpError } from '../errors.js';
import type { HttpServices } from '../services.js';
import { type Api, instant, orNull, strictObject, writeInstant, writeInstantOrNull } from './api.js';
import { pageOf, pageQuery, readPage } from './page.js';

const state = Type.Enum([...mailStates]);

const mailResource = Type.Object({
  id: Type.String(),
  state,
  user: orNull(Type.String({ description: 'who is told where it does not arrive' })),
  sender: Type.String({ description: 'of the envelope; empty for texts, notices and reports that go on by mail' }),
  recipients: Type.Array(Type.String(), { description: 'who has not got it yet; at its end those who were left' }),
  attempts: Type.Integer(),
  error: orNull(Type.String({ description: 'in the words of the mail server' })),
  dueAt: orNull(Type.String({ description: 'when it is tried next' })),
  expiresAt: instant,
  createdAt: instant,
  finishedAt: orNull(instant),
});

const params = Type.Object({ id: Type.String() });
const tags = ['mail'];
const query = strictObject({ ...pageQuery, state: Type.Optional(state) });

export function mailRoutes(api: Api, { store }: HttpServices): void {
  api.get(
    '/mails',
    { schema: { tags, querystring: query, response: { 200: pageOf(mailResource) } } },
    async ({ query }) => {
      const read = (limit: number) => listMailRows(store, { limit, before: query.cursor, state: query.state });
      const { rows, next } = await readPage(query, read, ({ id }) => id);
      return { items: await writeMails(store, rows), next };
    },
  );
  api.get('/mails/:id', { schema: { tags, params, response: { 200: mailResource } } }, async ({ params }) => {
    const mail = await findMailRow(store, params.id);
    if (!mail) throw new HttpError('NO_SUCH_MAIL');
    return (await writeMails(store, [mail]))[0]!;
  });
}

async function writeMails(
  store: HttpServices['store'],
  mails: readonly MailRow[],
): Promise<Static<typeof mailResource>[]> {
  const ids = new Set(mails.flatMap(({ userId }) => userId ?? []));
  const users = new Map((await listUserRows(store, [...ids])).map(({ id, address }) => [id, address]));
  return mails.map((mail) => ({
    id: mail.id,
    state: mail.state,
    user: users.get(mail.userId ?? 0) ?? null,
    sender: mail.sender,
    recipients: mail.recipients,
    attempts: mail.attempts,
    error: mail.error,
    dueAt: mail.state === 'queued' ? writeInstant(mail.dueAt) : null,
    expiresAt: writeInstant(mail.expiresAt),
    createdAt: writeInstant(mail.createdAt),
    finishedAt: writeInstantOrNull(mail.finishedAt),
  }));
}
