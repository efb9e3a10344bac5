// What conditions ask of a message. Each answer is worked out once, and again after a header was edited.

import { comparable, countryOf, type CountryCode } from '../sms/number.js';
import { readDestination } from './destination.js';
import type { FieldName } from './rule.js';
import type { TrafficMessage } from './traffic.js';

export interface FactsOptions {
  readonly now: number;
  readonly defaultCountry: CountryCode | undefined;
}

/** The writings of one field, any of which may match. */
export interface Writings {
  /** As it stands. */
  readonly written: readonly string[];
  /** For comparisons, in lower case: numbers also without gateway, and in international form. */
  readonly compared: readonly string[];
}

/** Fields whose value is text. */
export type TextField = Exclude<
  FieldName,
  'country' | 'size' | 'parts' | 'encoding' | 'time' | 'weekday' | 'authenticated'
>;

export class Facts {
  readonly #options: FactsOptions;
  readonly #writings = new Map<string, Writings>();
  #country: CountryCode | 'none' | undefined;
  #date: Date | undefined;
  message: TrafficMessage;

  constructor(message: TrafficMessage, options: FactsOptions) {
    this.message = message;
    this.#options = options;
  }

  /** The message goes on with other headers. */
  change(message: TrafficMessage): void {
    this.message = message;
    this.#writings.clear();
    this.#country = undefined;
  }

  textOf(field: TextField): Writings {
    return this.#remembered(field, () => this.#readText(field));
  }

  /** @param name In lower case. */
  header(name: string): Writings {
    return this.#remembered(`header:${name}`, () => plain(headerValues(this.message, name)));
  }

  /** Of the number at the other end. */
  get country(): CountryCode | undefined {
    this.#country ??= countryOf(otherNumber(this.message), this.#options.defaultCountry) ?? 'none';
    return this.#country === 'none' ? undefined : this.#country;
  }

  get date(): Date {
    return (this.#date ??= new Date(this.#options.now));
  }

  #remembered(key: string, read: () => Writings): Writings {
    const known = this.#writings.get(key);
    if (known) return known;
    const writings = read();
    this.#writings.set(key, writings);
    return writings;
  }

  #readText(field: TextField): Writings {
    const { message } = this;
    switch (field) {
      case 'from':
        return this.#addresses(message.from, message.fromAddress);
      case 'to':
        return this.#addresses(message.to);
      case 'body':
        return plain([message.body]);
      case 'subject':
        return plain([message.subject]);
      case 'gateway':
        return plain(present(message.gateway));
      case 'user':
        return plain(present(message.sender?.address));
      case 'domain':
        return plain(present(message.sender?.domain));
      case 'group':
        return plain(message.sender?.groups ?? []);
    }
  }

  #addresses(address: string, other?: string): Writings {
    const number = address.includes('@') || address.includes('&') ? readDestination(address).number : address;
    const international = comparable(number, this.#options.defaultCountry);
    const forms = new Set([address, number, international, ...present(other)]);
    return { written: [address, ...present(other)], compared: [...forms].map((each) => each.toLowerCase()) };
  }
}

export function headerValues(message: TrafficMessage, name: string): readonly string[] {
  switch (name) {
    case 'from':
      return [message.from, ...present(message.fromAddress)];
    case 'to':
      return [message.to];
    case 'subject':
      return [message.subject];
    default:
      return message.headers.filter((header) => header.name.toLowerCase() === name).map(({ value }) => value);
  }
}

/** Outgoing: the number it goes to; incoming: the one it comes from. */
export function otherNumber(message: TrafficMessage): string {
  return message.direction === 'outgoing' ? readDestination(message.to).number : message.from;
}

function plain(written: readonly string[]): Writings {
  return { written, compared: written.map((each) => each.toLowerCase()) };
}

function present(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}
