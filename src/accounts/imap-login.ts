// Whether an IMAP server lets somebody in: greeting, TLS, one login, and good-bye.
// RFC 9051 6.2.2 AUTHENTICATE Command, 6.2.3 LOGIN Command, 6.2.1 STARTTLS Command; RFC 4616 2 PLAIN SASL Mechanism

import { readFileSync } from 'node:fs';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { ImapSettings } from '../store/settings.js';
import { AccountError } from './errors.js';
import { ImapLines } from './imap-lines.js';
import { limits } from './limits.js';
import type { Login } from './password-check.js';

/** Rejects with AccountError BACK_END_UNAVAILABLE where the server says neither yes nor no. */
export async function verifyByImap(settings: ImapSettings, { address, password }: Login): Promise<boolean> {
  const name = settings.loginName === 'address' ? address : address.replace(/@.*$/, '');
  // No server takes these, and one between name and password would move the border.
  if (password === '' || /[\0\r\n]/.test(name + password)) return false;
  let lines: ImapLines | undefined;
  const give = (socket: Socket): ImapLines => (lines = new ImapLines(socket, limits.loginMilliseconds));
  try {
    return await logIn(settings, { name, password }, give);
  } catch (error) {
    throw new AccountError('BACK_END_UNAVAILABLE', undefined, { cause: error });
  } finally {
    lines?.close();
  }
}

interface NameAndPassword {
  name: string;
  password: string;
}

async function logIn(
  settings: ImapSettings,
  credentials: NameAndPassword,
  give: (socket: Socket) => ImapLines,
): Promise<boolean> {
  const { host, port, tls } = settings;
  if (tls === 'none' && !isThisMachine(host)) throw new Error('a password is not sent without encryption');
  const isEncrypted = tls === 'implicit';
  let lines = give(isEncrypted ? connectTls({ host, port, ...optionsOf(settings) }) : connectPlain({ host, port }));
  const greeting = await lines.next();
  if (!/^\* OK\b/i.test(greeting)) throw new Error('the greeting is not OK');
  if (tls === 'starttls') {
    if ((await lines.ask('STARTTLS')).status !== 'OK') throw new Error('the server has no TLS');
    // What came before the encryption began may have been put there by anybody: a new reader knows nothing of it.
    lines = give(connectTls({ socket: lines.release(), ...optionsOf(settings) }));
  }
  return authenticate(lines, credentials);
}

async function authenticate(lines: ImapLines, { name, password }: NameAndPassword): Promise<boolean> {
  const capability = await lines.ask('CAPABILITY');
  const isPlain = capability.untagged.some((line) => /\bAUTH=PLAIN\b/i.test(line));
  const answer = isPlain
    ? await lines.ask('AUTHENTICATE PLAIN', [Buffer.from(`\0${name}\0${password}`).toString('base64')])
    : await lines.askWithLiterals('LOGIN', [name, password]);
  // RFC 5530 3 Response Codes: the server cannot say now whether it is right
  if (answer.status === 'BAD' || /\[(UNAVAILABLE|INUSE|SERVERBUG|CONTACTADMIN|LIMIT)\]/i.test(answer.text))
    throw new Error('the server does not say');
  return answer.status === 'OK';
}

function optionsOf({ host, caCertificate }: ImapSettings): ConnectionOptions {
  const ca = caCertificate?.includes('-----BEGIN') ? caCertificate : caCertificate && readFileSync(caCertificate);
  return { ...(isIP(host) === 0 && { servername: host }), ...(ca && { ca }) };
}

/** Where nobody listens on the way. */
export function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
