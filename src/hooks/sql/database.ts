// A database that rules may write into, as the administrator lists it: `sqlite:/var/lib/archive.db`,
// `postgresql://user@host:5432/database`, `mysql://user@host/database`; with `?tls=yes` over TLS, its certificate being checked.

import { isAbsolute } from 'node:path';

export interface ListedDatabase {
  url: string;
  password?: string | undefined;
}

export type Database = { kind: 'sqlite'; file: string } | ServerDatabase;

export interface ServerDatabase {
  kind: 'postgresql' | 'mysql';
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  isTls: boolean;
}

const kinds: Readonly<Record<string, ServerDatabase['kind']>> = {
  'postgres:': 'postgresql',
  'postgresql:': 'postgresql',
  'mysql:': 'mysql',
  'mariadb:': 'mysql',
};

const ports = { postgresql: 5432, mysql: 3306 } as const;

/** Undefined where it is none. */
export function readDatabase({ url: written, password }: ListedDatabase): Database | undefined {
  const [, file] = /^sqlite:(?:\/\/)?(\/(?!\/).+)$/s.exec(written) ?? [];
  if (file !== undefined) return isAbsolute(file) && !file.includes('\0') ? { kind: 'sqlite', file } : undefined;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  const kind = url && kinds[url.protocol];
  if (!url || !kind || url.hostname === '') return undefined;
  const database = decoded(url.pathname.slice(1));
  const user = decoded(url.username);
  const options = [...url.searchParams];
  const isKnown = options.every(([name, value]) => name === 'tls' && /^(yes|no)$/.test(value));
  if (!database || !user || !isKnown) return undefined;
  return {
    kind,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? ports[kind] : Number(url.port),
    user,
    password: password ?? decoded(url.password) ?? '',
    database,
    isTls: url.searchParams.get('tls') === 'yes',
  };
}

/** The password that stands in the address, apart from it. */
export function withoutPassword({ url: written, password }: ListedDatabase): ListedDatabase {
  if (written.startsWith('sqlite:')) return { url: written };
  const url = new URL(written);
  const inside = decoded(url.password);
  url.password = '';
  return { url: url.href, password: password ?? (inside || undefined) };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
