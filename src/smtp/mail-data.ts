// DATA: the octets of one mail, within bounds. RFC 5321 4.1.1.4 DATA, 2.3.8 Lines

import type { SMTPServerDataStream } from 'smtp-server';
import { MailError } from '../mail/errors.js';
import { SmtpError } from './errors.js';
import { limits } from './limits.js';

/** What all mails that are on their way in take of the memory, together. */
export class Intake {
  #octets = 0;

  get octets(): number {
    return this.#octets;
  }

  /** Resolves with the whole mail; `release` gives its place back. Throws SmtpError, MailError MAIL_TOO_LARGE. */
  async collect(stream: SMTPServerDataStream): Promise<{ octets: Uint8Array; release: () => void }> {
    const chunks: Buffer[] = [];
    let held = 0;
    let failure: Error | undefined;
    const release = (): void => {
      this.#octets -= held;
      held = 0;
      chunks.length = 0;
    };
    const keep = (chunk: Buffer): void => {
      this.#octets += chunk.length;
      held += chunk.length;
      if (stream.byteLength > limits.mailOctets) failure = new MailError('MAIL_TOO_LARGE');
      else if (this.#octets > limits.octetsAtOnce) failure = new SmtpError('TOO_MUCH_AT_ONCE');
      else chunks.push(chunk);
      if (failure !== undefined) release();
    };
    try {
      await ended(stream, (chunk) => {
        // What is refused is read to its end all the same: the reply has its place behind it.
        if (failure === undefined) keep(chunk);
      });
      if (failure !== undefined) throw failure;
      const octets = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      if (hasBareLineBreak(octets)) throw new SmtpError('BARE_LINE_BREAK');
      return { octets, release };
    } catch (error) {
      release();
      throw error;
    }
  }
}

function ended(stream: SMTPServerDataStream, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => {
      reject(new SmtpError('TOO_SLOW'));
      // Its end is not waited for: the reply goes out at once, and ends the line.
      stream.destroy();
    }, limits.dataMilliseconds);
    let isSettled = false;
    const settle = (end: () => void): void => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(tooLate);
      end();
    };
    const breakOff = (): void => settle(() => reject(new SmtpError('TOO_SLOW')));
    stream.on('data', take);
    stream.once('end', () => settle(resolve));
    stream.once('error', breakOff);
    // After its end too.
    stream.once('close', breakOff);
  });
}

const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/** Where servers see the end of a line differently, a mail can hold another one that only some of them see. */
export function hasBareLineBreak(octets: Uint8Array): boolean {
  for (let at = octets.indexOf(lineFeed); at !== -1; at = octets.indexOf(lineFeed, at + 1))
    if (octets[at - 1] !== carriageReturn) return true;
  for (let at = octets.indexOf(carriageReturn); at !== -1; at = octets.indexOf(carriageReturn, at + 1))
    if (octets[at + 1] !== lineFeed) return true;
  return false;
}
