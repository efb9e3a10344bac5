// A provider that takes texts, tells what became of them, and brings answers: all of it over HTTP, as its documents say.

import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import { anna, bob, stage } from './stage.js';

const signingKey = 'the signing key of the app';

/** As SMS Gateway for Android answers: each text gets an id. */
async function openProvider(
  t: ExecutionContext,
): Promise<{ url: string; taken: { authorization: string; body: object }[] }> {
  const taken: { authorization: string; body: object }[] = [];
  const take = async (request: IncomingMessage): Promise<string> => {
    const { authorization = '' } = request.headers;
    const n = taken.push({ authorization, body: JSON.parse(await readText(request)) as object });
    return JSON.stringify({ id: `sg-${n}`, deviceId: 'd-1', state: 'Pending' });
  };
  const server = createServer((request, response) => {
    void take(request).then((answer) => response.writeHead(202, { 'content-type': 'application/json' }).end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, taken };
}

async function tell(url: string, event: object): Promise<number> {
  const body = JSON.stringify(event);
  const time = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', signingKey)
    .update(body + time)
    .digest('hex');
  const headers = { 'content-type': 'application/json', 'x-signature': signature, 'x-timestamp': time };
  return (await fetch(url, { method: 'POST', headers, body })).status;
}

test('a provider takes a text, says that it arrived, and brings the answer', async (t) => {
  const server = await stage(t);
  const { url, taken } = await openProvider(t);
  const gateway = {
    ...{ type: 'http', preset: 'sms-gate', parameters: { server: url, user: 'sms', password: 'secret' } },
    ...{ webhookSecret: signingKey, deliverTo: [anna.address] },
  };
  await server.api.put('/gateways/droid', gateway);
  const id = await server.webPageSends('Hi "Bob" €');
  await server.ended(id, 'sent');
  const authorization = `Basic ${Buffer.from('sms:secret').toString('base64')}`;
  const body = { id, textMessage: { text: 'Hi "Bob" €' }, phoneNumbers: [bob], withDeliveryReport: true };
  t.deepEqual(taken, [{ authorization, body }]);

  const report = { event: 'sms:delivered', payload: { messageId: 'sg-1', phoneNumber: bob } };
  t.is(await tell(`${server.url}/sms/report/droid`, report), 200);
  await server.ended(id, 'delivered');

  const answer = {
    messageId: 'abc',
    message: 'Hello Anna',
    phoneNumber: bob,
    receivedAt: '2026-11-23T10:00:00.000+01:00',
  };
  t.is(await tell(`${server.url}/sms/receive/droid`, { id: 'e-1', event: 'sms:received', payload: answer }), 200);
  t.is(
    await tell(`${server.url}/sms/receive/droid`, { id: 'e-2', event: 'sms:received', payload: answer }),
    200,
    'told twice',
  );
  const inbox = await server.folder('inbox');
  t.deepEqual(
    inbox.map(({ text }) => text),
    ['Hello Anna'],
  );
});
