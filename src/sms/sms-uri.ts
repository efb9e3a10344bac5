// `sms:` URIs, as RFC 5724 has them and as people write them into mail and web requests.
// RFC 5724 2.2 Formal Definition: sms:+15551234567;name=value,+15557654321?maxmsgs=2&body=Hello

import { limits } from './limits.js';
import { readNumber } from './number.js';

const scheme = /^\s*sms(?:to)?(?::|%3a)(?:\/\/)?/i;

/** What stands behind `sms:`; `undefined` where it is something else. */
export function behindScheme(written: string): string | undefined {
  const found = scheme.exec(written);
  return found === null ? undefined : written.slice(found[0].length);
}

export interface SmsUri {
  /** Decoded as written, not yet known to be numbers. */
  recipients: string[];
  /** What stands after `?`, decoded, names in lower case. */
  parameters: [name: string, value: string][];
}

/** Reads what stands behind the scheme. */
export function readSmsUri(behind: string): SmsUri {
  const [path, query] = splitOnce(behind, '?');
  const fields = query === '' ? [] : query.split('&', limits.uriParameters);
  const parameters = fields.map((field): SmsUri['parameters'][number] => {
    const [name, value] = splitOnce(field, '=');
    return [decoded(name).toLowerCase(), decoded(value)];
  });
  return { recipients: path.split(',').map(readRecipient), parameters };
}

/** One number with its own parameters behind semicolons, of which one is heeded: `;interprefix=00`. It may be none. */
export function readRecipient(written: string): string {
  const [number, ...parameters] = written.split(';').map(decoded);
  const prefix = parameters.map((each) => interprefix.exec(each)?.[1]).find((each) => each !== undefined);
  return prefix === undefined ? number! : withPrefix(number!, prefix);
}

const interprefix = /^interprefix=(.*)$/is;

/** `+420605123456` with `00` is `00420605123456`: for gateways that know no plus. */
function withPrefix(written: string, prefix: string): string {
  const number = readNumber(written) ?? written;
  return number.startsWith('+') ? prefix + number.slice(1) : number;
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** With its percent signs read, where they can be. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
