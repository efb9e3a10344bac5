import test from 'ava';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { limits } from '../../src/http/limits.js';
import { Metrics } from '../../src/http/metrics.js';
import { openSqlite } from '../../src/store/open.js';
import { ada, number, password, putLoopback, setUp, text } from './set-up.js';

async function exchange(app: FastifyInstance, octets: string | Buffer): Promise<string> {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    socket.on('data', (chunk) => (received += String(chunk)));
    socket.on('close', () => resolve(received));
    // What was answered before the peer cut the line still counts.
    socket.on('error', (error) => (received === '' ? reject(error) : undefined));
    socket.write(octets);
  });
}

test('answers octets that are not HTTP, and headers without end, in its own words', async (t) => {
  const { app } = await setUp(t);
  t.regex(await exchange(app, 'EHLO example.com\r\n\r\n'), /^HTTP\/1\.1 400 [^]*ERROR bad-parameter /);
  t.regex(await exchange(app, Buffer.from([0x16, 0x03, 0x01, 0x00])), /^HTTP\/1\.1 400 /);
  const long = 'x'.repeat(limits.headerOctets);
  const request = `GET /sms/?data=${long} HTTP/1.1\r\nHost: a\r\n\r\n`;
  t.regex(await exchange(app, request), /^HTTP\/1\.1 413 [^]*ERROR message-too-long /);
});

test('bounds the time and the number of connections that a peer may take', async (t) => {
  const { app } = await setUp(t);
  t.like(app.server, {
    requestTimeout: limits.requestTimeoutMilliseconds,
    headersTimeout: limits.headersTimeoutMilliseconds,
    maxConnections: limits.connections,
    // A phone's request is held for up to 59 minutes: silence alone cuts nobody.
    timeout: 0,
  });
});

test('is not ready without its store, nor once it stops, but is alive', async (t) => {
  const store = await openSqlite(':memory:');
  const stopping = { now: false };
  const { app } = await setUp(t, { store, isStopping: () => stopping.now });
  const head = await app.inject({ method: 'HEAD', url: '/readyz' });
  t.is(head.statusCode, 200);
  stopping.now = true;
  t.is((await app.inject('/readyz')).statusCode, 503);
  stopping.now = false;
  t.is((await app.inject('/readyz')).statusCode, 200);
  store.read = () => Promise.reject(new Error('the disk is gone'));
  const broken = await app.inject('/readyz');
  t.is(broken.statusCode, 503);
  t.truthy(broken.headers['retry-after']);
  t.deepEqual((await app.inject('/healthz')).json(), { status: 'alive' });
});

test('knows no other paths, and says so in the form the path asks for', async (t) => {
  const { app } = await setUp(t);
  t.regex((await app.inject('/nowhere')).payload, /^ERROR not-found /);
  const inApi = await app.inject('/api/v1/nowhere');
  t.is(inApi.statusCode, 404);
  t.is(inApi.json<{ error: { code: string } }>().error.code, 'not-found');
  t.is((await app.inject('/%zz')).statusCode, 400);
});

test('counts what is held, waits and is up, under the names that dashboards use', async (t) => {
  const metrics = new Metrics();
  const { app, store } = await setUp(t, { metrics, held: () => 7 });
  await putLoopback(store, 'off', false);
  metrics.countEasRequest('Sync', 1);
  metrics.countEasRequest('Sync', 1);
  metrics.countMessage('loop', 'sent');
  await app.inject(`/sms/?user=${ada}&pass=${encodeURIComponent(password)}&number=${number}&data=${encodeURI(text)}`);
  const answer = await app.inject('/metrics');
  t.regex(answer.headers['content-type'] as string, /^text\/plain; version=0\.0\.4/);
  const lines = answer.payload.split('\n');
  for (const line of [
    'easms_held_requests 7',
    'easms_queue_depth{state="queued"} 1',
    'easms_queue_depth{state="offered"} 0',
    'easms_messages_total{gateway="loop",state="sent"} 1',
    'easms_gateway_up{gateway="loop"} 1',
    'easms_gateway_up{gateway="off"} 0',
    'easms_eas_requests_total{command="Sync",status="1"} 2',
  ])
    t.true(lines.includes(line), line);
  t.true(lines.some((line) => line.startsWith('process_resident_memory_bytes ')));
});

test('bounds the series a peer can make up', async (t) => {
  const metrics = new Metrics();
  for (let n = 0; n < limits.metricSeries * 3; n++) metrics.countEasRequest(`made up ${n}`, 1);
  const written = await metrics.write();
  t.is(
    written.split('\n').filter((line) => line.startsWith('easms_eas_requests_total{')).length,
    limits.metricSeries + 1,
  );
  t.regex(written, /easms_eas_requests_total\{command="other",status="other"\} 1000/);
});
