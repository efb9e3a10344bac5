// One request of one device, as the commands see it.

import type { Logger } from 'pino';
import type { Credentials } from '../accounts/credentials.js';
import type { Store } from '../store/open.js';
import type { Device, User } from '../store/tables.js';
import type { Element } from '../wbxml/element.js';
import type { SyncMemory } from './commands/sync/memory.js';
import type { DevicePolicies } from './device-policies.js';
import type { Hold } from './holds.js';
import type { Parameters } from './parameters.js';
import type { ProtocolVersion } from './versions.js';

export interface EasServices {
  store: Store;
  credentials: Credentials;
  log: Logger;
  now: () => number;
  /** Ids that grow with time. */
  newId: () => string;
  /** Whether mail to other domains can leave. */
  hasRelay: boolean;
  /** A policy key that nobody can guess: 1 to 2^31-1. */
  newPolicyKey: () => number;
  /** Counts an answered request. */
  observe: (command: string, status: string) => void;
}

export interface Exchange {
  services: EasServices;
  user: User;
  device: Device;
  version: ProtocolVersion;
  /** What the request says beside its body. */
  parameters: Parameters;
  /** Absent where the request had no body, or a raw one. */
  body: Element | undefined;
  /** What the header User-Agent says. */
  userAgent: string | undefined;
  /** The body as it came where that is no WBXML: the mail of SendMail, SmartReply and SmartForward at 12.1. Else empty. */
  rawBody: Uint8Array;
  memory: SyncMemory;
  policies: DevicePolicies;
  now: number;
}

/** An answer in parts, of ItemOperations only: where `parameters.acceptMultiPart` allows it. */
export interface MultipartAnswer {
  readonly kind: 'multipart';
  readonly root: Element;
  /** The parts after the document itself: Part 1 is the first of them. */
  readonly parts: readonly Uint8Array[];
}

/** An answer that is no WBXML, such as that of GetAttachment. */
export interface OctetsAnswer {
  readonly kind: 'octets';
  readonly contentType: string;
  readonly octets: Uint8Array;
}

/** An HTTP code and no body: how 12.1 refuses, and GetAttachment at any version. */
export interface HttpAnswer {
  readonly kind: 'http';
  readonly status: number;
}

/** What is answered now: a root element, `undefined` for an answer without body, or one of the kinds above. */
export type PromptAnswer = Element | undefined | MultipartAnswer | OctetsAnswer | HttpAnswer;

/** The same, or a hold that answers later. */
export type Answer = PromptAnswer | Hold;

/** Whether it is a root element and nothing else. */
export function isElement(answer: Answer): answer is Element {
  return answer !== undefined && !('kind' in answer);
}
