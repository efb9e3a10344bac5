// Addresses of forward, copy and send: mail and `sms:` addresses, and of send also bare numbers, between commas.

import { readNumber } from '../sms/number.js';
import { behindScheme } from '../sms/sms-uri.js';
import { RuleError } from './errors.js';
import { fill, type Filling } from './fill.js';
import { limits } from './limits.js';
import { hasVariables, readTemplate, type Template } from './template.js';

/** Throws RuleError BAD_ACTION, BAD_VARIABLE, TOO_MANY. */
export function readAddresses(written: string): readonly Template[] {
  // Taken apart before variables are filled in: no value adds an address.
  const addresses = written
    .split(/[,;\n]/)
    .map((each) => each.trim())
    .filter((each) => each !== '');
  if (addresses.length === 0) throw new RuleError('BAD_ACTION', 'an address is needed');
  if (addresses.length > limits.addresses) throw new RuleError('TOO_MANY', 'addresses');
  return addresses.map((address) => {
    const template = readTemplate(address);
    if (!hasVariables(template) && !isAddress(address)) throw new RuleError('BAD_ACTION', `${address} is no address`);
    return template;
  });
}

/** Those that are addresses; a variable may be empty. */
export function fillAddresses(addresses: readonly Template[], filling: Filling): readonly string[] {
  return addresses.map((each) => fill(each, isSmsTemplate(each) ? 'uri' : 'address', filling).trim()).filter(isAddress);
}

function isSmsTemplate([first]: Template): boolean {
  return first?.kind === 'literal' && behindScheme(first.text) !== undefined;
}

function isAddress(address: string): boolean {
  if (address.length > 1_000 || /\s/.test(address)) return false;
  const behind = behindScheme(address);
  if (behind !== undefined) return /^[^?&@]/.test(behind);
  return /^[^@]+@[^@]+$/.test(address) || readNumber(address) !== undefined;
}
