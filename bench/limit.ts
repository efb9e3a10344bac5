// What a server could reach at most: a bare fastify handler that does the unavoidable work and nothing else. Run as a
// program with the name of the work and a data folder.

import Fastify, { type FastifyReply } from 'fastify';
import { inSharedCommit, openDurable } from './durable.js';

const [work = '', folder = ''] = process.argv.slice(2);

const database = openDurable(folder);

const works: Readonly<Record<string, () => (reply: FastifyReply) => unknown>> = {
  accept: insertInSharedCommit,
  'sync-idle': readTwice,
  'sync-20': readPageAndUpdate,
};

const handle = works[work]!();
const app = Fastify();
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
app.route({ method: ['GET', 'POST'], url: '/*', handler: (_request, reply) => void handle(reply) });
const http = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${JSON.stringify({ event: 'ready', http })}\n`);

/** One INSERT for each request. */
function insertInSharedCommit(): (reply: FastifyReply) => void {
  database.exec('create table texts (id integer primary key, recipient text, text text, due_at integer)');
  const insert = database.prepare('insert into texts (recipient, text, due_at) values (?, ?, ?)');
  return answerOnDisk(() => {
    insert.run('+447700900123', 'Parcel 17 comes between ten and twelve today, be at home', Date.now());
  });
}

function answerOnDisk(write: () => void): (reply: FastifyReply) => void {
  return inSharedCommit(database, { write, then: (reply) => void reply.send('OK') });
}

/** Two reads by primary key in tables of 1,000 rows; the answer has no body. */
function readTwice(): (reply: FastifyReply) => void {
  const read = prepareReads();
  return (reply) => {
    read();
    reply.send();
  };
}

/** The same two reads, 20 of 10,000 rows along an index, and one UPDATE in a shared commit. */
function readPageAndUpdate(): (reply: FastifyReply) => void {
  const read = prepareReads();
  database.exec(
    'create table items (id integer primary key, folder integer, sequence integer, sender text, text text)',
  );
  const insert = database.prepare('insert into items (folder, sequence, sender, text) values (1, ?, ?, ?)');
  database.transaction(() => {
    for (let each = 0; each < 10_000; each++)
      insert.run(
        each,
        '"" [MOBILE:+447700900123]',
        `Text ${each}: the parcel comes between ten and twelve, be at home`,
      );
  })();
  database.exec('create index items_sequence on items (folder, sequence)');
  const page = database.prepare(
    'select * from items where folder = 1 and sequence > ? and sequence <= 10000 order by sequence limit 20',
  );
  const update = database.prepare('update collections set key = key + 1 where id = ?');
  let after = 0;
  return answerOnDisk(() => {
    const row = read();
    after = (after + 20) % 9980;
    page.all(after);
    update.run(row);
  });
}

/** Gives the row that was read in both tables, the next one each time. */
function prepareReads(): () => number {
  const reads = ['devices', 'collections'].map((table) => {
    database.exec(`create table ${table} (id integer primary key, state text, key integer)`);
    const insert = database.prepare(`insert into ${table} (state, key) values ('allowed', 1)`);
    database.transaction(() => {
      for (let each = 0; each < 1000; each++) insert.run();
    })();
    return database.prepare(`select * from ${table} where id = ?`);
  });
  let row = 0;
  return () => {
    row = (row % 1000) + 1;
    for (const read of reads) read.get(row);
    return row;
  };
}
