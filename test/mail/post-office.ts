// A mail server that takes, refuses and breaks off as a test tells it, on a free port of this machine.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface Taken {
  from: string;
  to: string[];
  octets: string;
  user: string | undefined;
}

export interface PostOffice {
  port: number;
  /** What was taken, in its order. */
  taken: Taken[];
  /** How often a mail was begun. */
  begun: () => number;
  close(): Promise<void>;
}

export interface Manners {
  /** The reply to a recipient, such as `550 no such user`; nothing where it is taken. */
  recipient?: (address: string, attempt: number) => string | undefined;
  /** The same to the whole mail; `cut` breaks the line after its last dot. */
  mail?: (attempt: number) => string | undefined;
  options?: SMTPServerOptions;
}

export async function openPostOffice({ recipient, mail, options }: Manners = {}): Promise<PostOffice> {
  const taken: Taken[] = [];
  let begun = 0;
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    disableReverseLookup: true,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'secret' ? done(null, { user: username }) : done(replyOf('535 wrong')),
    onMailFrom: (_address, _session, done) => {
      begun++;
      done();
    },
    onRcptTo: ({ address }, _session, done) => done(replyOf(recipient?.(address, begun))),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const reply = mail?.(begun);
        if (reply === undefined) {
          const { mailFrom, rcptTo } = session.envelope;
          const to = rcptTo.map(({ address }) => address);
          const from = mailFrom ? mailFrom.address : '';
          taken.push({
            from,
            to,
            octets: Buffer.concat(chunks).toString('utf8'),
            user: session.user as string | undefined,
          });
        }
        if (reply === 'cut') for (const connection of server.connections) connection.close();
        else done(replyOf(reply));
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.server.address() as AddressInfo;
  return { port, taken, begun: () => begun, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

function replyOf(reply: string | undefined): Error | undefined {
  if (reply === undefined) return undefined;
  return Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) });
}
