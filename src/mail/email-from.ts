// Who a text is from in mail programs, by the *E-mail From* of the gateway that brought it.

import { readNumber } from '../sms/number.js';
import { addressOfNumber, type MailAddress, readAddresses } from './address.js';

/** As the API shows it: `sms:+12025550101@example.com` of `sms:%s@example.com`, the number alone of `%s`. */
export function fillEmailFrom(template: string | null, { number, domain }: { number: string; domain: string }): string {
  return (template || `sms:%s@${domain}`).replaceAll('%s', () => number);
}

const smsAddress = /^"?sms:[^]*@([^\s@"<>]+)$/i;

export interface TextSender {
  /** What `fillEmailFrom` gave. */
  mailFrom: string;
  number: string;
  name?: string | undefined;
  /** Of whoever has the text. */
  domain: string;
}

/** The same as RFC 5322 can write it. An address without a domain gets that of whoever has the text. */
export function mailSenderOf({ mailFrom, number, name, domain }: TextSender): MailAddress {
  const [, smsDomain] = smsAddress.exec(mailFrom) ?? [];
  if (smsDomain !== undefined) return addressOfNumber({ number, name, domain: smsDomain });
  const read = readAddresses(mailFrom)[0];
  if (read?.address.includes('@')) return { name: read.name ?? name ?? number, address: read.address };
  const written = readNumber(number);
  return written === undefined
    ? addressOfNumber({ number, name, domain })
    : { name: name ?? number, address: `${written}@${domain}` };
}
