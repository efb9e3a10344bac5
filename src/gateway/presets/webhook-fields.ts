// Fields of a webhook, wherever the provider puts them: the query, a form, or a JSON object.
// WHATWG URL 5.1 application/x-www-form-urlencoded parsing, RFC 8259

import { WebhookError } from '../errors.js';
import { limits } from './limits.js';
import type { WebhookRequest } from './preset.js';

export interface Fields {
  /**
   * The first value of that name, '' where it is empty. Throws WebhookError BAD_WEBHOOK where its octets are not of the
   * character set.
   *
   * @param charset of this value, where the provider names one
   */
  get(name: string, charset?: string): string | undefined;
  /** All of them, as often as they came. */
  all(): [name: string, value: string][];
}

interface Field {
  name: string;
  value: Uint8Array | string;
}

/** Those of the query alone, which nobody but the one who wrote the address has a say in. */
export function readQuery(request: WebhookRequest): Fields {
  return fieldsIn(splitPairs(request.query), request);
}

/** Those of the form alone. */
export function readForm(request: WebhookRequest): Fields {
  const isForm = mediaTypeOf(request) === 'application/x-www-form-urlencoded';
  return fieldsIn(isForm ? splitPairs(latin1(request.body)) : [], request);
}

/** Those of the query, then those of the form. */
export function readParameters(request: WebhookRequest): Fields {
  const form = mediaTypeOf(request) === 'application/x-www-form-urlencoded' ? latin1(request.body) : '';
  return fieldsIn([...splitPairs(request.query), ...splitPairs(form)], request);
}

/** Those of the query, then of the form or of a JSON object: its members that are texts, numbers, true or false. */
export function readFields(request: WebhookRequest): Fields {
  if (mediaTypeOf(request) !== 'application/json' || request.body.length === 0) return readParameters(request);
  return fieldsIn([...splitPairs(request.query), ...membersOf(readObject(request))], request);
}

export function fieldsOf(object: JsonObject): Fields {
  return fieldsIn(membersOf(object), { headers: {} });
}

/** Throws WebhookError BAD_WEBHOOK, naming it. */
export function requireField(fields: Fields, name: string): string {
  return fields.get(name) || refuse(name);
}

export function refuse(field: string): never {
  throw new WebhookError('BAD_WEBHOOK', field);
}

function fieldsIn(fields: readonly Field[], request: Pick<WebhookRequest, 'headers'>): Fields {
  const usual = charsetOf(request) ?? 'utf-8';
  const decode = ({ value }: Field, charset = usual): string =>
    typeof value === 'string' ? value : decodeOctets(value, charset);
  return {
    get: (name, charset) => {
      const field = fields.find((each) => each.name === name);
      return field && decode(field, charset);
    },
    all: () => fields.map((field) => [field.name, decode(field)]),
  };
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** The body as JSON. Throws WebhookError BAD_WEBHOOK. */
export function readJson(request: WebhookRequest): unknown {
  const text = decodeOctets(request.body, 'utf-8');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return refuse('body');
  }
}

/** The body as one JSON object. Throws WebhookError BAD_WEBHOOK. */
export function readObject(request: WebhookRequest): JsonObject {
  return objectOf(readJson(request)) ?? refuse('body');
}

export function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** A list of objects, such as the `results` of a webhook; what is none has no members. Throws WebhookError BAD_WEBHOOK. */
export function readObjects(value: unknown, field: string): JsonObject[] {
  if (!Array.isArray(value) || value.length > limits.items) return refuse(field);
  return value.map((item) => objectOf(item) ?? {});
}

/** What cannot be read takes nothing from the others. */
export function readEach<T>(items: readonly JsonObject[], read: (item: JsonObject) => T): (T | WebhookError)[] {
  return items.map((item) => {
    try {
      return read(item);
    } catch (error) {
      if (error instanceof WebhookError) return error;
      throw error;
    }
  });
}

/** By its name in lower case; the first where it stands twice. */
export function headerOf({ headers }: Pick<WebhookRequest, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

function mediaTypeOf(request: WebhookRequest): string | undefined {
  return headerOf(request, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase();
}

function charsetOf(request: Pick<WebhookRequest, 'headers'>): string | undefined {
  return /;\s*charset="?([^";\s]+)/i.exec(headerOf(request, 'content-type') ?? '')?.[1];
}

/** Throws WebhookError BAD_WEBHOOK beyond the limit. */
function membersOf(object: JsonObject): Field[] {
  const members = Object.entries(object);
  if (members.length > limits.fields) refuse('parameters');
  return members.flatMap(([name, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value) ? [{ name, value: String(value) }] : [],
  );
}

/** Throws WebhookError BAD_WEBHOOK beyond the limit, and for an escape that is none. */
function splitPairs(text: string): Field[] {
  const pairs = text.split('&', limits.fields + 1);
  if (pairs.length > limits.fields) refuse('parameters');
  return pairs.flatMap((pair) => (pair === '' ? [] : [splitPair(pair)]));
}

function splitPair(pair: string): Field {
  const equals = pair.indexOf('=');
  const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
  return { name: decodeOctets(octetsOf(name), 'utf-8'), value: octetsOf(value) };
}

function octetsOf(written: string): Uint8Array {
  const spaced = written.replaceAll('+', ' ');
  if (/%(?![0-9a-f]{2})/i.test(spaced)) refuse('parameters');
  const octets = spaced.replaceAll(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(octets, 'latin1');
}

/** Throws WebhookError BAD_WEBHOOK for a character set that nobody here reads, and for octets that are not of it. */
function decodeOctets(octets: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(octets);
  } catch {
    return refuse('charset');
  }
}

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');
}
