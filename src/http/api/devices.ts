// `/devices`: the phones that sync, whether they may, and whether they are to be wiped.

import { type Static, Type } from 'typebox';
import { canBeWiped, deleteDevice, findDevice, isWipePending, patchDevice } from '../../accounts/devices.js';
import { findUser } from '../../accounts/users.js';
import { type ListedDevice, listDevices } from '../../store/device-list.js';
import type { Store } from '../../store/open.js';
import { deviceStates, deviceStateSources, deviceWipes } from '../../store/states.js';
import type { Device } from '../../store/tables.js';
import type { HttpServices } from '../services.js';
import { type Api, instant, nothing, orNull, strictObject, writeInstant, writeInstantOrNull } from './api.js';
import { judging } from './judging.js';
import { pageOf, pageQuery, readPage, readRowCursor } from './page.js';

const state = Type.Enum([...deviceStates]);
const wipe = Type.Enum([...deviceWipes], {
  description: '`device`: all data; `account`: the account and its data; `none`: not, or not any longer',
});
const whenWiped = (description: string) => orNull(Type.String({ description }));

// MS-ASPROV 2.2.2.54.1 Status (Policy), in a request
const policyReports: Readonly<Record<number, string>> = { 1: 'applied', 2: 'partial', 3: 'ignored', 4: 'external' };

const deviceResource = Type.Object({
  user: Type.String(),
  deviceId: Type.String(),
  type: Type.String(),
  model: orNull(Type.String()),
  userAgent: orNull(Type.String()),
  protocolVersion: Type.String(),
  state,
  stateSource: Type.Enum([...deviceStateSources], { description: 'who decided on the state' }),
  enableOutboundSms: Type.Boolean(),
  phoneNumber: orNull(Type.String()),
  lastOutboxSync: orNull(instant),
  lastSeen: instant,
  activeGateway: Type.Boolean({ description: 'whether this is the elected device of its user' }),
  skippedItems: Type.Integer({
    description: 'how many items it was not given because they could not be written for it',
  }),
  policyReport: orNull(
    Type.Enum(Object.values(policyReports), { description: 'what the device last said of its policy' }),
  ),
  wipe,
  wipeRequestedAt: whenWiped('when it was ordered'),
  wipeSentAt: whenWiped('when the device was told: from then on it may have happened, though it was cancelled'),
  wipedAt: whenWiped('when the device said that it did'),
  wipeDeliverable: orNull(
    Type.Boolean({
      description:
        'while a wipe is pending: whether the device can be told. Before protocol version 16.1 a device cannot wipe its ' +
        'account alone; it is refused instead, and not wiped whole.',
    }),
  ),
});

const devicePatch = strictObject({
  state: Type.Optional(
    Type.Union([state, Type.Null()], { description: '`null` gives the decision back to rules and defaults' }),
  ),
  wipe: Type.Optional(wipe),
});

const params = Type.Object({ address: Type.String(), deviceId: Type.String() });
const tags = ['devices'];

const user = Type.Optional(Type.String({ description: 'address of the one user whose devices are listed' }));

export function deviceRoutes(api: Api, services: HttpServices): void {
  const { store } = services;
  api.get(
    '/devices',
    {
      schema: {
        tags,
        querystring: strictObject({ ...pageQuery, user }),
        response: { 200: pageOf(deviceResource) },
      },
    },
    async ({ query }) => {
      const after = readRowCursor(query.cursor);
      const userId = query.user === undefined ? undefined : (await findUser(store, query.user)).id;
      const read = (limit: number) => listDevices(store, { limit, after, userId });
      const { rows, next } = await readPage(query, read, ({ device }) => String(device.id));
      return { items: rows.map((listed) => writeDevice(services, listed)), next };
    },
  );
  const one = { tags, params, response: { 200: deviceResource } };
  api.get('/devices/:address/:deviceId', { schema: one }, async ({ params }) =>
    writeDevice(services, await listOne(store, params)),
  );
  api.patch('/devices/:address/:deviceId', { schema: { ...one, body: devicePatch } }, async ({ params, body }) => {
    const { state, wipe } = body;
    await patchDevice(store, params, { state, wipe, ...judging(services) });
    return writeDevice(services, await listOne(store, params));
  });
  api.delete(
    '/devices/:address/:deviceId',
    { schema: { tags, params, response: { 204: nothing } } },
    async ({ params }, reply) => {
      await deleteDevice(store, params);
      return reply.code(204).send(null);
    },
  );
}

/** Throws AccountError NO_SUCH_USER, NO_SUCH_DEVICE. */
async function listOne(store: Store, name: Static<typeof params>): Promise<ListedDevice> {
  const { user, device } = await findDevice(store, name);
  const [listed] = await listDevices(store, { limit: 1, after: device.id - 1, userId: user.id });
  return listed ?? { device, address: user.address, activeDeviceId: null, skippedItems: 0 };
}

function writeDevice({ store, now }: HttpServices, listed: ListedDevice): Static<typeof deviceResource> {
  const { device, address, activeDeviceId, skippedItems } = listed;
  return {
    user: address,
    deviceId: device.deviceId,
    type: device.type,
    model: device.model,
    userAgent: device.userAgent,
    protocolVersion: device.protocolVersion,
    state: device.state,
    enableOutboundSms: device.enableOutboundSms,
    phoneNumber: device.phoneNumber,
    lastOutboxSync: writeInstantOrNull(store.presence.lastOutboxSync(device, now())),
    lastSeen: writeInstant(store.presence.lastSeen(device)),
    activeGateway: activeDeviceId === device.id,
    skippedItems,
    stateSource: device.stateSource,
    policyReport: device.policyStatus === null ? null : (policyReports[device.policyStatus] ?? null),
    ...writeWipe(device),
  };
}

function writeWipe(device: Device) {
  const isPending = isWipePending(device);
  return {
    wipe: device.wipe,
    wipeRequestedAt: writeInstantOrNull(device.wipeRequestedAt),
    wipeSentAt: writeInstantOrNull(device.wipeSentAt),
    wipedAt: writeInstantOrNull(device.wipedAt),
    wipeDeliverable: isPending ? canBeWiped(device, device.protocolVersion) : null,
  };
}
