// Speaks to the admin API of a running server.

import { CliError } from './errors.js';

export interface ApiClient {
  readonly server: string;
  get<T>(path: string): Promise<T>;
  put<T>(path: string, body: object): Promise<T>;
  patch<T>(path: string, body: object): Promise<T>;
  post<T>(path: string, body: object, headers?: Record<string, string>): Promise<T>;
  delete(path: string): Promise<void>;
  /** A document that is no JSON. */
  getText(path: string): Promise<string>;
  postText<T>(path: string, document: { text: string; type: string }): Promise<T>;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

// A server that takes the connection and then says nothing would hold the command for ever.
// Longer than the network takes to answer a code that is dialled through a modem.
const ANSWER_WITHIN_MS = 100_000;

/** Paths are relative to `/api/v1`. Every call throws CliError UNREACHABLE, REFUSED, NO_API. */
export function connect({ server, token }: { server: string; token: string }): ApiClient {
  const send = async (method: string, path: string, body?: object, more?: object): Promise<unknown> => {
    const type = body && { 'content-type': contentType[method] ?? JSON_TYPE };
    const response = await reach(new URL(`/api/v1${path}`, server), {
      method,
      headers: { authorization: `Bearer ${token}`, ...type, ...more },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      ...(body && { body: JSON.stringify(body) }),
    });
    return read(response);
  };
  const exchange = async (method: string, path: string, document?: { text: string; type: string }): Promise<Response> =>
    reach(new URL(`/api/v1${path}`, server), {
      method,
      headers: { authorization: `Bearer ${token}`, ...(document && { 'content-type': document.type }) },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      ...(document && { body: document.text }),
    });
  return {
    server,
    getText: async (path) => {
      const response = await exchange('GET', path);
      return response.ok ? response.text() : String(await read(response));
    },
    postText: async <T>(path: string, document: { text: string; type: string }) =>
      (await read(await exchange('POST', path, document))) as T,
    get: async <T>(path: string) => (await send('GET', path)) as T,
    put: async <T>(path: string, body: object) => (await send('PUT', path, body)) as T,
    patch: async <T>(path: string, body: object) => (await send('PATCH', path, body)) as T,
    post: async <T>(path: string, body: object, headers?: object) => (await send('POST', path, body, headers)) as T,
    delete: async (path) => void (await send('DELETE', path)),
  };
}

const JSON_TYPE = 'application/json';
// RFC 7396 4 IANA Considerations
const contentType: Readonly<Record<string, string>> = { PATCH: 'application/merge-patch+json' };

/** Every page of a list, one after the other. */
export async function listAll<T>(api: ApiClient, path: string): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor === '' ? '' : `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
    const page: Page<T> = await api.get<Page<T>>(path + query);
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

/** A path of segments, each of them escaped. */
export function pathOf(...segments: readonly string[]): string {
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join('');
}

async function reach(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw new CliError('UNREACHABLE', `no server answers at ${url.origin}: is it running (easms serve)?`, cause);
  }
}

async function read(response: Response): Promise<unknown> {
  const body = await response.text();
  if (response.ok && body === '') return undefined;
  const answer = parse(body);
  if (answer === undefined) throw new CliError('NO_API', `what answers at ${response.url} is no easms server`);
  if (response.ok) return answer;
  throw new CliError('REFUSED', sentenceOf(answer, response.status));
}

function parse(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

// {"error":{"code","message","field"?}}
function sentenceOf(answer: object, status: number): string {
  const { error } = answer as { error?: { code?: string; message?: string; field?: string } };
  if (status === 401) return 'the server does not take the token';
  if (error?.message === undefined) return `the server refused with HTTP ${status}`;
  return `${error.message}${error.field === undefined ? '' : ` (${error.field})`}`;
}
