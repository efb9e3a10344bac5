// Comparing what a provider signed, or the secret it was told, in a time that says nothing about how much of it was right.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { limits } from './limits.js';
import type { Doubt, WebhookKeys, WebhookRequest } from './preset.js';
import { headerOf, readParameters, readQuery } from './webhook-fields.js';

type Content = string | Uint8Array;
export type HmacAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

export function hmac(algorithm: HmacAlgorithm, key: string, ...content: readonly Content[]): Buffer {
  const signature = createHmac(algorithm, key);
  for (const piece of content) signature.update(piece);
  return signature.digest();
}

export function sha256(content: Content): Buffer {
  return createHash('sha256').update(content).digest();
}

export function isSame(given: Content, expected: Content): boolean {
  // Digests are equally long, which the comparison asks for and what peers send need not be.
  return timingSafeEqual(sha256(given), sha256(expected));
}

/** Whether what was signed at that time, in epoch seconds, may come now. */
export function isRecent(
  written: string,
  at: number,
  oldestMilliseconds: number = limits.clockSkewMilliseconds,
): boolean {
  if (!/^\d{1,12}$/.test(written)) return false;
  const age = at - Number(written) * 1_000;
  return age <= oldestMilliseconds && age >= -limits.clockSkewMilliseconds;
}

/**
 * For providers that sign nothing but can be given an address with `?secret=…`, or a name and a password.
 * RFC 7617 2 The 'Basic' Authentication Scheme
 */
export function findDoubtOfSecret(request: WebhookRequest, { webhookSecret }: WebhookKeys): Doubt | undefined {
  if (!webhookSecret) return 'no secret is set';
  const given = readQuery(request).get('secret') ?? basicPasswordOf(request);
  return given !== undefined && isSame(given, webhookSecret) ? undefined : 'secret';
}

/**
 * For callers that know parameters alone: without a `webhookSecret` the gateway's password in `pass`, as for
 * `deliver.html`.
 */
export function findDoubtOfPassword(request: WebhookRequest, keys: WebhookKeys): Doubt | undefined {
  if (keys.webhookSecret) return findDoubtOfSecret(request, keys);
  if (!keys.password) return 'no secret is set';
  // What stands in the address was entered there for us; `pass` in a form may be the provider's own.
  const given = readParameters(request).get('pass');
  return given !== undefined && isSame(given, keys.password) ? undefined : 'secret';
}

/**
 * For callers that sign the body, and behind it the time in `X-Timestamp`, in hex with SHA-256. Only what stands in the body
 * is then theirs.
 */
export function findDoubtOfBody(request: WebhookRequest, { webhookSecret }: WebhookKeys): Doubt | undefined {
  if (!webhookSecret) return 'no secret is set';
  const signature = headerOf(request, 'x-signature')
    ?.replace(/^sha256=/i, '')
    .toLowerCase();
  const time = headerOf(request, 'x-timestamp');
  const expected = hmac('sha256', webhookSecret, request.body, time ?? '').toString('hex');
  if (signature === undefined || !isSame(signature, expected)) return 'signature';
  return time === undefined || isRecent(time, request.at) ? undefined : 'time';
}

function basicPasswordOf(request: WebhookRequest): string | undefined {
  const encoded = /^basic +([a-z0-9+/_-]+={0,2}) *$/i.exec(headerOf(request, 'authorization') ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  return decoded.includes(':') ? decoded.slice(decoded.indexOf(':') + 1) : undefined;
}
