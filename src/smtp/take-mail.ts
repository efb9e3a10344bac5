// The end of DATA: the mail is read, its texts are made, and it is on disk before the peer is told so. Over SMTP all
// recipients get it or none; over LMTP each has an answer of its own. RFC 2033 4.2 DATA

import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { parseMail } from '../mail/parse.js';
import { acceptArrival, type Arrival, type Destination, prepareArrival } from '../message/arrival.js';
import { conversationOf, userOf } from './conversation.js';
import type { Intake } from './mail-data.js';
import type { SmtpServices } from './services.js';
import { checkHops, receivedField } from './trace.js';

export interface Taking {
  services: SmtpServices;
  intake: Intake;
  /** What we call ourselves. */
  name: string;
}

/** Ids of the texts, for each recipient over LMTP; what went wrong for one of them stands in its place. */
export type Taken = string[] | (string[] | Error)[];

/** Throws MailError, MessageError, AccountError, SmtpError, StoreError. */
export async function takeMail(
  taking: Taking,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
): Promise<Taken> {
  const { services, intake } = taking;
  const { octets, release } = await intake.collect(stream);
  try {
    const conversation = conversationOf(session);
    const arrival = await readArrival(taking, octets, session);
    const destinations = session.envelope.rcptTo.map(
      ({ address }) => conversation.destinations.get(address.toLowerCase()) ?? [],
    );
    if (!conversation.isLmtp) return await accept(services, arrival, destinations.flat());
    return await Promise.all(destinations.map((each) => accept(services, arrival, each).catch(asError)));
  } finally {
    release();
  }
}

async function readArrival(
  { services, name }: Taking,
  octets: Uint8Array,
  session: SMTPServerSession,
): Promise<Arrival> {
  checkHops(octets);
  const parsed = await parseMail(octets);
  const { mailFrom } = session.envelope;
  return {
    parsed,
    octets,
    returnPath: mailFrom ? mailFrom.address : '',
    user: userOf(conversationOf(session)),
    trace: [receivedField(session, { name, now: services.now() })],
  };
}

async function accept(
  services: SmtpServices,
  arrival: Arrival,
  destinations: readonly Destination[],
): Promise<string[]> {
  const prepared = await prepareArrival(services, arrival, destinations);
  return services.store.transact((tx) => acceptArrival(tx, prepared));
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
