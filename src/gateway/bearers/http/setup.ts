// The options of a gateway of type `http`, read into what sends and judges a request.
//
//   url, method, headers, body    templates of the URL template language; method GET or POST, default GET, POST with a body
//   successPattern                RE2: an answer of 2xx means sent where this is found in its first 4,096 characters
//   idPattern                     RE2: its first group is what the provider calls the text
//   preset, parameters            a provider that is known here, and what it asks for; other options stand over it
//   clientCertificate, clientKey, caCertificate    PEM, or the path of a PEM file
//   timeoutSeconds                for a whole request, default 30
//   concurrency                   messages at a time, default 32

import type { TlsIdentity } from '../../../hooks/connection-pools.js';
import { OptionError } from '../../errors.js';
import { readIdentity } from './certificates.js';
import { limits } from './limits.js';
import { type Pattern, readPattern } from './pattern.js';
import { withPreset } from './preset-options.js';
import { readRequestTemplate, type RequestTemplate } from './request.js';

export interface HttpOptions {
  url?: string;
  method?: 'GET' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: string;
  successPattern?: string;
  idPattern?: string;
  clientCertificate?: string;
  clientKey?: string;
  caCertificate?: string;
  timeoutSeconds?: number;
  concurrency?: number;
}

export interface HttpSetup {
  request: RequestTemplate;
  success: Pattern | undefined;
  id: Pattern | undefined;
  identity: TlsIdentity | undefined;
  timeoutMilliseconds: number;
  concurrency: number;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

const checks: Record<keyof HttpOptions, (value: unknown) => boolean> = {
  url: isText,
  method: (value) => value === 'GET' || value === 'POST',
  headers: (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length <= limits.headers &&
    Object.values(value).every((field) => typeof field === 'string'),
  body: isText,
  successPattern: isText,
  idPattern: isText,
  clientCertificate: isText,
  clientKey: isText,
  caCertificate: isText,
  timeoutSeconds: (value) => typeof value === 'number' && value > 0 && value <= limits.timeoutSeconds,
  concurrency: (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= limits.concurrency,
};

/** @throws OptionError */
export function readSetup(given: Record<string, unknown>): HttpSetup {
  const options = checked(withPreset(given));
  const { successPattern, idPattern, timeoutSeconds = 30, concurrency = 32 } = options;
  const id = idPattern === undefined ? undefined : readPattern(idPattern, 'idPattern');
  if (id && id.groups === 0) throw new OptionError('idPattern', 'It has no group.');
  return {
    request: readRequestTemplate(options),
    success: successPattern === undefined ? undefined : readPattern(successPattern, 'successPattern'),
    id,
    identity: readIdentity(options),
    timeoutMilliseconds: timeoutSeconds * 1000,
    concurrency,
  };
}

/** @throws OptionError */
function checked(options: Record<string, unknown>): HttpOptions & { url: string } {
  const bad = Object.entries(options).find(
    ([name, value]) => !Object.hasOwn(checks, name) || !checks[name as keyof HttpOptions](value),
  );
  if (bad) throw new OptionError(bad[0]);
  const { url, ...others } = options as HttpOptions;
  if (url === undefined) throw new OptionError('url');
  return { url, ...others };
}
