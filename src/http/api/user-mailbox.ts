// `/users/{address}/messages` and `/users/{address}/gateway`: what a user's phones see, and which of them sends.

import { type Static, Type } from 'typebox';
import { findUser } from '../../accounts/users.js';
import { isValidGateway } from '../../message/routes.js';
import { withoutPassword } from '../../rules/not-shown.js';
import { readMobileAddresses } from '../../sms/mobile-address.js';
import { type Elected, getElected } from '../../store/elected.js';
import { listItems } from '../../store/item-pages.js';
import { FolderType, listFolders } from '../../store/mailboxes.js';
import type { Folder, Item } from '../../store/tables.js';
import { HttpError } from '../errors.js';
import type { HttpServices } from '../services.js';
import { type Api, instant, orNull, strictObject, writeInstant } from './api.js';
import { type Caller, callerOf, mayWrite } from './caller.js';
import { pageOf, pageQuery, readPage, readRowCursor } from './page.js';

const folderNames: Record<string, FolderType> = {
  inbox: FolderType.Inbox,
  outbox: FolderType.Outbox,
  sent: FolderType.SentItems,
  drafts: FolderType.Drafts,
  deleted: FolderType.DeletedItems,
};

const itemResource = Type.Object({
  id: Type.String(),
  class: Type.String(),
  folder: Type.String(),
  from: Type.String(),
  to: Type.String(),
  subject: orNull(Type.String()),
  text: Type.String(),
  date: instant,
  read: Type.Boolean(),
});

const electedResource = Type.Object({
  deviceId: orNull(Type.String()),
  valid: Type.Boolean(),
  since: orNull(instant),
});

const params = Type.Object({ address: Type.String() });
const tags = ['users'];

const folder = Type.Optional(
  Type.String({ default: 'inbox', description: 'inbox, outbox, sent, drafts, deleted, or the id of a folder' }),
);

export function userMailboxRoutes(api: Api, services: HttpServices): void {
  const { store } = services;
  api.get(
    '/users/:address/messages',
    {
      schema: {
        tags,
        params,
        querystring: strictObject({ ...pageQuery, folder }),
        response: { 200: pageOf(itemResource) },
      },
    },
    async (request) => {
      const { params, query } = request;
      const user = await findUser(store, params.address);
      const folder = findFolder(await listFolders(store, user.id), query.folder ?? 'inbox');
      const before = readRowCursor(query.cursor);
      const read = (limit: number) => listItems(store, { folderId: folder.id, limit, before });
      const { rows, next } = await readPage(query, read, ({ id }) => String(id));
      return { items: rows.map((item) => shownTo(callerOf(request), writeItem(item, folder))), next };
    },
  );
  api.get(
    '/users/:address/gateway',
    { schema: { tags, params, response: { 200: electedResource } } },
    async ({ params }) => {
      const user = await findUser(store, params.address);
      return writeElected(services, await store.read((session) => getElected(session, user.id)));
    },
  );
}

/** Throws HttpError NO_SUCH_FOLDER. */
function findFolder(folders: readonly Folder[], written: string): Folder {
  const type = Object.hasOwn(folderNames, written) ? folderNames[written] : undefined;
  const found = folders.find((folder) => (type === undefined ? String(folder.id) === written : folder.type === type));
  if (!found) throw new HttpError('NO_SUCH_FOLDER');
  return found;
}

/** As `?folder=` takes it. */
export function nameOfFolder({ type, id }: Pick<Folder, 'type' | 'id'>): string {
  return Object.keys(folderNames).find((name) => folderNames[name] === type) ?? String(id);
}

function writeItem(item: Item, folder: Folder): Static<typeof itemResource> {
  return {
    id: String(item.id),
    class: item.class,
    folder: nameOfFolder(folder),
    from: item.properties.mailFrom ?? (item.class === 'SMS' ? plainNumbers(item.from) : item.from),
    to: item.class === 'SMS' ? plainNumbers(item.to) : item.to,
    subject: item.subject,
    text: item.text,
    date: writeInstant(item.date),
    read: item.read,
  };
}

// A mail for a number names it with the password of whoever pays.
function shownTo(caller: Caller, item: Static<typeof itemResource>): Static<typeof itemResource> {
  return mayWrite(caller) ? item : { ...item, from: withoutPassword(item.from), to: withoutPassword(item.to) };
}

/** The numbers alone, of what an SMS item keeps with display names. */
function plainNumbers(written: string): string {
  const addresses = readMobileAddresses(written);
  return addresses?.map(({ number, mail, name }) => number ?? mail ?? name ?? '').join(', ') ?? written;
}

function writeElected({ store, now }: HttpServices, elected: Elected | undefined): Static<typeof electedResource> {
  if (!elected?.device) return { deviceId: null, valid: false, since: null };
  const { device, since } = elected;
  const at = now();
  const lastOutboxSync = store.presence.lastOutboxSync(device, at);
  const valid = isValidGateway(device, { now: at, lastOutboxSync, settings: store.settings.current });
  return { deviceId: device.deviceId, valid, since: writeInstant(since) };
}
