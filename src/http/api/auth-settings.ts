// `auth` of the settings: who knows whether a password is right, and how that server is asked.

import { type Static, type TProperties, Type } from 'typebox';
import { isThisMachine } from '../../accounts/imap-login.js';
import { withoutPrivateKeys } from '../../gateway/shown-options.js';
import type { AuthSettings } from '../../store/settings.js';
import { HttpError } from '../errors.js';
import { line, orNull, strictObject } from './api.js';

const backend = Type.Enum(['local', 'imap', 'ldap']);
const caCertificate = Type.String({ maxLength: 100_000, description: 'PEM or a path' });

const imap = {
  host: Type.String({ minLength: 1, maxLength: 253 }),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  tls: Type.Enum(['implicit', 'starttls', 'none'], { description: 'none to this machine only' }),
  loginName: Type.Enum(['address', 'local-part'], { description: 'what the server calls a user' }),
  caCertificate,
};

const ldap = {
  url: line(1_000),
  startTls: Type.Boolean(),
  bindDn: Type.String({ maxLength: 1_000, description: 'entry of a user, with %address%, %local-part%, %domain%' }),
  baseDn: Type.String({ maxLength: 1_000, description: 'where the entry is searched for, without bindDn' }),
  filter: Type.String({ maxLength: 1_000, description: 'with the same variables' }),
  searchDn: Type.String({ maxLength: 1_000, description: 'as whom it is searched for' }),
  caCertificate,
};

const searchPassword = Type.String({ maxLength: 1_000, description: 'written, never read back' });

export const authResource = Type.Object({
  backend,
  imap: Type.Object(optional(imap)),
  ldap: Type.Object({ ...optional(ldap), hasSearchPassword: Type.Boolean() }),
});

export const authBody = Type.Optional(
  orNull(
    strictObject({
      backend: Type.Optional(orNull(backend)),
      imap: Type.Optional(orNull(strictObject(orNullEach(imap)))),
      ldap: Type.Optional(orNull(strictObject(orNullEach({ ...ldap, searchPassword })))),
    }),
  ),
);

function optional<T extends TProperties>(properties: T): TProperties {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, Type.Optional(schema)]));
}

function orNullEach<T extends TProperties>(properties: T): TProperties {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, Type.Optional(orNull(schema))]));
}

/** Before it is relied on. Throws HttpError BAD_FIELD. */
export function checkAuth({ backend, imap, ldap }: AuthSettings): void {
  if (backend === 'imap' && imap.tls === 'none' && !isThisMachine(imap.host))
    throw new HttpError('BAD_FIELD', 'auth.imap.tls');
  if (backend !== 'ldap') return;
  const url = URL.canParse(ldap.url) ? new URL(ldap.url) : undefined;
  const isLdap = url && ['ldap:', 'ldaps:'].includes(url.protocol);
  // Nobody reads a password there, and everybody who may read settings would.
  const hasLogin = url !== undefined && `${url.username}${url.password}` !== '';
  const isGuarded = isLdap && (url.protocol === 'ldaps:' || ldap.startTls || isThisMachine(url.hostname));
  if (!isGuarded || hasLogin) throw new HttpError('BAD_FIELD', 'auth.ldap.url');
  if (ldap.bindDn === undefined && ldap.baseDn === undefined) throw new HttpError('BAD_FIELD', 'auth.ldap.baseDn');
}

export function writeAuth({ backend, imap, ldap }: AuthSettings): Static<typeof authResource> {
  const { searchPassword, ...shown } = ldap;
  const hasSearchPassword = searchPassword !== undefined;
  return { backend, imap: { ...withoutKeys(imap) }, ldap: { ...withoutKeys(shown), hasSearchPassword } };
}

function withoutKeys<Server extends { caCertificate?: string | undefined }>(server: Server): Server {
  const { caCertificate } = server;
  return { ...server, ...(caCertificate !== undefined && { caCertificate: withoutPrivateKeys(caCertificate) }) };
}
