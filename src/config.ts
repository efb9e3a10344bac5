// What the administrator configures outside the store: a YAML file, EASMS_* variables over it, flags over both. The one
// file that reads the environment.

import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { parseDocument } from 'yaml';
import { openTrustedNetworks, type TrustedNetworks } from './http/trusted-networks.js';
import { canSharePort } from './node-version.js';

/** One line for the administrator: where the mistake stands, and what is wrong with it. Never the value itself. */
export class ConfigError extends Error {
  constructor(place: string, reason: string) {
    super(`${place}: ${reason}`);
    this.name = 'ConfigError';
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What a value must be; throws the reason why it is not. */
type Read<T> = (value: unknown) => T;

interface Key<T> {
  readonly read: Read<T>;
  readonly fallback: T;
  readonly flag?: keyof ServeFlags;
  /** The value may also stand in a file that EASMS_…_FILE names. */
  readonly isSecret?: boolean;
}

/** Flags of `easms serve`, as a command line gives them. */
export interface ServeFlags {
  config?: string | undefined;
  dataDir?: string | undefined;
  httpPort?: string | undefined;
  smsPort?: string | undefined;
  smtpPort?: string | undefined;
  databaseUrl?: string | undefined;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const text: Read<string> = (value) => {
  if (typeof value !== 'string' || value.trim() === '') throw new RangeError('must be a text that is not empty');
  return value;
};

const optionalText: Read<string | undefined> = text;

const port: Read<number> = (value) => {
  const number = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 65_535)
    throw new RangeError('must be a whole number from 0 to 65535');
  return number;
};

/** Of another machine: there is no free one to be found. */
const peersPort: Read<number> = (value) => {
  const number = port(value);
  if (number === 0) throw new RangeError('must be a whole number from 1 to 65535');
  return number;
};

const optionalPort: Read<number | undefined> = port;

const mostThreads = 8;

const threads: Read<number> = (value) => {
  const number = typeof value === 'string' && /^\d$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 1 || number > mostThreads)
    throw new RangeError(`must be a whole number from 1 to ${mostThreads}`);
  if (number > 1 && !canSharePort())
    throw new RangeError('must be 1: only from Node 22.12 on can several threads listen at one port');
  return number;
};

const webAddress: Read<string | undefined> = (value) => {
  if (!/^https?:\/\/./i.test(text(value)) || !URL.canParse(text(value)))
    throw new RangeError('must be an address that begins with http:// or https://');
  return text(value);
};

const logLevel: Read<LogLevel> = (value) => {
  const level = logLevels.find((name) => name === value);
  if (!level) throw new RangeError(`must be one of ${logLevels.join(', ')}`);
  return level;
};

const database: Read<'sqlite'> = (value) => {
  if (typeof value === 'string' && /^postgres(ql)?:/i.test(value))
    throw new RangeError('PostgreSQL is not part of this version yet; use sqlite');
  if (value !== 'sqlite') throw new RangeError('must be sqlite');
  return value;
};

const list: Read<readonly string[]> = (value) => {
  const entries: unknown = typeof value === 'string' ? value.split(',').map((entry) => entry.trim()) : value;
  if (!Array.isArray(entries)) throw new RangeError('must be a list of texts');
  return entries.map(text);
};

const networks: Read<TrustedNetworks> = (value) => openTrustedNetworks(list(value));

// Whoever asks for encryption must never be served without it.
const noTls: Read<undefined> = () => {
  throw new RangeError('HTTPS is not part of this version yet; let a reverse proxy speak it');
};

/** What the file holds that is named. */
const pemFile: Read<string | undefined> = (value) => {
  const path = text(value);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new RangeError(`names a file that cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
};

/** `off` for none. */
const portOrNone: Read<number | undefined> = (value) => (value === 'off' || value === false ? undefined : port(value));

// The path in the file; its variable is EASMS_ and the path in upper snake case.
const keys = {
  dataDir: { read: text, fallback: './data', flag: 'dataDir' },
  database: { read: database, fallback: 'sqlite', flag: 'databaseUrl', isSecret: true },
  'http.host': { read: text, fallback: '127.0.0.1' },
  'http.port': { read: port, fallback: 8080, flag: 'httpPort' },
  'http.sms.host': { read: optionalText, fallback: undefined },
  'http.sms.port': { read: optionalPort, fallback: undefined, flag: 'smsPort' },
  'http.sms.threads': { read: threads, fallback: 1 },
  'http.publicUrl': { read: webAddress, fallback: undefined },
  'http.tls.cert': { read: noTls, fallback: undefined },
  'http.tls.key': { read: noTls, fallback: undefined },
  'smtp.host': { read: text, fallback: '127.0.0.1' },
  'smtp.port': { read: portOrNone, fallback: 2525, flag: 'smtpPort' },
  'smtp.tls.cert': { read: pemFile, fallback: undefined },
  'smtp.tls.key': { read: pemFile, fallback: undefined },
  'smtp.tls.port': { read: optionalPort, fallback: undefined },
  'smtp.lmtp.host': { read: optionalText, fallback: undefined },
  'smtp.lmtp.port': { read: optionalPort, fallback: undefined },
  'relay.host': { read: optionalText, fallback: undefined },
  'relay.port': { read: peersPort, fallback: 587 },
  'relay.user': { read: optionalText, fallback: undefined },
  'relay.password': { read: optionalText, fallback: undefined, isSecret: true },
  trustedNetworks: { read: networks, fallback: openTrustedNetworks([]) },
  'log.level': { read: logLevel, fallback: 'info' },
} satisfies Record<string, Key<unknown>>;

type Path = keyof typeof keys;
const paths = Object.keys(keys) as Path[];

/** Every key by its path, such as `config.values['http.port']`. */
export interface Config {
  readonly values: { readonly [P in Path]: ReturnType<(typeof keys)[P]['read']> };
  /** EASMS_ADMIN_TOKEN, where it is set. */
  readonly adminToken: string | undefined;
  /** What to tell the administrator about settings that do nothing: one sentence each. */
  readonly notices: readonly string[];
}

/** Throws ConfigError. */
export function loadConfig(flags: ServeFlags, environment: Environment = process.env): Config {
  const given = new Map<Path, unknown>();
  if (flags.config !== undefined) readFile(flags.config, given);
  readEnvironment(environment, given);
  readFlags(flags, given);
  const values = Object.fromEntries(
    paths.map((path) => [path, given.has(path) ? given.get(path) : keys[path].fallback]),
  );
  if (given.has('relay.user') !== given.has('relay.password'))
    throw new ConfigError('relay', 'user and password go together: one of them is missing');
  checkTls(values as Config['values']);
  return {
    values: values as Config['values'],
    adminToken: secretVariable(environment, 'EASMS_ADMIN_TOKEN'),
    notices: [...lone(given), ...unknownVariables(environment)],
  };
}

function checkTls(values: Config['values']): void {
  const { 'smtp.tls.cert': cert, 'smtp.tls.key': key } = values;
  if ((cert === undefined) !== (key === undefined))
    throw new ConfigError('smtp.tls', 'cert and key go together: one of them is missing');
  if (key === undefined && values['smtp.tls.port'] !== undefined)
    throw new ConfigError('smtp.tls.port', 'needs smtp.tls.cert and smtp.tls.key');
  try {
    createSecureContext({ cert, key });
  } catch {
    throw new ConfigError('smtp.tls', 'cert and key are no PEM, or do not belong together');
  }
}

/** What the commands that talk to a running server take from the environment. */
export function readCliEnvironment(environment: Environment = process.env): {
  server: string | undefined;
  token: string | undefined;
  dataDir: string;
} {
  const { EASMS_SERVER: server, EASMS_DATA_DIR: dataDir = keys.dataDir.fallback } = environment;
  return { server, token: secretVariable(environment, 'EASMS_TOKEN'), dataDir };
}

function readFile(file: string, given: Map<Path, unknown>): void {
  const document = parseDocument(readText(file, file));
  const [mistake] = document.errors;
  // The parser's first line tells what and where; the rest shows the text around it, which may hold a secret.
  if (mistake) throw new ConfigError(file, mistake.message.split('\n')[0]!.replace(/:$/, ''));
  readMap(document.toJS() ?? {}, { file, prefix: '', given });
}

function readMap(map: unknown, at: { file: string; prefix: string; given: Map<Path, unknown> }): void {
  if (typeof map !== 'object' || map === null || Array.isArray(map))
    throw new ConfigError(`${at.file}${at.prefix && `: ${at.prefix.slice(0, -1)}`}`, 'must hold keys and values');
  for (const [name, value] of Object.entries(map)) {
    const path = at.prefix + name;
    if (paths.some((known) => known.startsWith(`${path}.`))) readMap(value, { ...at, prefix: `${path}.` });
    else at.given.set(knownPath(path, at.file), readValue(path as Path, value, `${at.file}: ${path}`));
  }
}

function knownPath(path: string, file: string): Path {
  if (!Object.hasOwn(keys, path)) throw new ConfigError(`${file}: ${path}`, 'is no key of the configuration');
  return path as Path;
}

function readEnvironment(environment: Environment, given: Map<Path, unknown>): void {
  for (const path of paths) {
    const name = variableName(path);
    const key: Key<unknown> = keys[path];
    const value = key.isSecret ? secretVariable(environment, name) : environment[name];
    if (value !== undefined) given.set(path, readValue(path, value, name));
  }
}

function readFlags(flags: ServeFlags, given: Map<Path, unknown>): void {
  for (const path of paths) {
    const { flag }: Key<unknown> = keys[path];
    const value = flag && flags[flag];
    if (value !== undefined) given.set(path, readValue(path, value, `--${hyphenated(flag!)}`));
  }
}

function readValue(path: Path, value: unknown, place: string): unknown {
  try {
    return keys[path].read(value);
  } catch (error) {
    throw new ConfigError(place, (error as RangeError).message);
  }
}

function secretVariable(environment: Environment, name: string): string | undefined {
  const fileVariable = `${name}_FILE`;
  const file = environment[fileVariable];
  const value = file === undefined ? environment[name] : readText(file, fileVariable).trim();
  if (value === '') throw new ConfigError(file === undefined ? name : fileVariable, 'is empty');
  return value;
}

function readText(file: string, place: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(place, `cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

// What a part of the server cannot be without.
const firsts = { relay: 'relay.host', 'port for /sms/': 'http.sms.port' } as const satisfies Record<string, Path>;

function lone(given: Map<Path, unknown>): string[] {
  return Object.entries(firsts).flatMap(([part, first]) => {
    const folder = first.replace(/[^.]+$/, '');
    const isLone = !given.has(first) && [...given.keys()].some((path) => path.startsWith(folder));
    return isLone ? [`${first} is not set: the other settings of the ${part} do nothing`] : [];
  });
}

// Said and not refused: container platforms put variables of their own beside ours, EASMS_SERVICE_HOST among them.
function unknownVariables(environment: Environment): string[] {
  const ours = paths.flatMap((path) => [variableName(path), `${variableName(path)}_FILE`]);
  const known = new Set([
    ...ours,
    ...['ADMIN_TOKEN', 'ADMIN_TOKEN_FILE', 'SERVER', 'TOKEN', 'TOKEN_FILE'].map((name) => `EASMS_${name}`),
  ]);
  const unknown = Object.keys(environment).filter((name) => name.startsWith('EASMS_') && !known.has(name));
  return unknown.map((name) => `${name} is no setting of easms and does nothing`);
}

function variableName(path: string): string {
  return `EASMS_${hyphenated(path).replace(/[.-]/g, '_').toUpperCase()}`;
}

function hyphenated(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
