// An admin API that answers by script, and the command line run before it.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import { run } from '../../src/cli/program.js';

export interface Asked {
  readonly what: string;
  readonly token: string | undefined;
  readonly idempotencyKey?: string;
  readonly body: unknown;
}

/** `"GET /users": answers`, one after the other, the last one for ever. A number is a status without a body. */
export type Script = Readonly<Record<string, readonly (object | string | number)[]>>;

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export async function scripted(t: ExecutionContext, script: Script) {
  const asked: Asked[] = [];
  const left = new Map(Object.entries(script).map(([what, answers]) => [what, [...answers]]));
  const http = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const what = `${request.method} ${request.url!.replace('/api/v1', '')}`;
      const { authorization: token, 'idempotency-key': key } = request.headers;
      const named = key === undefined ? {} : { idempotencyKey: String(key) };
      asked.push({ what, token, body: body === '' ? undefined : JSON.parse(body), ...named });
      const answers = left.get(what) ?? [refusal(404, 'there is no such thing')];
      const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
      if (typeof answer === 'number') response.writeHead(answer).end();
      else if (typeof answer === 'string') response.writeHead(200).end(answer);
      else response.writeHead((answer as Partial<Refusal>).status ?? 200).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    http.closeAllConnections();
    http.close();
  });
  const server = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const easms = (...words: string[]): Promise<Ran> => easmsAlone(...words, '--server', server, '--token', 'secret');
  return { asked, easms };
}

interface Refusal {
  readonly status: number;
  readonly error: { readonly code: string; readonly message: string; readonly field?: string };
}

export function refusal(status: number, message: string, field?: string): Refusal {
  return { status, error: { code: 'refused', message, ...(field !== undefined && { field }) } };
}

/** Without a server. */
export async function easmsAlone(...words: string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const status = await run(words, { writeOut: (text) => (out += text), writeErr: (text) => (err += text) });
  return { status, out, err };
}
