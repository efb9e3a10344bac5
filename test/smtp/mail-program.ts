// A mail program that says what a test tells it, line by line, and a server on a fresh store to say it to.

import { connect, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import type { ExecutionContext } from 'ava';
import { pino } from 'pino';
import { Credentials } from '../../src/accounts/credentials.js';
import { putSmsAccount } from '../../src/accounts/sms-accounts.js';
import { putUser } from '../../src/accounts/users.js';
import { openTrustedNetworks } from '../../src/http/trusted-networks.js';
import { Intake } from '../../src/smtp/mail-data.js';
import type { SmtpServices } from '../../src/smtp/services.js';
import { SmtpPort, type SmtpPortOptions } from '../../src/smtp/smtp-port.js';
import { listItems } from '../../src/store/item-pages.js';
import { FolderType, listFolders } from '../../src/store/mailboxes.js';
import { listMessages } from '../../src/store/messages.js';
import { openSqlite } from '../../src/store/open.js';
import { defaultSettings, type MailSettings } from '../../src/store/settings.js';
import type { Item, Message } from '../../src/store/tables.js';
import { putLoopback, start } from '../http/set-up.js';

export const anna = 'anna@example.com';
export const bert = 'bert@example.com';
export const password = 'secret';
export const number = '+447700900123';

export class MailProgram {
  greeting = '';
  #socket: Socket;
  #told = '';
  #waiting: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen(socket);
  }

  /** With the greeting read. */
  static async connect(port: number): Promise<MailProgram> {
    const program = new MailProgram(connect(port, '127.0.0.1'));
    program.greeting = await program.reply();
    return program;
  }

  /** Anything, to the octet. */
  write(octets: string | Uint8Array): void {
    this.#socket.write(octets);
  }

  /** The next reply, its lines in one text. */
  async reply(): Promise<string> {
    for (;;) {
      const whole = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(this.#told)?.[0];
      if (whole !== undefined) {
        this.#told = this.#told.slice(whole.length);
        return whole.trimEnd();
      }
      if (this.#socket.destroyed) return 'hung up';
      await new Promise<void>((resolve) => (this.#waiting = resolve));
    }
  }

  async say(line: string): Promise<string> {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  /** EHLO, and AUTH PLAIN where somebody is named. */
  async greet(name?: string, secret = password): Promise<string> {
    const said = await this.say('EHLO laptop.example.com');
    if (name === undefined) return said;
    return this.say(`AUTH PLAIN ${Buffer.from(`\0${name}\0${secret}`).toString('base64')}`);
  }

  /** The replies to everything up to the last dot; it stops at the first that refuses. */
  async give(mail: { from?: string; to: readonly string[]; octets: string }): Promise<string[]> {
    const said = [await this.say(`MAIL FROM:<${mail.from ?? anna}>`)];
    for (const each of mail.to) said.push(await this.say(`RCPT TO:<${each}>`));
    if (!said.every((each) => each.startsWith('2'))) return said;
    said.push(await this.say('DATA'));
    const stuffed = mail.octets.replace(/^\./gm, '..');
    said.push(await this.say(`${stuffed}\r\n.`));
    return said;
  }

  async startTls(): Promise<void> {
    await this.say('STARTTLS');
    this.#socket.removeAllListeners('data');
    this.#socket = connectTls({ socket: this.#socket, rejectUnauthorized: false });
    this.#listen(this.#socket);
  }

  /** Of the server, behind STARTTLS. */
  get certificate(): string | undefined {
    return this.#socket instanceof TLSSocket ? this.#socket.getPeerX509Certificate()?.toString() : undefined;
  }

  end(): void {
    this.#socket.destroy();
  }

  #listen(socket: Socket): void {
    const wake = (): void => this.#waiting?.();
    socket.on('data', (chunk: Buffer) => {
      this.#told += chunk.toString('utf8');
      wake();
    });
    socket.on('error', wake);
    socket.on('close', wake);
  }
}

export interface OfficeOptions {
  kind?: SmtpPortOptions['kind'];
  tls?: SmtpPortOptions['tls'];
  trusted?: readonly string[];
  hasRelay?: boolean;
  mail?: Partial<MailSettings>;
  services?: Partial<SmtpServices>;
}

export async function openOffice(t: Pick<ExecutionContext, 'teardown'>, options: OfficeOptions = {}) {
  const store = await openSqlite(':memory:');
  await putUser(store, anna, { password, aliases: ['a@example.com'], now: start });
  await putUser(store, bert, { password: 'other', now: start });
  await putSmsAccount(store, 'alerts', { password: 'alertpwd', now: start });
  await putLoopback(store);
  const { kind = 'smtp', tls, trusted = [], hasRelay = true } = options;
  await store.settings.save(store, { ...defaultSettings, mail: { ...defaultSettings.mail, ...options.mail } });
  const logged: string[] = [];
  let ids = 0;
  const now = (): number => start;
  const services: SmtpServices = {
    store,
    hasRelay,
    credentials: new Credentials({ store, now }),
    trustedNetworks: openTrustedNetworks(trusted),
    now,
    newId: () => `m${String(++ids).padStart(4, '0')}`,
    log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    ...options.services,
  };
  const port = await SmtpPort.open(services, { host: '127.0.0.1', port: 0, kind, tls }, new Intake());
  t.teardown(() => port.close());
  const programs: MailProgram[] = [];
  t.teardown(() => programs.forEach((each) => each.end()));
  return {
    ...{ store, services, logged, port },
    call: async (): Promise<MailProgram> => {
      const program = await MailProgram.connect(Number(port.address.split(':').at(-1)));
      programs.push(program);
      return program;
    },
    texts: async (): Promise<Message[]> => (await listMessages(store, { limit: 1000 })).reverse(),
    inbox: async (address: string): Promise<Item[]> => {
      const user = await services.credentials.lookUp(address);
      const folder = (await listFolders(store, user!.id)).find(({ type }) => type === FolderType.Inbox)!;
      return listItems(store, { folderId: folder.id, limit: 1000 });
    },
  };
}

export function mailOf(headers: Record<string, string> = {}, body = 'Dinner at 8?'): string {
  const all = {
    From: anna,
    Date: 'Mon, 30 Nov 2026 18:00:00 +0000',
    'Message-ID': '<1@laptop.example.com>',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}\r\n`;
}
