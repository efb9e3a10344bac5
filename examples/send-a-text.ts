// Sends a text through the loopback gateway and follows it to its end. Runs by itself:
//
//   npm run build && node dist/examples/send-a-text.js
//
// It starts a server on a throw-away folder; against a server of your own, everything below `const server` stays the same.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog } from '../src/log.js';
import { startServer } from '../src/server.js';

const dataDir = await mkdtemp(join(tmpdir(), 'easms-example-'));
const server = await startServer({ dataDir, host: '127.0.0.1', port: 0, log: openLog('warn') });

try {
  await api('PUT', '/users/anna@example.com', { password: 'secret' });
  await api('PUT', '/gateways/practice', { type: 'loopback' });

  const answer = await fetch(`${server.http}/sms/`, {
    method: 'POST',
    headers: { accept: 'application/json', authorization: `Basic ${btoa('anna@example.com:secret')}` },
    body: new URLSearchParams({ number: '+447700900123', data: 'On my way' }),
  });
  if (!answer.ok) throw new Error(`not accepted: ${await answer.text()}`);
  const { id } = (await answer.json()) as { id: string };
  console.log(`accepted as ${id}`);
  console.log(`it is ${await endState(id)}`);
} finally {
  await server.close();
  await rm(dataDir, { recursive: true });
}

async function endState(id: string): Promise<string> {
  for (;;) {
    const { state } = (await api('GET', `/messages/${id}`)) as { state: string };
    if (!['queued', 'offered', 'sending'].includes(state)) return state;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function api(method: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${server.http}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${server.adminToken}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
}
