// The parameters of a profile: what may be given, and reading it.

import { PushError } from './errors.js';
import { limits } from './limits.js';

export interface Parameter {
  readonly name: string;
  readonly title: string;
  /** What the parameter is called in the document, which may be given as well. */
  readonly wire?: string;
  readonly isRequired?: boolean;
  readonly isSecret?: boolean;
  /** All that it may be. */
  readonly values?: readonly string[];
  /** A list of such entries in place of a text. */
  readonly entries?: readonly Parameter[];
}

/** As it was given: texts, numbers, truth values, and lists of the same. */
export type Given = Readonly<Record<string, unknown>>;

/** The parameters of one profile, or of one entry of a list. */
export class Values {
  readonly #texts = new Map<string, string>();
  readonly #lists = new Map<string, readonly Values[]>();

  /** @throws PushError BAD_FIELD with the name of the parameter */
  constructor(parameters: readonly Parameter[], given: Given) {
    for (const [name, value] of Object.entries(given)) {
      const parameter = parameters.find((each) => isCalled(each, name));
      if (!parameter) throw bad(name);
      if (value === null || value === undefined) continue;
      if (parameter.entries) this.#lists.set(parameter.name, readEntries(parameter, value));
      else this.#texts.set(parameter.name, readText(parameter, value));
    }
    const missing = parameters.find(({ name, isRequired }) => isRequired && !this.has(name));
    if (missing) throw bad(missing.name);
  }

  has(name: string): boolean {
    return this.#texts.has(name) || this.#lists.has(name);
  }

  text(name: string): string | undefined {
    return this.#texts.get(name);
  }

  list(name: string): readonly Values[] {
    return this.#lists.get(name) ?? [];
  }
}

function isCalled({ name, wire }: Parameter, given: string): boolean {
  return name === given || wire === given;
}

function readEntries({ name, entries = [] }: Parameter, value: unknown): Values[] {
  if (!Array.isArray(value) || value.length > limits.listEntries) throw bad(name);
  return value.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) throw bad(name);
    return new Values(entries, entry as Given);
  });
}

function readText({ name, values }: Parameter, value: unknown): string {
  const text = typeof value === 'boolean' ? Number(value).toString() : String(value);
  if (typeof value === 'object' || text === '' || text.length > limits.parameterCharacters) throw bad(name);
  if (values && !values.includes(text)) throw bad(name);
  return text;
}

function bad(field: string): PushError {
  return new PushError('BAD_FIELD', { field: `parameters.${field}` });
}
