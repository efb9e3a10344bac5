// `rules` of the settings: what rules may start, call and write into. Nothing that is not listed.

import { type Static, Type } from 'typebox';
import { isHostEntry } from '../../message/rule-lists.js';
import { readSqlConnection } from '../../message/rule-lists.js';
import type { RuleSettings, SqlConnection } from '../../store/settings.js';
import { HttpError } from '../errors.js';
import { orNull, strictObject } from './api.js';

const allowedExecutables = Type.Array(Type.String({ minLength: 1, maxLength: 1_000 }), {
  maxItems: 1_000,
  description: 'absolute paths of programs that rules may start',
});

const allowedUrlHosts = Type.Array(Type.String({ minLength: 1, maxLength: 260 }), {
  maxItems: 1_000,
  description:
    'hosts that rules may call: `api.example.com`, `*.example.com`, `*`, `10.1.2.3:8080`, `10.1.0.0/16`; ' +
    'an address of a private network only where it, or its network, is listed',
});

const connectionName = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' });
const connectionUrl = Type.String({
  maxLength: 1_000,
  description: '`sqlite:/path/of.db`, `postgresql://user@host/database`, `mysql://user@host/database`, with `?tls=yes`',
});

const textsPerHour = Type.Integer({
  minimum: 1,
  maximum: 1_000_000,
  description: 'texts that rules send to one number: what answers answers comes to an end',
});

export const ruleSettingsResource = Type.Object({
  allowedExecutables,
  allowedUrlHosts,
  sqlConnections: Type.Array(Type.Object({ name: connectionName, url: connectionUrl, hasPassword: Type.Boolean() })),
  textsPerHour,
});

export const ruleSettingsBody = Type.Optional(
  orNull(
    strictObject({
      allowedExecutables: Type.Optional(orNull(allowedExecutables)),
      allowedUrlHosts: Type.Optional(orNull(allowedUrlHosts)),
      sqlConnections: Type.Optional(
        orNull(
          Type.Array(
            strictObject({
              name: connectionName,
              url: connectionUrl,
              password: Type.Optional(
                orNull(
                  Type.String({ maxLength: 1_000, description: 'written, never read back; kept where it is left out' }),
                ),
              ),
              hasPassword: Type.Optional(Type.Boolean({ description: 'as it was read; says nothing' })),
            }),
            { maxItems: 100 },
          ),
        ),
      ),
      textsPerHour: Type.Optional(orNull(textsPerHour)),
    }),
  ),
);

/** As they are kept: passwords apart from the addresses. Throws HttpError BAD_FIELD. */
export function readRuleSettings(written: RuleSettings, before: RuleSettings): RuleSettings {
  if (!written.allowedExecutables.every((path) => path.startsWith('/') && !path.includes('\0')))
    throw new HttpError('BAD_FIELD', 'rules.allowedExecutables');
  if (!written.allowedUrlHosts.every(isHostEntry)) throw new HttpError('BAD_FIELD', 'rules.allowedUrlHosts');
  const names = written.sqlConnections.map(({ name }) => name);
  if (new Set(names).size < names.length) throw new HttpError('BAD_FIELD', 'rules.sqlConnections');
  return { ...written, sqlConnections: written.sqlConnections.map((each) => readConnection(each, before)) };
}

function readConnection({ name, url: written, password }: SqlConnection, before: RuleSettings): SqlConnection {
  const read = readSqlConnection({ url: written, password: password ?? undefined });
  if (!read) throw new HttpError('BAD_FIELD', 'rules.sqlConnections.url');
  const { url } = read;
  // A secret that is never read back is not lost by whoever writes the rest again.
  const known = before.sqlConnections.find((each) => each.name === name && each.url === url)?.password;
  const kept = read.password ?? known;
  return { name, url, ...(kept !== undefined && { password: kept }) };
}

export function writeRuleSettings(rules: RuleSettings): Static<typeof ruleSettingsResource> {
  const { allowedExecutables, allowedUrlHosts, sqlConnections, textsPerHour } = rules;
  const shown = sqlConnections.map(({ name, url, password }) => ({ name, url, hasPassword: password !== undefined }));
  return { allowedExecutables, allowedUrlHosts, sqlConnections: shown, textsPerHour };
}
