// What proves that a notification is of the server it names: MD5 over what both know.
// OMA DS 1.2 Server Alerted Notification: Digest
//
//    MD5( B64(MD5(server id ":" password)) ":" nonce ":" B64(MD5(trigger)) )
//
// The trigger is all that follows the digest. Without password or nonce the colons stay.

import { createHash, timingSafeEqual } from 'node:crypto';

export interface DigestSecrets {
  readonly serverId: string;
  readonly password: string;
  /** The octets as they are: a challenge in XML carries them in base64. */
  readonly nonce: string;
}

export const DIGEST_OCTETS = 16;

export function digestOf(trigger: Uint8Array, { serverId, password, nonce }: DigestSecrets): Uint8Array {
  const credentials = md5(`${serverId}:${password}`).toString('base64');
  return md5(`${credentials}:${nonce}:${md5(trigger).toString('base64')}`);
}

export function isDigestRight(notification: Uint8Array, secrets: DigestSecrets): boolean {
  if (notification.length < DIGEST_OCTETS) return false;
  const expected = digestOf(notification.subarray(DIGEST_OCTETS), secrets);
  return timingSafeEqual(expected, notification.subarray(0, DIGEST_OCTETS));
}

function md5(data: string | Uint8Array): Buffer {
  return createHash('md5').update(data).digest();
}
