// A push message as it is handed to a bearer: the octets, the header with the ports, and what the octets are.

import { portsElement, writeUserDataHeader } from '../sms/user-data-header.js';
import type { Ports } from './ports.js';
import type { ContentType } from './wsp/content-type.js';
import { writePushPdu } from './wsp/push-pdu.js';

export interface PushMessage {
  /** The WSP PDU. */
  readonly data: Uint8Array;
  /** Without its length octet. */
  readonly udh: Uint8Array;
  /** TP-DCS */
  readonly dcs: number;
}

/** How it travels, where a phone or gateway wants it otherwise than most. */
export interface Carriage {
  /** 0x04 is 8-bit data; 0x15 and 0xF5 add class 1. TS 23.038 4 SMS Data Coding Scheme */
  readonly dcs?: number | undefined;
  readonly sourcePort?: number | undefined;
  readonly destinationPort?: number | undefined;
  /** Whether X-Wap-Application-Id is told. By default of notifications alone. */
  readonly applicationId?: boolean | undefined;
  readonly transactionId?: number | undefined;
}

export const defaultDcs = 0x04;

export interface Payload {
  readonly contentType: ContentType;
  readonly body: Uint8Array;
  readonly ports: Ports;
  readonly applicationId: number;
  readonly tellsApplicationId: boolean;
}

export function carry(payload: Payload, carriage: Carriage = {}): PushMessage {
  const { contentType, body, ports, applicationId, tellsApplicationId } = payload;
  const { dcs = defaultDcs, transactionId = 1 } = carriage;
  const isTold = carriage.applicationId ?? tellsApplicationId;
  const destination = carriage.destinationPort ?? ports.destination;
  const source = carriage.sourcePort ?? ports.source;
  return {
    data: writePushPdu({ transactionId, contentType, applicationId: isTold ? applicationId : undefined, body }),
    udh: writeUserDataHeader([portsElement({ destination, source })]),
    dcs,
  };
}
