// The ports for mail: submission, the same with TLS from the first octet, and LMTP for a local mail server.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import type { SMTPServerOptions, SMTPServerSession } from 'smtp-server';
import { beginConversation, conversationOf, forgetSender, hasBegun, isLoopback } from './conversation.js';
import { takeSender } from './envelope-sender.js';
import { SmtpError } from './errors.js';
import { limits } from './limits.js';
import { Listener } from './line.js';
import { logIn } from './log-in.js';
import { Intake } from './mail-data.js';
import { takeRecipient } from './recipient.js';
import { errorOfReply, refusalOf } from './replies.js';
import type { SmtpServices } from './services.js';
import { type Taken, takeMail } from './take-mail.js';

export interface SmtpPortOptions {
  host: string;
  /** 0 takes any free one. */
  port: number;
  /** `smtps` speaks TLS at once; LMTP serves trusted networks alone. */
  kind: 'smtp' | 'smtps' | 'lmtp';
  /** PEM. Without it nobody logs in but from this machine. */
  tls?: { cert: string; key: string } | undefined;
}

export class SmtpPortError extends Error {
  readonly code: string;
  readonly kind: SmtpPortOptions['kind'];

  constructor(kind: SmtpPortOptions['kind'], code: string) {
    super(`the ${kind.toUpperCase()} port could not be opened (${code})`);
    this.name = 'SmtpPortError';
    this.kind = kind;
    this.code = code;
  }
}

type Done = (error?: Error | null) => void;

export class SmtpPort {
  readonly #services: SmtpServices;
  readonly #options: SmtpPortOptions;
  readonly #intake: Intake;
  readonly #listener: Listener;
  readonly #name = hostname();
  readonly #perAddress = new Map<string, number>();

  private constructor(services: SmtpServices, options: SmtpPortOptions, intake: Intake) {
    this.#services = services;
    this.#options = options;
    this.#intake = intake;
    this.#listener = new Listener(this.#listenerOptions());
    // A line that breaks is no fault of ours.
    this.#listener.on('error', (err: Error) => services.log.debug({ err }, 'a line for mail broke'));
  }

  /** Rejects with SmtpPortError. All ports of a server share what mails on their way in may take. */
  static async open(services: SmtpServices, options: SmtpPortOptions, intake: Intake): Promise<SmtpPort> {
    const port = new SmtpPort(services, options, intake);
    try {
      const listening = once(port.#listener.server, 'listening');
      port.#listener.listen(options.port, options.host);
      await listening;
    } catch (error) {
      throw new SmtpPortError(options.kind, (error as NodeJS.ErrnoException).code ?? 'UNKNOWN');
    }
    return port;
  }

  /** Such as 127.0.0.1:2525. */
  get address(): string {
    const { address, family, port } = this.#listener.server.address() as AddressInfo;
    return `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /** For connections that come from now on. */
  renewCertificate(tls: NonNullable<SmtpPortOptions['tls']>): void {
    if (this.#options.tls) this.#listener.updateSecureContext(tls);
  }

  /** Takes no new mail, and answers what is on its way. */
  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#listener.close(() => resolve()));
    for (const line of this.#listener.connections)
      if (!line._handlerPending && !line._dataStream) line.send(421, 'Bye');
    return closed;
  }

  #listenerOptions(): SMTPServerOptions {
    const { kind, tls } = this.#options;
    return {
      name: this.#name,
      banner: 'easms',
      logger: false,
      lmtp: kind === 'lmtp',
      secure: kind === 'smtps',
      ...(tls && { cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' as const }),
      hideSTARTTLS: tls === undefined || kind === 'smtps',
      authOptional: true,
      allowInsecureAuth: true,
      authMethods: ['PLAIN', 'LOGIN'],
      disabledCommands: tls === undefined ? ['STARTTLS'] : [],
      hideENHANCEDSTATUSCODES: false,
      lenientAddressParsing: true,
      disableReverseLookup: true,
      size: limits.mailOctets,
      maxRecipients: limits.recipients,
      socketTimeout: limits.idleMilliseconds,
      closeTimeout: 10_000,
      ...this.#handlers(),
    };
  }

  #handlers(): SMTPServerOptions {
    const services = this.#services;
    return {
      onConnect: (session, done) => this.#guard(session, done, async () => this.#begin(session)),
      onClose: (session) => this.#end(session),
      onSecure: (_socket, session, done) => {
        const conversation = conversationOf(session);
        forgetSender(conversation);
        session.disabledCommands = [];
        done();
      },
      onAuth: (auth, session, done) => {
        const conversation = conversationOf(session);
        logIn(services, conversation, auth).then(
          (sender) => {
            conversation.sender = sender;
            done(null, { user: true });
          },
          (error: unknown) => done(this.#refuse(session, error)),
        );
      },
      onMailFrom: ({ address }, session, done) =>
        this.#guard(session, done, () => takeSender(services, conversationOf(session), address)),
      onRcptTo: ({ address }, session, done) =>
        this.#guard(session, done, async () => {
          const conversation = conversationOf(session);
          conversation.destinations.set(address.toLowerCase(), await takeRecipient(services, conversation, address));
        }),
      onData: (stream, session, done) => {
        takeMail({ services, intake: this.#intake, name: this.#name }, stream, session).then(
          (taken) => done(null, this.#sayTaken(session, taken) as string),
          (error: unknown) => done(this.#refuse(session, error)),
        );
      },
    };
  }

  #guard(session: SMTPServerSession, done: Done, work: () => Promise<unknown>): void {
    work().then(
      () => done(),
      (error: unknown) => done(this.#refuse(session, error)),
    );
  }

  #begin(session: SMTPServerSession): void {
    const { remoteAddress: address } = session;
    const isTrusted = this.#services.trustedNetworks?.has(address) === true;
    const isLmtp = this.#options.kind === 'lmtp';
    const open = (this.#perAddress.get(address) ?? 0) + 1;
    this.#perAddress.set(address, open);
    beginConversation(session, { isTrusted, isLmtp });
    const isTooMany = this.#listener.connections.size > limits.connections;
    if (isTooMany || (!isTrusted && open > limits.connectionsPerAddress)) throw new SmtpError('TOO_MANY_CONNECTIONS');
    if (isLmtp && !isTrusted) throw new SmtpError('NOT_TRUSTED');
    // A password is not asked for where others on the way could read it.
    if (!session.secure && !isLoopback(address)) session.disabledCommands = ['AUTH', ...this.#disabled()];
  }

  #disabled(): string[] {
    return this.#options.tls === undefined ? ['STARTTLS'] : [];
  }

  #end(session: SMTPServerSession): void {
    // Some are gone before they began.
    if (!hasBegun(session)) return;
    const { remoteAddress: address } = session;
    const open = (this.#perAddress.get(address) ?? 1) - 1;
    if (open > 0) this.#perAddress.set(address, open);
    else this.#perAddress.delete(address);
  }

  #sayTaken(session: SMTPServerSession, taken: Taken): string | (string | Error)[] {
    if (!this.#isPerRecipient(taken)) return saying(taken);
    return taken.map((each) => (each instanceof Error ? this.#refuse(session, each) : saying(each)));
  }

  #isPerRecipient(_taken: Taken): _taken is (string[] | Error)[] {
    return this.#options.kind === 'lmtp';
  }

  #refuse(session: SMTPServerSession, error: unknown): Error {
    const { reply, code, isFault } = refusalOf(error);
    const { log } = this.#services;
    const line = { session: session.id, peer: session.remoteAddress, code, reply: reply.code };
    if (isFault) log.error({ ...line, err: error }, 'a mail met a mistake of ours');
    else log.info(line, 'a mail, a recipient or a log-in was refused');
    return errorOfReply(reply);
  }
}

function saying(ids: readonly string[]): string {
  return ids.length === 0 ? '2.0.0 Accepted' : `2.0.0 Queued as ${ids.slice(0, 10).join(',')}`;
}
