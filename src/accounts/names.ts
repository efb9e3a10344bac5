// The forms a name may have where people log in, and what an address of ours looks like.

import { domainToASCII } from 'node:url';
import { limits } from './limits.js';

const domainName =
  /^(?=.{1,253}$)[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)*$/u;
// No characters that separate name and domain or name and password elsewhere: % / \ : @ " , ; < >
const localPart = /^[^\s\p{Cc}%/\\:@"(),;<>[\]]{1,64}$/u;

export function isDomainName(name: string): boolean {
  return domainName.test(name);
}

// As a local part or a whole address. A colon would end it in sms.dat, and the other characters separate names elsewhere.
const accountName = /^[^\s\p{Cc}%/\\:"(),;<>[\]]{1,128}$/u;
const groupName = /^[\p{L}\p{N}][\p{L}\p{N}._ -]{0,63}$/u;

export function isAccountName(name: string): boolean {
  return accountName.test(name);
}

export function isGroupName(name: string): boolean {
  return groupName.test(name);
}

/** In lower case; `undefined` where it is no address that this server can give. */
export function readAddress(written: string): { address: string; domain: string } | undefined {
  const address = written.toLowerCase();
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  const isAddress = at > 0 && localPart.test(address.slice(0, at)) && isDomainName(domain);
  return isAddress && address.length <= limits.nameCharacters ? { address, domain } : undefined;
}

// RFC 5321 4.1.2 Command Argument Syntax, without quoted local parts: nobody has a mailbox of such a name.
const mailAddress = /^([!#-'*+\-./0-9=?A-Z^-~]{1,64})@([^\s@]+)$/;

/** An address of mail, here or elsewhere, as a mail server can be told it; `undefined` where it is none. */
export function readMailAddress(written: string): string | undefined {
  const [, local = '', domain = ''] = mailAddress.exec(written.trim()) ?? [];
  const address = `${local}@${domainToASCII(domain)}`;
  return isDomainName(domain) && address.length <= limits.mailAddressCharacters ? address : undefined;
}

/** An alias without a domain is one in the domain of its user. */
export function readAlias(written: string, domain: string): string | undefined {
  return readAddress(written.includes('@') ? written : `${written}@${domain}`)?.address;
}

export interface LoginName {
  /** To be looked for among addresses and aliases. */
  address: string | undefined;
  /** To be looked for in every domain, where no such address exists. */
  localPart: string | undefined;
}

/**
 * `user@domain`, `user%40domain`, `user%domain`, `user/domain`, `DOMAIN\user` and a bare `user`. The domain before a backslash is often
 * that of the phone's owner's computer, so there the bare name is a second try.
 */
export function readLoginName(written: string): LoginName {
  // Some phones escape the name as they do in the query. No domain begins with 40 as often as that.
  const name = written.toLowerCase().replace(/^([^@]*?)%40(?!.*@)/, '$1@');
  const backslash = name.indexOf('\\');
  if (backslash >= 0) return readBehindBackslash(name.slice(0, backslash), name.slice(backslash + 1));
  if (name.includes('@')) return { address: name, localPart: undefined };
  const separator = Math.max(name.lastIndexOf('%'), name.lastIndexOf('/'));
  if (separator < 0) return { address: undefined, localPart: name };
  return { address: `${name.slice(0, separator)}@${name.slice(separator + 1)}`, localPart: undefined };
}

function readBehindBackslash(domain: string, user: string): LoginName {
  if (user.includes('@')) return { address: user, localPart: undefined };
  return { address: `${user}@${domain}`, localPart: user };
}
