// `/devices/{address}/{deviceId}/skipped`: items that a device was not given because they could not be written for it.

import { Type } from 'typebox';
import { findDevice } from '../../accounts/devices.js';
import { listSkippedItems } from '../../store/skipped-items.js';
import type { HttpServices } from '../services.js';
import { type Api, instant, strictObject, writeInstant } from './api.js';
import { pageOf, pageQuery, readPage, readRowCursor } from './page.js';
import { nameOfFolder } from './user-mailbox.js';

const skippedResource = Type.Object({
  itemId: Type.String(),
  folder: Type.String(),
  reason: Type.String({ description: 'why it could not be written; nothing of its content' }),
  at: instant,
});

const params = Type.Object({ address: Type.String(), deviceId: Type.String() });

export function skippedItemRoutes(api: Api, { store }: HttpServices): void {
  const schema = {
    tags: ['devices'],
    params,
    querystring: strictObject(pageQuery),
    response: { 200: pageOf(skippedResource) },
  };
  api.get('/devices/:address/:deviceId/skipped', { schema }, async ({ params, query }) => {
    const { device } = await findDevice(store, params);
    const after = readRowCursor(query.cursor);
    const read = (limit: number) => listSkippedItems(store, { deviceId: device.id, limit, after });
    const { rows, next } = await readPage(query, read, ({ itemId }) => String(itemId));
    const items = rows.map(({ itemId, folder, reason, at }) => ({
      itemId: String(itemId),
      folder: nameOfFolder(folder),
      reason,
      at: writeInstant(at),
    }));
    return { items, next };
  });
}
