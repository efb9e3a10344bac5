// What the store keeps and nobody may read in it: passwords of gateways, keys, secrets of webhooks. Sealed with AES-256-GCM
// under a key that lies in a file of its own, so that a copy of the database alone tells none of them.
//
// NIST SP 800-38D 5.2.1 Input and Output Data of Authenticated Encryption
//
//   sealed:1:KEY:base64url( 12 octets of nonce | 16 octets of tag | the text )
//
// KEY is the beginning of the key's digest; the place that the text belongs to is authenticated with it, so that no row can
// be given the secret of another.

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { StoreError } from './errors.js';
import { limits } from './limits.js';

const prefix = 'sealed:1:';
const nonceOctets = 12;
const tagOctets = 16;

export type SealedDocument = Record<'sealed', string>;

interface Key {
  id: string;
  octets: Buffer;
}

export class Secrets {
  readonly #keys: readonly Key[];
  // Gateways are read more often than they are written.
  readonly #opened = new Map<string, string>();

  /** The first key seals; the others open what was sealed before it came. */
  constructor(keys: readonly Buffer[]) {
    this.#keys = keys.map((octets) => ({ id: createHash('sha256').update(octets).digest('hex').slice(0, 8), octets }));
  }

  /** `place` names the row and the column. */
  seal(text: string, place: string): string {
    const { id, octets } = this.#keys[0]!;
    const nonce = randomBytes(nonceOctets);
    const cipher = createCipheriv('aes-256-gcm', octets, nonce).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return `${prefix}${id}:${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')}`;
  }

  /** What an older version wrote as it was comes back as it is. Throws StoreError SECRETS_UNREADABLE. */
  open(written: string, place: string): string {
    if (!written.startsWith(prefix)) return written;
    const known = this.#opened.get(place + written);
    if (known !== undefined) return known;
    const text = this.#unseal(written, place);
    if (this.#opened.size >= limits.openedSecrets) this.#opened.clear();
    this.#opened.set(place + written, text);
    return text;
  }

  #unseal(written: string, place: string): string {
    const [id = '', encoded = ''] = written.slice(prefix.length).split(':');
    const key = this.#keys.find((each) => each.id === id);
    if (!key) throw new StoreError('SECRETS_UNREADABLE');
    const octets = Buffer.from(encoded, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key.octets, octets.subarray(0, nonceOctets));
      decipher.setAAD(Buffer.from(place)).setAuthTag(octets.subarray(nonceOctets, nonceOctets + tagOctets));
      const text = decipher.update(octets.subarray(nonceOctets + tagOctets));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch (error) {
      throw new StoreError('SECRETS_UNREADABLE', error);
    }
  }

  sealOrNull(text: string | null, place: string): string | null {
    return text === null ? null : this.seal(text, place);
  }

  openOrNull(written: string | null, place: string): string | null {
    return written === null ? null : this.open(written, place);
  }

  /** A document, whole. */
  sealDocument(document: object, place: string): SealedDocument {
    return { sealed: this.seal(JSON.stringify(document), place) };
  }

  openDocument(written: Record<string, unknown>, place: string): Record<string, unknown> {
    const { sealed } = written;
    if (typeof sealed !== 'string' || !sealed.startsWith(prefix)) return written;
    return JSON.parse(this.open(sealed, place)) as Record<string, unknown>;
  }

  /** The same for what is read so seldom, or is so much, that it is not kept opened. */
  openDocumentOnce<T extends object>(written: T | SealedDocument, place: string): T {
    const { sealed } = written as Partial<SealedDocument>;
    const isSealed = typeof sealed === 'string' && sealed.startsWith(prefix);
    return isSealed ? (JSON.parse(this.openOnce(sealed, place)) as T) : (written as T);
  }

  /** Likewise. */
  openOnce(written: string, place: string): string {
    return written.startsWith(prefix) ? this.#unseal(written, place) : written;
  }

  /** The beginning of the digest of the first key. */
  get keyInUse(): string {
    return this.#keys[0]!.id;
  }

  /** Sealed under the first key. */
  isCurrent(written: string | null): boolean {
    return written === null || written.startsWith(`${prefix}${this.#keys[0]!.id}:`);
  }
}

/** Keys that live as long as the process, for a store that does the same. */
export function passingSecrets(): Secrets {
  return new Secrets([randomBytes(32)]);
}

/**
 * The keys in a file, one a line in base64, the first of them in use; made where there is none, for the owner alone.
 * Throws StoreError SECRETS_UNREADABLE for a file that holds no key.
 */
export function keepSecrets(file: string): Secrets {
  try {
    // O_EXCL: nobody can have put a file or a link of their own in this place.
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const keys = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => Buffer.from(line, 'base64'));
  if (keys.length === 0 || keys.some(({ length }) => length !== 32)) throw new StoreError('SECRETS_UNREADABLE');
  return new Secrets(keys);
}
