// The shapes of `/gateways`.

import { type Static, Type } from 'typebox';
import { gatewayTypes } from '../../store/states.js';
import { instant, line, orNull, strictObject } from './api.js';

const optional = <T extends Parameters<typeof orNull>[0]>(schema: T) => Type.Optional(orNull(schema));
const template = (description: string) => Type.String({ maxLength: 65_536, description });
const pem = (description: string) => Type.String({ maxLength: 100_000, description: `http: ${description}` });
const texts = (description: string) => Type.Record(Type.String(), Type.String({ maxLength: 10_000 }), { description });

// (not shown) stands in place of the rest, and is refused where it is written.
const ofReaders = 'a token that may only read is shown no more than';

// Each belongs to one type; which, and whether it must be there, the type itself knows.
const readableOptions = {
  user: optional(Type.String({ maxLength: 256, description: 'activesync: whose elected phone sends' })),
  answers: optional(Type.Array(Type.Enum(['sent', 'refused', 'try-later', 'unknown']), { maxItems: 1_000 })),
  delaySeconds: optional(Type.Number({ description: 'loopback' })),
  journal: optional(Type.Boolean({ description: 'loopback: note the texts that leave in the data folder' })),
  concurrency: optional(Type.Integer({ description: 'loopback, http: messages at a time' })),
  url: optional(template(`http: with variables such as %number% and %data%, behind the host; ${ofReaders} the host`)),
  method: optional(Type.Enum(['GET', 'POST'])),
  headers: optional(texts(`http: header fields, with variables; ${ofReaders} their names`)),
  body: optional(template('http: escaped by the Content-Type; not shown to a token that may only read')),
  successPattern: optional(Type.String({ description: 'http: RE2, in the answer to a text that was sent' })),
  idPattern: optional(Type.String({ description: "http: RE2, whose first group is the provider's id of the text" })),
  preset: optional(Type.String({ maxLength: 64, description: 'http: a provider that is known here' })),
  parameters: optional(texts('http: what the preset asks for; secret ones are written, never read back')),
  clientCertificate: optional(pem('PEM or a path; the key in it is written, never read back')),
  clientKey: optional(pem('PEM, never read back, or a path')),
  caCertificate: optional(pem('PEM or a path')),
  timeoutSeconds: optional(Type.Number({ description: 'http: for a whole request, default 30' })),
};

// For the modem alone; the PIN is written, never read back.
const modemOptions = {
  device: optional(Type.String({ maxLength: 256, description: 'gsm-modem: /dev/ttyUSB0, COM3, tcp:host:port' })),
  template: optional(Type.String({ maxLength: 64, description: 'gsm-modem: a product that is known here' })),
  smsCenter: optional(Type.String({ maxLength: 32, description: 'gsm-modem: else the one that the SIM knows' })),
  sendTimeoutSeconds: optional(Type.Number({ description: 'gsm-modem: for the word of the modem, default 60' })),
  baudRate: optional(Type.Integer({ description: 'gsm-modem: of a serial port' })),
  statusReports: optional(Type.Boolean({ description: 'gsm-modem: ask for delivery reports, default true' })),
  nationalLanguages: optional(
    Type.Array(Type.String({ maxLength: 32 }), {
      maxItems: 13,
      description: 'gsm-modem: whose letters may be written in GSM 7 bit where that makes fewer parts, such as turkish',
    }),
  ),
  logContent: optional(Type.Boolean({ description: 'gsm-modem: numbers and texts in the trace, default false' })),
};

const count = Type.Optional(orNull(Type.Integer({ minimum: 1, maximum: 1_000_000_000 })));

const gatewayLimits = strictObject({
  perMinute: count,
  perDay: count,
  uniqueRecipientsPerMonth: count,
  pauseSeconds: optional(Type.Number({ minimum: 0, maximum: 86_400 })),
});

const ofEveryType = {
  description: optional(line(1_000)),
  emailFrom: optional(Type.String({ maxLength: 256, description: 'of texts as mail; %s is the number of the sender' })),
  deliverTo: optional(Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { maxItems: 100 })),
  limits: optional(gatewayLimits),
};

export const gatewayBody = strictObject({
  type: Type.Optional(Type.Enum([...gatewayTypes])),
  active: optional(Type.Boolean()),
  ...ofEveryType,
  password: optional(Type.String({ maxLength: 256, description: 'of /sms/deliver.html; written, never read back' })),
  webhookSecret: optional(Type.String({ maxLength: 1_000, description: 'written, never read back' })),
  pin: optional(Type.String({ maxLength: 16, description: 'gsm-modem: of the SIM; written, never read back' })),
  ...readableOptions,
  ...modemOptions,
});
export type GatewayBody = Static<typeof gatewayBody>;

export const gatewayResource = Type.Object({
  id: Type.String(),
  type: Type.String(),
  active: Type.Boolean(),
  ...ofEveryType,
  ...readableOptions,
  ...modemOptions,
  hasPassword: Type.Boolean(),
  hasWebhookSecret: Type.Boolean(),
  hasClientKey: Type.Boolean(),
  hasPin: Type.Boolean(),
  health: Type.Enum(['up', 'down', 'degraded']),
  lastError: orNull(Type.String()),
  queued: Type.Integer(),
  sent: Type.Integer(),
  createdAt: instant,
});
export type GatewayResource = Static<typeof gatewayResource>;

export const testBody = strictObject({
  number: line(100),
  text: Type.String(),
  dryRun: Type.Optional(Type.Boolean()),
});
export type TestBody = Static<typeof testBody>;

export const ussdBody = strictObject({ code: Type.String({ maxLength: 64, description: 'such as *100#' }) });
export const ussdResult = Type.Object({
  text: Type.String(),
  expectsReply: Type.Boolean({ description: 'the network waits for a choice, which is the next code' }),
});

export const modemReport = Type.Object({
  findings: Type.Array(
    Type.Object({
      about: Type.String({ description: 'port, modem, SIM, service centre, network, signal or memory' }),
      isWell: Type.Boolean({ description: 'false where it keeps texts from going or coming' }),
      says: Type.String(),
    }),
  ),
});

const request = Type.Object({
  method: Type.String(),
  url: Type.String(),
  headers: Type.Record(Type.String(), Type.String()),
  body: Type.Optional(Type.String()),
});

export const testResult = Type.Object({
  ids: Type.Array(Type.String()),
  parts: Type.Integer(),
  number: Type.String(),
  dryRun: Type.Boolean(),
  requests: Type.Optional(Type.Array(request, { description: 'http: as they would be sent, secrets included' })),
});
export type TestResult = Static<typeof testResult>;
