// What a server that takes texts over HTTP and passes them on over HTTP could reach at most: bare fastify, bare undici, and
// the writes without which a text could be lost or doubled: before the answer to whoever wrote, before the request to the
// provider, and after it with a copy in Sent Items. No log-in, no routing, one thread. Run with a data folder and the
// address of the sink.

import Fastify from 'fastify';
import { type Dispatcher, Pool } from 'undici';
import { inSharedCommit, openDurable } from './durable.js';

const [folder = '', sinkUrl = ''] = process.argv.slice(2);
const atOnce = 32;

interface Text {
  id: number | bigint;
  number: string;
  words: string;
}

const database = openDurable(folder);
database.exec(`
  create table texts (id integer primary key, recipient text, text text, state text);
  create table sent_items (id integer primary key, recipient text, text text);
`);
const accept = database.prepare(`insert into texts (recipient, text, state) values (?, ?, 'queued')`);
const begin = database.prepare(`update texts set state = 'sending' where id = ?`);
const end = database.prepare(`update texts set state = 'sent' where id = ?`);
const keep = database.prepare('insert into sent_items (recipient, text) values (?, ?)');

interface Work {
  write: () => void;
  then: () => void;
}

const write = inSharedCommit<Work, void>(database, { write: (work) => work.write(), then: (work) => work.then() });

const queue: Text[] = [];
let next = 0;
let underWay = 0;

function fill(): void {
  for (; underWay < atOnce && next < queue.length; underWay++) {
    const text = queue[next++]!;
    write({ write: () => begin.run(text.id), then: () => carry(text) });
  }
  if (next < queue.length) return;
  queue.length = 0;
  next = 0;
}

const pool = new Pool(sinkUrl, { connections: atOnce, pipelining: 1 });

function carry(text: Text): void {
  const query = new URLSearchParams({ username: 'u', password: 'p', to: text.number, text: text.words });
  pool.dispatch({ method: 'GET', path: `/cgi-bin/sendsms?${query.toString()}` }, new Answer(text));
}

class Answer implements Dispatcher.DispatchHandler {
  readonly #text: Text;

  constructor(text: Text) {
    this.#text = text;
  }

  onRequestStart(): void {}
  onResponseStart(): void {}
  onResponseData(): void {}

  onResponseEnd(): void {
    const { id, number, words } = this.#text;
    underWay--;
    const landed = () => {
      end.run(id);
      keep.run(number, words);
    };
    write({ write: landed, then: () => undefined });
    fill();
  }

  onResponseError(_controller: unknown, error: Error): void {
    throw error;
  }
}

const app = Fastify();
app.get<{ Querystring: { number: string; data: string } }>('/sms/', ({ query: { number, data: words } }, reply) => {
  const text: Text = { id: 0, number, words };
  const accepted = () => {
    text.id = accept.run(number, words).lastInsertRowid;
  };
  const answer = () => {
    queue.push(text);
    fill();
    void reply.send('OK');
  };
  write({ write: accepted, then: answer });
});
const http = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${JSON.stringify({ event: 'ready', http })}\n`);
