// What a server that takes mail could reach at most: the library that speaks SMTP, and one durable INSERT of the octets in a
// shared commit before the 250. Nothing is read of the mail, nobody is asked who sends it. Run with a data folder.

import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { inSharedCommit, openDurable } from './durable.js';

type Done = (error?: Error | null) => void;

const [folder = ''] = process.argv.slice(2);

const database = openDurable(folder);
database.exec('create table mails (id integer primary key, sender text, recipient text, octets blob)');
const insert = database.prepare('insert into mails (sender, recipient, octets) values (?, ?, ?)');

type Row = [sender: string, recipient: string, octets: Buffer];
const keep = inSharedCommit<{ row: Row; done: Done }, unknown>(database, {
  write: ({ row }) => insert.run(...row),
  then: ({ done }) => done(),
});

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  logger: false,
  onData: (stream, session, done) => {
    const { mailFrom, rcptTo } = session.envelope;
    const [sender, recipient] = [mailFrom ? mailFrom.address : '', rcptTo[0]!.address];
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('end', () => keep({ row: [sender, recipient, Buffer.concat(chunks)], done: () => done() }));
  },
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ event: 'ready', smtp: `127.0.0.1:${port}` })}\n`);
});
