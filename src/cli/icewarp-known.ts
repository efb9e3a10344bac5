// What a server has already of what an import would bring.

import type { ApiClient } from './api-client.js';
import { CliError } from './errors.js';

export class KnownResources {
  readonly #api: ApiClient | undefined;
  readonly #dryRun: boolean;
  /** No server answers, which keeps no dry run from reading the files. */
  isAlone: boolean;

  constructor(api: ApiClient | undefined, { dryRun }: { dryRun: boolean }) {
    this.#api = api;
    this.#dryRun = dryRun;
    this.isAlone = api === undefined;
  }

  async find(resource: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    if (this.isAlone) return undefined;
    try {
      return await this.#api!.get(resource);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      if (error.code === 'REFUSED') return undefined;
      if (!this.#dryRun || error.code !== 'UNREACHABLE') throw error;
      this.isAlone = true;
      return undefined;
    }
  }
}

/** As the server says it where a token may read and not write. */
export function isNotShown(value: unknown): boolean {
  return typeof value === 'string' && value.includes('(not shown)');
}

/** The fields that would be others, by their names. What is never shown, such as a password, cannot be compared. */
export function differencesOf(there: Readonly<Record<string, unknown>>, body: object, prefix = ''): string[] {
  return Object.entries(body).flatMap(([name, value]: [string, unknown]) => {
    const before = there[name];
    if (!Object.hasOwn(there, name) || isNotShown(before)) return [];
    // Where nothing was said nothing is replaced.
    if (isObject(value)) return isObject(before) ? differencesOf(before, value, `${prefix}${name}.`) : [];
    return JSON.stringify(value ?? null) === JSON.stringify(before ?? null) ? [] : [prefix + name];
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
