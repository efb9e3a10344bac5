// What proves to a phone that its configuration is of its operator or of somebody whose PIN its owner knows.
// OMA-WAP-ProvBoot Security

import { createHmac, timingSafeEqual } from 'node:crypto';
import { PushError } from '../errors.js';

export const securities = ['none', 'netwpin', 'userpin', 'usernetwpin', 'userpinmac'] as const;
export type Security = (typeof securities)[number];

// The values of the SEC parameter. OMA-WAP-ProvBoot Security
export const Sec = { netwpin: 0, userpin: 1, usernetwpin: 2, userpinmac: 3 } as const;

export interface SecuritySecrets {
  /** Digits that the owner of the phone types. */
  readonly pin?: string | undefined;
  /** The digits of the SIM card. */
  readonly imsi?: string | undefined;
}

/** The IMSI as the SIM card keeps it, without its length octet: digits in pairs, each pair turned. TS 31.102 4.2.2 EF IMSI */
//
//    466923103145252 -> 9 466923103145252 -> 49 66 29 13 30 41 25 25
//
// The first half octet says whether the count of digits is odd (9) or even (1, and F fills up the last octet).
function networkKey({ imsi = '' }: SecuritySecrets): Uint8Array {
  if (!/^\d{5,15}$/.test(imsi)) throw new PushError('BAD_FIELD', { field: 'imsi' });
  const digits = imsi.length % 2 === 1 ? `9${imsi}` : `1${imsi}F`;
  return Buffer.from(digits.replace(/(.)(.)/g, '$2$1'), 'hex');
}

function userKey({ pin = '' }: SecuritySecrets): Uint8Array {
  if (!/^\d{1,16}$/.test(pin)) throw new PushError('BAD_FIELD', { field: 'pin' });
  return Buffer.from(pin, 'latin1');
}

const keys: Record<Exclude<Security, 'none'>, (secrets: SecuritySecrets) => Uint8Array> = {
  netwpin: networkKey,
  userpin: userKey,
  usernetwpin: (secrets) => Buffer.concat([networkKey(secrets), userKey(secrets)]),
  userpinmac: userKey,
};

/** @throws PushError BAD_FIELD for a PIN or IMSI that is missing or none */
export function keyOf(security: Exclude<Security, 'none'>, secrets: SecuritySecrets): Uint8Array {
  return keys[security](secrets);
}

/** 40 digits in upper case: phones compare them as a text. */
export function macOf(key: Uint8Array, body: Uint8Array): string {
  return hmac(key, body).toString('hex').toUpperCase();
}

export function isMacRight(mac: string, { key, body }: { key: Uint8Array; body: Uint8Array }): boolean {
  const [given, expected] = [Buffer.from(mac), Buffer.from(macOf(key, body))];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const SHORTEST_PIN = 5;

/**
 * What the owner types for `userpinmac`: the PIN and as many digits of the MAC, ten at least. It is told by another way than
 * the message.
 *
 * @throws PushError BAD_FIELD for a PIN of less than five digits
 */
export function typedPin(pin: string, body: Uint8Array): string {
  const key = userKey({ pin });
  if (pin.length < SHORTEST_PIN) throw new PushError('BAD_FIELD', { field: 'pin' });
  const digits = [...hmac(key, body).subarray(0, pin.length)].map((octet) => octet % 10);
  return pin + digits.join('');
}

/** Whether what was typed fits the message. */
export function isTypedPinRight(typed: string, body: Uint8Array): boolean {
  const pin = typed.slice(0, typed.length / 2);
  if (typed.length % 2 !== 0 || pin.length < SHORTEST_PIN || !/^\d+$/.test(typed)) return false;
  return timingSafeEqual(Buffer.from(typedPin(pin, body)), Buffer.from(typed));
}

function hmac(key: Uint8Array, body: Uint8Array): Buffer {
  return createHmac('sha1', key).update(body).digest();
}
