// What the files of the admin API share: the instance they put their routes on, and the shapes all resources have.

import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type TProperties, type TSchema, Type } from 'typebox';

/** An instance whose handlers have the types of their schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Whatever else a body or a query has is refused by name. */
export const strictObject = <T extends TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });

/** A line of text that people wrote. */
export const line = (maxLength = 256) => Type.String({ maxLength });

export const instant = Type.String({ description: 'in UTC, such as 2026-01-31T12:00:00.000Z' });

/** The body of a 204. */
export const nothing = Type.Null({ description: 'no content' });

export function writeInstant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

export function writeInstantOrNull(milliseconds: number | null | undefined): string | null {
  return milliseconds === null || milliseconds === undefined ? null : writeInstant(milliseconds);
}
