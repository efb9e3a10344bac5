// What a server that takes texts from phones could reach at most: bare fastify, this project's WBXML, and the rows without
// which an Add is lost or doubled: device and collection are read, item, folder, ClientId and collection are written, the
// last with its answer, all of one turn of the event loop in one commit. No log-in, no access, no options, nothing of the
// item is converted, nobody is told. Run with a data folder.

import Fastify, { type FastifyReply } from 'fastify';
import { AirSync } from '../src/wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../src/wbxml/airsync/air-sync-base.js';
import { Email } from '../src/wbxml/airsync/email.js';
import { decode } from '../src/wbxml/decode.js';
import { type Element, child, element, text } from '../src/wbxml/element.js';
import { encode } from '../src/wbxml/encode.js';
import { inSharedCommit, openDurable } from './durable.js';

const [folder = ''] = process.argv.slice(2);

const database = openDurable(folder);
database.exec(`
  create table devices (id integer primary key, state text);
  create table folders (id integer primary key, sequence integer);
  create table collections (id integer primary key, sync_key integer, answer blob);
  create table items (id integer primary key, folder integer, sequence integer, sender text, recipient text, date text, text text);
  create index items_sequence on items (folder, sequence);
  create table client_adds (collection integer, client_id text, item integer, primary key (collection, client_id)) without rowid;
  insert into devices (state) values ('allowed');
  insert into folders (sequence) values (0);
  insert into collections (sync_key) values (1);
`);
const device = database.prepare('select * from devices where id = 1');
const collection = database.prepare('select * from collections where id = 1');
const known = database.prepare('select item from client_adds where collection = 1 and client_id = ?');
const grow = database.prepare('update folders set sequence = sequence + 1 where id = 1 returning sequence').pluck();
const insert = database.prepare(
  'insert into items (folder, sequence, sender, recipient, date, text) values (1, ?, ?, ?, ?, ?)',
);
const remember = database.prepare('insert into client_adds (collection, client_id, item) values (1, ?, ?)');
const advance = database.prepare('update collections set sync_key = ?, answer = ? where id = 1');

const answerOnDisk = inSharedCommit<{ request: Element; reply: FastifyReply }, Uint8Array>(database, {
  write: ({ request }) => take(request),
  then: ({ reply }, answer) => void reply.send(answer),
});

function take(request: Element): Uint8Array {
  const asked = child(child(request, AirSync.Collections)!, AirSync.Collection)!;
  const add = child(child(asked, AirSync.Commands)!, AirSync.Add)!;
  const data = child(add, AirSync.ApplicationData)!;
  const clientId = text(add, AirSync.ClientId)!;
  device.get();
  collection.get();
  known.get(clientId);
  const words = text(child(data, AirSyncBase.Body)!, AirSyncBase.Data);
  const row = [text(data, Email.From), text(data, Email.To), text(data, Email.DateReceived), words];
  const { lastInsertRowid: item } = insert.run(grow.get(), ...row);
  remember.run(clientId, item);
  const key = Number(text(asked, AirSync.SyncKey)) + 1;
  const answer = encode(answerOf({ key, folder: text(asked, AirSync.CollectionId)!, clientId, item }));
  advance.run(key, answer);
  return answer;
}

interface Taken {
  key: number;
  folder: string;
  clientId: string;
  item: number | bigint;
}

function answerOf({ key, folder: collectionId, clientId, item }: Taken): Element {
  const added = element(AirSync.Add, [
    element(AirSync.Class, 'SMS'),
    element(AirSync.ClientId, clientId),
    element(AirSync.ServerId, `${collectionId}:${item}`),
    element(AirSync.Status, '1'),
  ]);
  const answered = element(AirSync.Collection, [
    element(AirSync.SyncKey, String(key)),
    element(AirSync.CollectionId, collectionId),
    element(AirSync.Status, '1'),
    element(AirSync.Responses, [added]),
  ]);
  return element(AirSync.Sync, [element(AirSync.Collections, [answered])]);
}

const app = Fastify();
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
app.post('/*', ({ body }, reply) => {
  answerOnDisk({ request: decode(body as Buffer), reply });
});
const http = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${JSON.stringify({ event: 'ready', http })}\n`);
