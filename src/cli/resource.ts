// A PUT that only creates: `add` must not replace what somebody else has put there.

import type { ApiClient } from './api-client.js';
import { CliError } from './errors.js';

/** @throws CliError REFUSED where it exists already */
export async function addNew<T>(api: ApiClient, path: string, body: object): Promise<T> {
  if (await exists(api, path)) throw new CliError('REFUSED', 'it exists already: change it with "set"');
  return api.put<T>(path, body);
}

async function exists(api: ApiClient, path: string): Promise<boolean> {
  try {
    await api.get(path);
    return true;
  } catch (error) {
    if (error instanceof CliError && error.code === 'REFUSED') return false;
    throw error;
  }
}
