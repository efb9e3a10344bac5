// From what the validator objects to, to the one field that is named.

import type { FastifySchemaValidationError } from 'fastify/types/schema.js';
import { HttpError } from '../errors.js';

/** The first unknown field, else the first that is not of its kind; nested ones with dots between. */
export function schemaError(errors: readonly FastifySchemaValidationError[]): HttpError {
  const unknown = errors.find(({ keyword }) => keyword === 'boolean');
  if (unknown) return new HttpError('UNKNOWN_FIELD', fieldOf(unknown));
  return new HttpError('BAD_FIELD', errors[0] && fieldOf(errors[0]));
}

function fieldOf({ instancePath, params }: FastifySchemaValidationError): string | undefined {
  const [missing] = (params['requiredProperties'] as string[] | undefined) ?? [];
  const path = instancePath.split('/').slice(1);
  if (missing !== undefined) path.push(missing);
  const field = path.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).join('.');
  return field === '' ? undefined : field.slice(0, 100);
}
