// The request of a gateway as a template, and the one request that comes of it and a message.

import { HookError } from '../../../hooks/errors.js';
import { type Charset, findCharset } from '../../../hooks/template/charset.js';
import type { Escape } from '../../../hooks/template/escape.js';
import { parseTemplate, type Template } from '../../../hooks/template/parse.js';
import { renderTemplate, type TemplateValues } from '../../../hooks/template/render.js';
import { parseUrlTemplate } from '../../../hooks/template/url.js';
import { OptionError } from '../../errors.js';

export interface HttpRequest {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string;
}

export interface RequestTemplate {
  method: 'GET' | 'POST';
  url: Template;
  headers: readonly (readonly [string, Template])[];
  body: Template | undefined;
  bodyEscape: Escape;
  /** Of the body, where its Content-Type names another one than UTF-8. */
  bodyCharset: Charset | undefined;
  /** It asks for more of the user who sends than a message holds. */
  namesUser: boolean;
}

interface RequestOptions {
  url: string;
  method?: 'GET' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

// RFC 9110 5.6.2 Tokens, 5.5 Field Values
const token = /^[\w!#$%&'*+\-.^`|~]+$/;
const controls = /[^\t\x20-\x7e\x80-\u{10ffff}]/u;
// What the connection says of itself. RFC 9110 7.6.1 Connection
const ofConnection = /^(?:host|connection|content-length|transfer-encoding|keep-alive|upgrade|expect|te|trailer)$/i;

/** @throws OptionError, with the variable or attribute that is not known */
export function readRequestTemplate({ url, headers = {}, body, ...options }: RequestOptions): RequestTemplate {
  const { method = body === undefined ? 'GET' : 'POST' } = options;
  if (method === 'GET' && body !== undefined) throw new OptionError('body', 'A GET has no body.');
  const contentType = Object.entries(headers).find(([name]) => /^content-type$/i.test(name))?.[1];
  const templates = {
    url: parsed('url', () => parseUrlTemplate(url)),
    headers: Object.entries(headers).map(readHeader),
    body: body === undefined ? undefined : parsed('body', () => parseTemplate(body)),
  };
  return {
    method,
    ...templates,
    namesUser: [templates.url, templates.body ?? [], ...templates.headers.map(([, value]) => value)].some(namesUser),
    bodyEscape: escapeOf(contentType),
    bodyCharset: charsetOf(contentType),
  };
}

function readHeader([name, value]: [string, string]): [string, Template] {
  if (!token.test(name) || controls.test(value) || ofConnection.test(name))
    throw new OptionError('headers', 'A header field is malformed, or of the connection itself.');
  return [name, parsed('headers', () => parseTemplate(value))];
}

function namesUser(template: Template): boolean {
  return template.some((piece) => typeof piece !== 'string' && /^(?:from|sender_phonealias)$/.test(piece.variable));
}

function parsed(option: string, parse: () => Template): Template {
  try {
    return parse();
  } catch (error) {
    if (error instanceof HookError) throw new OptionError(option, `In this template ${error.detail}.`);
    throw error;
  }
}

function escapeOf(contentType = ''): Escape {
  const mediaType = contentType.split(';')[0]!.trim().toLowerCase();
  if (/^application\/json$|\+json$/.test(mediaType)) return 'json';
  if (/^(?:application|text)\/xml$|\+xml$/.test(mediaType)) return 'xml';
  return mediaType === 'application/x-www-form-urlencoded' ? 'form' : 'none';
}

function charsetOf(contentType = ''): Charset | undefined {
  const name = /;\s*charset="?([^\s";]+)/i.exec(contentType)?.[1];
  if (name === undefined || /^utf-?8$/i.test(name)) return undefined;
  const charset = findCharset(name);
  if (!charset) throw new OptionError('headers', 'The character set of the Content-Type is not known.');
  return charset;
}

/** @throws HookError BAD_VALUE */
export function buildRequest(template: RequestTemplate, values: TemplateValues): HttpRequest {
  const { method, body, bodyEscape } = template;
  const url = withValues(renderTemplate(template.url, values, 'url'), passedOn(template, values));
  const headers = Object.fromEntries(
    template.headers.map(([name, value]) => [name, renderTemplate(value, values, 'none')]),
  );
  const request: HttpRequest = { method, url, headers };
  if (body) request.body = renderTemplate(body, values, bodyEscape);
  return request;
}

export function encodeBody({ bodyCharset }: RequestTemplate, { body }: HttpRequest): Uint8Array | string | undefined {
  return body !== undefined && bodyCharset ? bodyCharset.encode(body) : body;
}

/** Pairs that the sender passes on and the template names no place for: they end the URL of a GET. */
function passedOn({ method, url }: RequestTemplate, { value = [] }: TemplateValues): string {
  const isPlaced = url.some((piece) => typeof piece !== 'string' && piece.variable === 'value');
  return method === 'GET' && !isPlaced && value.length > 0 ? renderTemplate(everyPair, { value }, 'url') : '';
}

const everyPair = parseTemplate('%value%');

function withValues(url: string, pairs: string): string {
  if (pairs === '') return url;
  const [address, ...fragment] = url.split('#');
  const query = address!.includes('?') ? pairs : pairs.replace(/^&?/, '?');
  return [address! + query, ...fragment].join('#');
}
