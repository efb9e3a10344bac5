// `/push/devices`: phones that are woken by push, and what each of them wants.

import { Type } from 'typebox';
import { AccountError } from '../../accounts/errors.js';
import { MessageError } from '../../message/errors.js';
import { marksOf } from '../../message/push-folders.js';
import { PushError } from '../../push/errors.js';
import { notShown } from '../../rules/not-shown.js';
import { readNumber } from '../../sms/number.js';
import { getGateway } from '../../store/gateways.js';
import type { Store } from '../../store/open.js';
import { deletePushDevice, getPushDevice, listPushDevices, putPushDevice } from '../../store/push-devices.js';
import type { Transaction } from '../../store/session.js';
import type { PushFolder } from '../../store/states.js';
import type { PushDevice } from '../../store/tables.js';
import type { Steps } from '../../store/transaction.js';
import { getUser, listUserRows } from '../../store/users.js';
import { HttpError } from '../errors.js';
import type { HttpServices } from '../services.js';
import { type Api, nothing, strictObject, writeInstantOrNull } from './api.js';
import { type Caller, callerOf, mayWrite } from './caller.js';
import { refuseHidden } from './hidden-fields.js';
import { mergePatch, withoutNulls } from './merge-patch.js';
import { pageOf, pageQuery, readPage } from './page.js';
import { type PushDeviceBody, pushDeviceBody, pushDeviceResource, type PushDeviceResource } from './push-schema.js';

const deviceName = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$' });
const params = Type.Object({ name: Type.String() });
const tags = ['push'];
// The IMSI signs configurations, and who knows the nonce needs the digest alone.
const secretive = ['imsi', 'nonce'] as const;

export function pushDeviceRoutes(api: Api, services: HttpServices): void {
  const { store } = services;
  api.get(
    '/push/devices',
    { schema: { tags, querystring: strictObject(pageQuery), response: { 200: pageOf(pushDeviceResource) } } },
    async (request) => {
      const { query } = request;
      const read = (limit: number) => listPushDevices(store, { limit, after: query.cursor });
      const { rows, next } = await readPage(query, read, ({ name }) => name);
      return { items: (await writeDevices(store, rows)).map((each) => shownTo(callerOf(request), each)), next };
    },
  );
  const one = { tags, params, response: { 200: pushDeviceResource } };
  api.get('/push/devices/:name', { schema: one }, async (request) =>
    shownTo(callerOf(request), await show(store, await find(store, request.params.name))),
  );
  const put = { ...one, params: Type.Object({ name: deviceName }), body: pushDeviceBody };
  api.put('/push/devices/:name', { schema: put }, async ({ params, body }) =>
    write(services, params.name, refuseHidden(body, secretive)),
  );
  api.patch('/push/devices/:name', { schema: { ...one, body: pushDeviceBody } }, async ({ params, body }) => {
    const device = await find(store, params.name);
    return write(services, params.name, mergePatch(await readBack(store, device), refuseHidden(body, secretive)));
  });
  api.delete(
    '/push/devices/:name',
    { schema: { tags, params, response: { 204: nothing } } },
    async ({ params }, reply) => {
      const wasThere = await store.transact((tx) => deletePushDevice(tx, params.name));
      if (!wasThere) throw new PushError('UNKNOWN_PUSH_DEVICE');
      return reply.code(204).send(null);
    },
  );
}

/** Throws PushError UNKNOWN_PUSH_DEVICE. */
async function find(store: Store, name: string): Promise<PushDevice> {
  const device = await store.read((session) => getPushDevice(session, name));
  if (!device) throw new PushError('UNKNOWN_PUSH_DEVICE');
  return device;
}

/** Throws HttpError BAD_FIELD, MessageError BAD_NUMBER, UNKNOWN_GATEWAY, AccountError NO_SUCH_USER. */
async function write({ store, now }: HttpServices, name: string, body: PushDeviceBody): Promise<PushDeviceResource> {
  const given = withoutNulls(body);
  const { number: written, active = true, protocol = 'san-1.2', folders = [], user, ...rest } = given;
  const { imei = null, imsi = null, client = null, serverId = null, password = null, nonce = null, ...others } = rest;
  const { gateway = null, ...options } = others;
  if (written === undefined) throw new HttpError('BAD_FIELD', 'number');
  const number = readNumber(written);
  if (number === undefined) throw new MessageError('BAD_NUMBER', 'number');
  const row = { name, number, active, protocol, folders: folders.map(readFolder), options: options };
  const secrets = { imei, imsi, client, serverId, password, nonce, gateway };
  await store.transact(function* (tx) {
    if (gateway !== null && !(yield* getGateway(tx, gateway))) throw new MessageError('UNKNOWN_GATEWAY', 'gateway');
    const userId = user === undefined ? null : yield* userOf(tx, user);
    // What changed before it watched is no news; what it has not been told yet still is.
    const before = (yield* getPushDevice(tx, name))?.marks ?? {};
    const marks = { ...(yield* marksOf(tx, userId, row.folders)), ...before };
    yield* putPushDevice(tx, { ...row, ...secrets, userId, marks, now: now() });
  });
  return show(store, await find(store, name));
}

type FolderBody = NonNullable<PushDeviceBody['folders']>[number];

function readFolder({ uri, contentType, syncType, mailboxFolder }: FolderBody): PushFolder {
  return { uri, contentType: contentType ?? 0, syncType: syncType ?? 206, ...(mailboxFolder && { mailboxFolder }) };
}

function* userOf(tx: Transaction, address: string): Steps<number> {
  const user = yield* getUser(tx, address.toLowerCase());
  if (!user) throw new AccountError('NO_SUCH_USER', 'user');
  return user.id;
}

/** As it would have been written. */
async function readBack(store: Store, device: PushDevice): Promise<PushDeviceBody> {
  const { number, active, protocol, folders, imei, imsi, client, serverId, password, nonce, gateway } = device;
  const { user = null } = await show(store, device);
  const known = { imei, imsi, client, serverId, password, nonce, gateway, user };
  return { number, active, protocol, folders, ...known, ...device.options };
}

async function show(store: Store, device: PushDevice): Promise<PushDeviceResource> {
  return (await writeDevices(store, [device]))[0]!;
}

async function writeDevices(store: Store, devices: readonly PushDevice[]): Promise<PushDeviceResource[]> {
  const users = await listUserRows(store, [...new Set(devices.flatMap(({ userId }) => userId ?? []))]);
  const addresses = new Map(users.map(({ id, address }) => [id, address]));
  return devices.map((device) => writeDevice(device, addresses.get(device.userId ?? 0) ?? null));
}

function writeDevice(device: PushDevice, user: string | null): PushDeviceResource {
  const { name, number, active, protocol, password, imei, imsi, client, serverId, nonce, gateway } = device;
  const { notifiedAt, lastMessage, options } = device;
  const folders = device.folders.map((folder) => ({ ...folder, mailboxFolder: folder.mailboxFolder ?? null }));
  const known = { imei, imsi, client, serverId, nonce, gateway, user };
  const told = { notifiedAt: writeInstantOrNull(notifiedAt), lastMessage };
  return { name, number, active, protocol, hasPassword: password !== null, folders, ...known, ...options, ...told };
}

function shownTo(caller: Caller, device: PushDeviceResource): PushDeviceResource {
  if (mayWrite(caller)) return device;
  const hidden = secretive.filter((name) => typeof device[name] === 'string').map((name) => [name, notShown] as const);
  return { ...device, ...Object.fromEntries(hidden) };
}
