// The template of a URL: variables may stand behind scheme, host and port, which are the administrator's alone.

import { HookError } from '../errors.js';
import { parseTemplate, type Template } from './parse.js';

// Up to the first character that ends the host and its port.
// RFC 3986 3.2 Authority
const authority = /^https?:\/\/[^\s/?#\\]+(?=[/?#]|$)/i;
const malformedEscape = /%(?![0-9A-Fa-f]{2})/;

/** @throws HookError BAD_TEMPLATE */
export function parseUrlTemplate(written: string): Template {
  const template = parseTemplate(written);
  const settled = authority.exec(written)?.[0];
  const beginning = template[0];
  if (settled === undefined || typeof beginning !== 'string' || beginning.length < settled.length)
    throw new HookError('BAD_TEMPLATE', 'a URL begins with http:// or https:// and a host without variables');
  if (!URL.canParse(settled)) throw new HookError('BAD_TEMPLATE', 'the host or the port of the URL is none');
  if (template.some((piece) => malformedEscape.test(typeof piece === 'string' ? piece : piece.appended)))
    throw new HookError(
      'BAD_TEMPLATE',
      'a percent sign in the URL begins neither a variable nor an escape such as %20',
    );
  return template;
}
