// The mail server that takes our mail out into the world, and what its replies mean for each recipient.
// RFC 5321 4.2.1 Reply Code Severities and Theory

import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import nodemailer from 'nodemailer';
import { limits } from './limits.js';

export interface RelayOptions {
  host: string;
  /** 465 speaks TLS from its first octet; at others it begins with STARTTLS. */
  port: number;
  /** Without it nobody logs in. */
  user?: string | undefined;
  password?: string | undefined;
}

export interface RelayTimes {
  /** Until the line stands, and again until the server greets. */
  connectMilliseconds: number;
  /** Without a word of the server. RFC 5321 4.5.3.2.6 DATA Termination: 10 Minutes */
  silenceMilliseconds: number;
}

const defaultTimes: RelayTimes = { connectMilliseconds: 30_000, silenceMilliseconds: 10 * 60_000 };

/** Mails under way at a time; each has a connection of its own. */
export const relayConnections = 4;
const mailsOfOneConnection = 100;

export interface Envelope {
  sender: string;
  recipients: readonly string[];
  octets: Uint8Array;
  /** Of the mail in the queue, and whose it is: for who asks here before it leaves. */
  id?: string;
  userId?: number | null;
}

export interface Refusal {
  recipient: string;
  /** In the words of the mail server: they may hold addresses, so they are for the sender and not for the log. */
  reason: string;
}

/** Who is in neither list has got the mail. */
export interface Delivery {
  /** For good. */
  refused: readonly Refusal[];
  /** For now. */
  postponed: readonly Refusal[];
  /** The whole mail was handed over and nothing was heard of it: those who are postponed may have got it. */
  mayHaveArrived: boolean;
  /** For the log: a code of the client library and the server's reply code. */
  trouble?: { code: string | undefined; replyCode: number | undefined };
}

export interface RelayConnection {
  /** Never rejects. */
  deliver(envelope: Envelope): Promise<Delivery>;
  /** Ends what is still under way. */
  close(): void;
}

export function openRelay(options: RelayOptions, times: Partial<RelayTimes> = {}): RelayConnection {
  const { connectMilliseconds, silenceMilliseconds } = { ...defaultTimes, ...times };
  const pool = {
    pool: true as const,
    host: options.host,
    port: options.port,
    ...security(options),
    maxConnections: relayConnections,
    maxMessages: mailsOfOneConnection,
    // A mail whose connection broke is tried again by its queue, which counts the attempts.
    maxRequeues: 0,
    connectionTimeout: connectMilliseconds,
    greetingTimeout: connectMilliseconds,
    socketTimeout: silenceMilliseconds,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  const transport = nodemailer.createTransport(pool);
  // The library would write quoted local parts and domains in a way of its own.
  transport.use('stream', ({ data, message }, done) => {
    const { from, to, ...wishes } = data.envelope as { from: string; to: string[] };
    message.getEnvelope = () => ({ from, to: [...to], ...wishes });
    done();
  });
  return {
    deliver: (envelope) => deliver(transport, envelope),
    close: () => (transport.transporter as unknown as { close(how: { force: boolean }): void }).close({ force: true }),
  };
}

/** Where no relay is configured mail waits for one. */
export const nowhere: RelayConnection = {
  deliver: async ({ recipients }) => ({
    ...nothing,
    postponed: recipients.map((recipient) => ({ recipient, reason: 'no mail relay is configured' })),
  }),
  close: () => undefined,
};

const nothing: Delivery = { refused: [], postponed: [], mayHaveArrived: false };

// A password is never said in the clear to another machine. Where none is said, TLS is taken as it is offered, whoever
// signed the certificate: without it the mail would go in the clear. RFC 7435 1.2 A New Perspective
function security({ host, port, user, password }: RelayOptions): object {
  const auth = user ? { auth: { user, pass: password ?? '' } } : {};
  const mustBeSure = !isThisMachine(host) && (user !== undefined || port === 465);
  return { ...auth, secure: port === 465, requireTLS: mustBeSure, tls: { rejectUnauthorized: mustBeSure } };
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

type Transport = ReturnType<typeof nodemailer.createTransport>;

async function deliver(transport: Transport, { sender, recipients, octets }: Envelope): Promise<Delivery> {
  let isHandedOver = false;
  // One chunk: the library reads it when the server asks for the mail.
  const raw = Readable.from([octets]).once('end', () => (isHandedOver = true));
  try {
    const envelope = { from: sender, to: [...recipients], use8BitMime: octets.some((octet) => octet > 0x7f) };
    const info = (await transport.sendMail({ envelope, raw })) as SmtpError;
    return sortRefusals(info.rejectedErrors ?? [], recipients);
  } catch (error) {
    return readFailure(error as SmtpError, { recipients, isHandedOver });
  } finally {
    raw.destroy();
  }
}

/** As nodemailer tells of it. */
interface SmtpError {
  code?: string;
  message?: string;
  responseCode?: number;
  response?: string;
  recipient?: string;
  rejectedErrors?: SmtpError[];
}

function sortRefusals(errors: readonly SmtpError[], recipients: readonly string[]): Delivery {
  const byAddress = new Map(errors.map((error) => [error.recipient, error]));
  const found = recipients.flatMap((recipient) => {
    const error = byAddress.get(recipient);
    return error ? [{ recipient, reason: reasonOf(error), isFinal: isFinal(error) }] : [];
  });
  return {
    refused: found.filter((each) => each.isFinal).map(withoutVerdict),
    postponed: found.filter((each) => !each.isFinal).map(withoutVerdict),
    mayHaveArrived: false,
    ...(errors[0] && { trouble: troubleOf(errors[0]) }),
  };
}

function withoutVerdict({ recipient, reason }: Refusal): Refusal {
  return { recipient, reason };
}

function readFailure(error: SmtpError, sent: { recipients: readonly string[]; isHandedOver: boolean }): Delivery {
  if (error.rejectedErrors) return sortRefusals(error.rejectedErrors, sent.recipients);
  const all = sent.recipients.map((recipient) => ({ recipient, reason: reasonOf(error) }));
  const trouble = troubleOf(error);
  const isAboutMail = error.code === 'EENVELOPE' || error.code === 'EMESSAGE';
  if (isAboutMail && isFinal(error)) return { ...nothing, refused: all, trouble };
  // A reply, whatever it says, tells that the mail was not taken.
  return { ...nothing, postponed: all, mayHaveArrived: sent.isHandedOver && error.responseCode === undefined, trouble };
}

// Without a reply code it is the library that cannot write this address, now or ever.
function isFinal({ responseCode }: SmtpError): boolean {
  return responseCode === undefined || responseCode >= 500;
}

function troubleOf({ code, responseCode }: SmtpError): NonNullable<Delivery['trouble']> {
  return { code, replyCode: responseCode };
}

function reasonOf({ response, message }: SmtpError): string {
  const words = (response ?? message ?? 'the mail server gave no reason').replace(/[\p{Cc}\p{Zs}]+/gu, ' ').trim();
  return words.slice(0, limits.reasonCharacters);
}
