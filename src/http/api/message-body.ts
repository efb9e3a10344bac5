// What is given to `POST /messages`, and the submission it stands for.

import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Submission } from '../../message/submit.js';
import { readBinary } from '../../sms/written-binary.js';
import type { User } from '../../store/tables.js';
import { HttpError } from '../errors.js';
import { readRequestKey } from '../request-key.js';
import { line, strictObject } from './api.js';

const octet = { minimum: 0, maximum: 255 };

export const messageBody = strictObject({
  from: Type.String({ description: 'address of the user who sends' }),
  to: Type.Array(line(100), { minItems: 1, maxItems: 1_000 }),
  text: Type.String({ description: 'base64 of the octets where binary is true' }),
  gateway: Type.Optional(Type.String({ description: 'it waits for this one until it expires' })),
  maxmsgs: Type.Optional(Type.Integer({ minimum: 1, description: 'a text is cut to so many parts' })),
  binary: Type.Optional(Type.Boolean()),
  udh: Type.Optional(Type.String({ description: 'base64 of the user data header, with or without its length octet' })),
  pid: Type.Optional(Type.Integer({ ...octet, description: 'TP-PID' })),
  dcs: Type.Optional(Type.Integer({ ...octet, description: 'TP-DCS' })),
  sender: Type.Optional(Type.String({ description: 'who it is from, where the gateway can show that' })),
  values: Type.Optional(Type.Array(Type.String(), { description: "pairs for the gateway's URL, such as &unicode=1" })),
  reply: Type.Optional(Type.String({ description: 'the address that answers go to' })),
  expireMinutes: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  warningMinutes: Type.Optional(Type.Number({ minimum: 0, description: '0 for never' })),
});

/** Sent twice, the second request gets the first answer. */
export const messageHeaders = Type.Object({ 'idempotency-key': Type.Optional(Type.String()) });

/** Throws HttpError BAD_FIELD. */
export function readSubmission(
  body: Static<typeof messageBody>,
  { user, request }: { user: User; request: FastifyRequest },
): Submission {
  const { to: numbers, text, maxmsgs: maxParts, binary: isBinary = false, udh } = body;
  const { gateway, pid, dcs, sender, values, reply, expireMinutes, warningMinutes } = body;
  if (!isBinary && udh) throw new HttpError('BAD_FIELD', 'udh');
  const binary = isBinary ? readBinary({ data: text, udh }) : undefined;
  if (isBinary && !binary) throw new HttpError('BAD_FIELD', 'text');
  const content = { numbers, text: isBinary ? '' : text, binary, pid, dcs, maxParts };
  const way = { gateway, sender, values, reply, expireMinutes, warningMinutes };
  return { user, origin: 'api', ...content, ...way, idempotency: readRequestKey(request) };
}
