// What a modem brings: texts and reports on texts. It is on disk, or worth nothing, before this resolves, and then deleted from
// the modem.

import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { ReceivedPdu } from '../../../modem/inbox.js';
import { takeDeliveryReport } from '../../../message/delivery.js';
import { receive, type ReceivedText, type ReceiveServices } from '../../../message/receive.js';
import { TpduError } from '../../../sms/errors.js';
import { writtenAddress } from '../../../sms/tpdu/address.js';
import type { DeliverTpdu } from '../../../sms/tpdu/deliver.js';
import { decodeIncoming, readPdu } from '../../../sms/tpdu/pdu.js';
import type { StatusReportTpdu } from '../../../sms/tpdu/status-report.js';
import { statusText } from '../../../sms/tpdu/status.js';
import { portsOf, writeUserDataHeader } from '../../../sms/user-data-header.js';
import { mayBeSame, referenceOf } from './references.js';

export interface TakeServices extends ReceiveServices {
  log: Logger;
}

/** Throws StoreError. */
export async function takePdu(services: TakeServices, gateway: string, received: ReceivedPdu): Promise<void> {
  const found = read(received);
  if (found === undefined) services.log.warn({ gateway }, 'a modem brought what is no message; it is kept as octets');
  if (found?.type === 'SMS-STATUS-REPORT') return takeReport(services, gateway, found);
  const text = found ? textOf(found) : octetsOf(received);
  const reference = uniqueNameOf(received);
  const receipt = await receive(services, { gateway, ...text, ...(reference !== undefined && { reference }) });
  if ('dropped' in receipt) services.log.info({ gateway }, 'an incoming text without anything in it is dropped');
}

function read({ pdu, octets }: ReceivedPdu): DeliverTpdu | StatusReportTpdu | undefined {
  try {
    return decodeIncoming(readPdu(pdu, octets).tpdu);
  } catch (error) {
    if (error instanceof TpduError) return undefined;
    throw error;
  }
}

type Content = Omit<ReceivedText, 'gateway' | 'reference'>;

const unknownSender = 'unknown';

function textOf(found: DeliverTpdu): Content {
  const { originator, header, text, protocolIdentifier, dataCodingScheme, serviceCentreTime } = found;
  // What is for a port is for a program: its words are octets too.
  const data = found.data ?? (portsOf(header) && text !== '' ? Buffer.from(text) : undefined);
  return {
    sender: writtenAddress(originator) || unknownSender,
    text: data === undefined ? text : '',
    ...(data && { data }),
    ...(header.length > 0 && { udh: writeUserDataHeader(header) }),
    pid: protocolIdentifier,
    dcs: dataCodingScheme,
    ...(serviceCentreTime && { sentAt: serviceCentreTime.instant.getTime() }),
  };
}

function octetsOf({ pdu }: ReceivedPdu): Content {
  return { sender: unknownSender, text: '', data: Buffer.from(pdu, 'hex') };
}

/**
 * The same one that is read again after a crash has the same place and the same octets. Two equal ones of the same second have
 * other places. What was given and not kept comes once.
 */
function uniqueNameOf({ place, pdu }: ReceivedPdu): string | undefined {
  if (place === undefined) return undefined;
  return `${place} ${createHash('sha256').update(pdu).digest('base64url')}`;
}

async function takeReport(services: TakeServices, gateway: string, report: StatusReportTpdu): Promise<void> {
  const { messageReference, meaning, status, serviceCentreTime, aboutCommand } = report;
  const recipient = writtenAddress(report.recipient);
  const about = { gateway, status, meaning };
  services.log.debug(about, 'a status report');
  // The centre goes on trying; or forwarded it and cannot know: neither is an end.
  if (meaning === 'trying' || aboutCommand || status === forwarded) return;
  const outcome = meaning === 'done' ? 'delivered' : 'failed';
  await services.store.transact((tx) =>
    takeDeliveryReport(tx, {
      ...{ gateway, outcome, reference: referenceOf(messageReference, recipient), now: services.now() },
      reason: outcome === 'failed' ? statusText(status) : undefined,
      takenAt: serviceCentreTime?.instant.getTime(),
      isTo: (number) => mayBeSame(number, recipient),
    }),
  );
}

// TS 23.040 9.2.3.15 TP-Status (TP-ST): forwarded by the service centre, which is unable to confirm delivery.
const forwarded = 0x01;
