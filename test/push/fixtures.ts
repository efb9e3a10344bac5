// The recorded push messages: what each is made of, and the octets that other people's programs made of it.

import { readdirSync, readFileSync } from 'node:fs';
import { configurationMessage } from '../../src/push/configuration.js';
import { notificationMessage, serverAlertMessage } from '../../src/push/notify.js';
import type { Carriage, PushMessage } from '../../src/push/push-message.js';

const folder = new URL('../../../fixtures/push/', import.meta.url);

type Made = { carriage?: Carriage } & (
  | ({ kind: 'notification' } & Parameters<typeof notificationMessage>[0])
  | ({ kind: 'server-alert' } & Parameters<typeof serverAlertMessage>[0])
  | ({ kind: 'configuration' } & Parameters<typeof configurationMessage>[0])
);

export interface RecordedPush {
  name: string;
  what: string;
  origin: string;
  message: Made;
  /** In lower-case hexadecimal digits, as all octets here. */
  body: string;
  mac?: string;
  /** With WSP before the body. Absent where only the body was recorded. */
  pdu?: string;
  dcs?: number;
  /** Of each part, without the length octet. */
  udh?: string[];
  submit?: string[];
  deliver?: string[];
}

export function readRecorded(): RecordedPush[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.map((file) => {
    const recorded = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as RecordedPush;
    return { ...recorded, name: file.replace('.json', '') };
  });
}

/** A plain text between them: what carries the others carries this as well. */
export interface RecordedText {
  name: string;
  what: string;
  origin: string;
  text: string;
  reference: number;
  submit: string[];
  deliver: string[];
}

export function readRecordedTexts(): RecordedText[] {
  const texts = new URL('texts/', folder);
  return readdirSync(texts).map((file) => {
    const recorded = JSON.parse(readFileSync(new URL(file, texts), 'utf8')) as RecordedText;
    return { ...recorded, name: file.replace('.json', '') };
  });
}

export function make({ carriage, ...made }: Made): PushMessage {
  switch (made.kind) {
    case 'notification':
      return notificationMessage(made, carriage);
    case 'server-alert':
      return serverAlertMessage(made, carriage);
    case 'configuration':
      return configurationMessage(withDocument(made), carriage).message;
  }
}

// A document that lies beside them is named; any other one is written.
function withDocument<T extends { document?: string | undefined }>(made: T): T {
  const { document } = made;
  if (document === undefined || document.includes('<')) return made;
  return { ...made, document: readFileSync(new URL(`documents/${document}`, folder), 'utf8') };
}

export function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

export function octets(digits: string): Uint8Array {
  return Buffer.from(digits, 'hex');
}
