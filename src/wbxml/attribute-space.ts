// The attributes of a document type: code pages of their own, with tokens for names, for the beginning of a value or all of
// it, and for parts of values.
// WAP-192-WBXML 5.8.3 Attribute Code Space (ATTRSTART and ATTRVALUE)

export interface AttributePage {
  readonly page: number;
  /** `name` alone, `name=value`, or `name=beginning*` where the rest of the value follows. */
  readonly starts: Readonly<Record<string, number>>;
  /** A whole value, or `*part*` of one. */
  readonly values: Readonly<Record<string, number>>;
}

/** `page << 8 | token`. */
export type Token = number;

export interface AttributeStart {
  readonly name: string;
  /** What of the value the token stands for. */
  readonly beginning: string;
}

interface Names {
  bare: Token | undefined;
  readonly wholes: Map<string, Token>;
}

const FIRST_VALUE = 0x80;

/**
 * What stands on several pages is written with the first of them; all are read. Beginnings and parts of values are read and
 * not written: they save few octets, and every decoder knows the text itself.
 */
export class AttributeSpace {
  readonly #pages = new Set<number>();
  readonly #starts = new Map<Token, AttributeStart>();
  readonly #values = new Map<Token, string>();
  readonly #names = new Map<string, Names>();
  readonly #wholeValues = new Map<string, Token>();

  constructor(pages: readonly AttributePage[]) {
    for (const { page, starts, values } of pages) {
      this.#pages.add(page);
      for (const [key, token] of Object.entries(starts)) this.#addStart(key, checked((page << 8) | token, false));
      for (const [key, token] of Object.entries(values)) this.#addValue(key, checked((page << 8) | token, true));
    }
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  hasPage(page: number): boolean {
    return this.#pages.has(page);
  }

  startOf(token: Token): AttributeStart | undefined {
    return this.#starts.get(token);
  }

  valueOf(token: Token): string | undefined {
    return this.#values.get(token);
  }

  /** The token that says the most of an attribute, and what of its value it leaves to say. */
  bestStart(name: string, value: string): { token: Token; rest: string } | undefined {
    const names = this.#names.get(name);
    const whole = names?.wholes.get(value);
    if (whole !== undefined) return { token: whole, rest: '' };
    return names?.bare === undefined ? undefined : { token: names.bare, rest: value };
  }

  /** The token of a name alone, before octets. */
  bareStart(name: string): Token | undefined {
    return this.#names.get(name)?.bare;
  }

  wholeValue(value: string): Token | undefined {
    return this.#wholeValues.get(value);
  }

  #addStart(key: string, token: Token): void {
    const [, name, , value = ''] = /^([^=]+)(=(.*))?$/s.exec(key)!;
    const beginning = value.replace(/\*$/, '');
    if (this.#starts.has(token)) throw new Error(`attribute ${key} has the token of another`);
    this.#starts.set(token, { name: name!, beginning });
    const names = this.#namesOf(name!);
    if (value === '') names.bare ??= token;
    else if (beginning === value && !names.wholes.has(value)) names.wholes.set(value, token);
  }

  #addValue(key: string, token: Token): void {
    if (this.#values.has(token)) throw new Error(`value ${key} has the token of another`);
    const part = /^\*(.*)\*$/s.exec(key)?.[1];
    this.#values.set(token, part ?? key);
    if (part === undefined && !this.#wholeValues.has(key)) this.#wholeValues.set(key, token);
  }

  #namesOf(name: string): Names {
    let names = this.#names.get(name);
    if (!names) this.#names.set(name, (names = { bare: undefined, wholes: new Map() }));
    return names;
  }
}

function checked(token: Token, isValue: boolean): Token {
  const octet = token & 0xff;
  if ((octet & 0x3f) < 5 || octet > 0xff || octet >= FIRST_VALUE !== isValue)
    throw new Error(`attribute token ${octet} is out of range`);
  return token;
}
