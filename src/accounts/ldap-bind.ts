// Whether a directory lets somebody in: the entry of the user, and a bind as that entry.
// RFC 4513 5.1.3 Name/Password Authentication Mechanism of Simple Bind

import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { Client, InvalidCredentialsError, NoSuchObjectError } from 'ldapts';
import type { LdapSettings } from '../store/settings.js';
import { AccountError } from './errors.js';
import { isThisMachine } from './imap-login.js';
import { limits } from './limits.js';
import type { Login } from './password-check.js';

/** Rejects with AccountError BACK_END_UNAVAILABLE where the directory says neither yes nor no. */
export async function verifyByLdap(settings: LdapSettings, { address, password }: Login): Promise<boolean> {
  // RFC 4513 5.1.2: with an empty password a directory lets in whoever is named, as nobody.
  if (password === '' || password.includes('\0')) return false;
  const client = open(settings);
  try {
    if (settings.startTls) await client.startTLS(tlsOptionsOf(settings));
    const dn =
      settings.bindDn === undefined ? await findEntry(client, settings, address) : dnOf(settings.bindDn, address);
    return dn !== undefined && (await isBound(client, dn, password));
  } catch (error) {
    throw new AccountError('BACK_END_UNAVAILABLE', undefined, { cause: error });
  } finally {
    await client.unbind().catch(() => {});
  }
}

function open(settings: LdapSettings): Client {
  const { protocol, hostname } = new URL(settings.url);
  const isEncrypted = protocol === 'ldaps:' || settings.startTls;
  if (!isEncrypted && !isThisMachine(hostname)) throw new AccountError('BACK_END_UNAVAILABLE');
  const times = { timeout: limits.loginMilliseconds, connectTimeout: limits.loginMilliseconds };
  return new Client({
    url: settings.url,
    ...times,
    ...(protocol === 'ldaps:' && { tlsOptions: tlsOptionsOf(settings) }),
  });
}

function tlsOptionsOf({ caCertificate }: LdapSettings): ConnectionOptions {
  if (caCertificate === undefined) return {};
  return { ca: caCertificate.includes('-----BEGIN') ? caCertificate : readFileSync(caCertificate) };
}

async function isBound(client: Client, dn: string, password: string): Promise<boolean> {
  try {
    await client.bind(dn, password);
    return true;
  } catch (error) {
    if (error instanceof InvalidCredentialsError || error instanceof NoSuchObjectError) return false;
    throw error;
  }
}

/** The one entry that the filter finds; several are nobody. */
async function findEntry(client: Client, settings: LdapSettings, address: string): Promise<string | undefined> {
  const { baseDn, filter = '(mail=%address%)', searchDn, searchPassword = '' } = settings;
  if (baseDn === undefined) throw new Error('neither bindDn nor baseDn is set');
  if (searchDn !== undefined) await client.bind(searchDn, searchPassword);
  const wanted = {
    scope: 'sub',
    filter: fill(filter, address, escapeInFilter),
    sizeLimit: 2,
    attributes: ['dn'],
  } as const;
  const { searchEntries } = await client.search(baseDn, { ...wanted, attributes: [...wanted.attributes] });
  return searchEntries.length === 1 ? searchEntries[0]!.dn : undefined;
}

function dnOf(template: string, address: string): string {
  return fill(template, address, escapeInName);
}

function fill(template: string, address: string, escape: (value: string) => string): string {
  const at = address.lastIndexOf('@');
  const values: Record<string, string> = {
    address,
    'local-part': at < 0 ? address : address.slice(0, at),
    domain: at < 0 ? '' : address.slice(at + 1),
  };
  return template.replace(/%(address|local-part|domain)%/g, (_, name: string) => escape(values[name]!));
}

// RFC 4515 3 String Search Filter Definition
function escapeInFilter(value: string): string {
  return value.replace(/[\0()*\\]/g, (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

// RFC 4514 2.4 Converting an AttributeValue from ASN.1 to a String
function escapeInName(value: string): string {
  return value
    .replace(/["+,;<=>\\]/g, '\\$&')
    .replace(/\0/g, '\\00')
    .replace(/^[ #]| $/g, '\\$&');
}
