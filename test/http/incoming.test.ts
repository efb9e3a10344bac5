import test from 'ava';
import { receive } from '../../src/message/receive.js';
import { call, type Listed, number, setUp, start, text } from './set-up.js';

test('shows what gateways brought, newest first, and by itself what nobody has', async (t) => {
  const { app, store } = await setUp(t);
  let ids = 0;
  const services = { store, now: () => start, newId: () => `i${++ids}` };
  await receive(services, { gateway: 'loop', reference: 'r', sender: number, text });
  await call(app, ['PATCH', '/users/ada@example.com'], { admin: true });
  await receive(services, { gateway: 'loop', sender: 'Bank', text: '', data: Uint8Array.of(1), sentAt: start - 1000 });
  const all = (await call(app, ['GET', '/incoming'])).json as unknown as Listed;
  t.deepEqual(
    all.items.map(({ id, placed }) => [id, placed]),
    [
      ['i2', true],
      ['i1', false],
    ],
  );
  const lost = (await call(app, ['GET', '/incoming?placed=false'])).json as unknown as Listed;
  t.deepEqual(
    lost.items.map(({ id }) => id),
    ['i1'],
  );
  t.like((await call(app, ['GET', '/incoming/i1'])).json, { gateway: 'loop', reference: 'r', from: number, text });
  t.like((await call(app, ['GET', '/incoming/i2'])).json, {
    data: 'AQ==',
    sentAt: new Date(start - 1000).toISOString(),
  });
  t.is((await call(app, ['GET', '/incoming?placed=true'])).status, 400);
  t.is((await call(app, ['GET', '/incoming/none'])).status, 404);
});
