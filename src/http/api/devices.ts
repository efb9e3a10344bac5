// `/devices`: the phones that sync, and whether they may.

import { type Static, Type } from 'typebox';
import { deleteDevice, findDevice, setDeviceState } from '../../accounts/devices.js';
import { findUser } from '../../accounts/users.js';
import { type ListedDevice, listDevices } from '../../store/device-list.js';
import type { Store } from '../../store/open.js';
import { deviceStates } from '../../store/states.js';
import type { HttpServices } from '../services.js';
import { type Api, instant, nothing, orNull, strictObject, writeInstant, writeInstantOrNull } from './api.js';
import { pageOf, pageQuery, readPage, readRowCursor } from './page.js';

const state = Type.Enum([...deviceStates]);

const deviceResource = Type.Object({
  user: Type.String(),
  deviceId: Type.String(),
  type: Type.String(),
  model: orNull(Type.String()),
  userAgent: orNull(Type.String()),
  protocolVersion: Type.String(),
  state,
  enableOutboundSms: Type.Boolean(),
  phoneNumber: orNull(Type.String()),
  lastOutboxSync: orNull(instant),
  lastSeen: instant,
  activeGateway: Type.Boolean({ description: 'whether this is the elected device of its user' }),
  skippedItems: Type.Integer({
    description: 'how many items it was not given because they could not be written for it',
  }),
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
  api.patch(
    '/devices/:address/:deviceId',
    { schema: { ...one, body: strictObject({ state: Type.Optional(state) }) } },
    async ({ params, body }) => {
      if (body.state !== undefined) await setDeviceState(store, params, body.state);
      return writeDevice(services, await listOne(store, params));
    },
  );
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
  };
}
