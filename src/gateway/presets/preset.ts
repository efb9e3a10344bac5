// What a preset of an HTTP gateway says of one provider: what it asks the administrator for, the request that sends a text,
// and how the provider's webhooks are known to be genuine and read. Data and pure functions: nothing here speaks or stores.

import type { ReceivedText } from '../../message/receive.js';
import type { DeliveryOutcome } from '../../store/states.js';
import type { WebhookError } from '../errors.js';

export interface Preset {
  readonly id: string;
  /** The provider by its name. */
  readonly title: string;
  readonly parameters: readonly PresetParameter[];
  /** With a value for each parameter that is not optional; `undefined` and '' are the same. */
  readonly request: (values: PresetValues) => PresetRequest;
  /** Absent where the provider calls nobody. */
  readonly webhooks?: PresetWebhooks;
}

export interface PresetParameter {
  readonly name: string;
  /** What it is called at the provider. */
  readonly title: string;
  readonly isSecret?: boolean;
  readonly isOptional?: boolean;
}

export type PresetValues = Readonly<Record<string, string | undefined>>;

/** As an administrator could write it into a gateway: templates of the URL template language, and patterns. */
export interface PresetRequest {
  url: string;
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** Of an answer that means sent. Without it every 2xx does. */
  successPattern?: string;
  /** Its first group is what the provider calls the text. */
  idPattern?: string;
}

export interface PresetWebhooks {
  /** What the gateway's `webhookSecret` is at this provider. */
  readonly secret: string;
  /** What keeps the request from being the provider's own; `undefined` where nothing does. */
  readonly findDoubt: (request: WebhookRequest, keys: WebhookKeys) => Doubt | undefined;
  /** Throws WebhookError BAD_WEBHOOK; of several texts the one that cannot be read is an error among them. */
  readonly readIncoming: (request: WebhookRequest) => (IncomingText | WebhookError)[];
  /** The same for delivery reports. Absent where the provider sends none. */
  readonly readReport?: (request: WebhookRequest) => (ReportedText | WebhookError)[];
  /** Where the provider expects more than a 200 for a text it brought. */
  readonly answer?: { readonly type: string; readonly body: string };
}

/** For the log; the peer is told none of it. */
export type Doubt = 'no secret is set' | 'secret' | 'signature' | 'time';

export interface WebhookRequest {
  readonly method: string;
  /** Addresses the provider may have called, whole and as written: behind a proxy there is more than one. */
  readonly urls: readonly string[];
  /** Without the question mark, as it stands in the URL. */
  readonly query: string;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array;
  /** When it came, in epoch milliseconds. */
  readonly at: number;
}

/** What a gateway keeps to know its provider by. */
export interface WebhookKeys {
  webhookSecret: string | null;
  password: string | null;
}

export type IncomingText = Omit<ReceivedText, 'gateway'>;

export interface ReportedText {
  /** What the provider called the text when it took it. */
  reference: string;
  /** `pending`: said something that is not the end. */
  outcome: DeliveryOutcome | 'pending';
  reason?: string | undefined;
}
