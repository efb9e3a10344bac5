// Fields that are not shown to everybody who may read.

import { isHidden, notShown } from '../../rules/not-shown.js';
import { HttpError } from '../errors.js';

/** The body. Throws HttpError BAD_FIELD for what somebody read who was not shown all of it. */
export function refuseHidden<Body extends object>(body: Body, fields: readonly (keyof Body & string)[]): Body {
  const field = fields.find((name) => isHidden(body[name]));
  if (field !== undefined) throw new HttpError('BAD_FIELD', field);
  return body;
}

/** The names of header fields without their values. */
export function shownHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, notShown]));
}
