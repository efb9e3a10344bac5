// To of an outgoing message as rules see and write it: `number[@gatewayId][&name=value…]`.

import { limits } from './limits.js';
import type { Destination } from './outcome.js';
import { decoded } from '../sms/sms-uri.js';

const marks = /[@&?%]/g;

/** Whatever is written is read; that a number or a gateway is none, others find. */
export function readDestination(to: string): Destination {
  const [address, query] = splitAt(to, to.search(/[&?]/));
  const [number, gateway] = splitAt(address, address.indexOf('@'));
  const fields = query === '' ? [] : query.split(/[&?]/, limits.parameters);
  return {
    number: number.trim(),
    gateway: decoded(gateway.trim()) || undefined,
    parameters: fields.filter((field) => field !== '').map(readParameter),
  };
}

/** As it comes to the rules: what may follow the number has none of the marks that divide it. */
export function writeDestination({ number, gateway, parameters }: Destination): string {
  const written = parameters.map(([name, value]) => `&${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  const at = gateway === undefined ? '' : `@${gateway.replaceAll(marks, encodeURIComponent)}`;
  return `${number}${at}${written.join('')}`;
}

function readParameter(field: string): readonly [string, string] {
  const [name, value] = splitAt(field, field.indexOf('='));
  return [decoded(name).toLowerCase(), decoded(value)];
}

function splitAt(text: string, at: number): [string, string] {
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
