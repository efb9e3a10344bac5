// Who may import whom. A room that is not in the table does not belong to the house yet: give it a row first.

import { posix } from 'node:path';
import ts from 'typescript';
import { type Complaints, roomOf, type Source } from './sources.js';

interface Room {
  /** Other rooms, or one file of them. */
  readonly mayImport: readonly string[];
  /** What single files of the room may import besides. */
  readonly besides?: Readonly<Record<string, readonly string[]>>;
}

// `eas` and `gateway` meet in the store alone. The virtual phone shares nothing with the server but the pure rooms.
export const rooms: Readonly<Record<string, Room>> = {
  wbxml: { mayImport: [] },
  sms: { mayImport: [] },
  store: { mayImport: ['sms'] },
  accounts: { mayImport: ['store'] },
  mail: { mayImport: ['store', 'sms'] },
  hooks: { mayImport: [] },
  rules: { mayImport: ['sms'] },
  message: { mayImport: ['store', 'accounts', 'rules', 'mail', 'hooks', 'push', 'sms'] },
  modem: { mayImport: ['sms'] },
  gateway: {
    mayImport: ['store', 'sms', 'message', 'hooks'],
    besides: {
      'gateway/bearers/modem.ts': ['modem'],
      'gateway/bearers/modem/outcome.ts': ['modem'],
      'gateway/bearers/modem/send.ts': ['modem'],
      'gateway/bearers/modem/setup.ts': ['modem'],
      'gateway/bearers/modem/take.ts': ['modem'],
    },
  },
  eas: {
    mayImport: [
      'wbxml',
      'sms',
      'store',
      'accounts',
      'mail',
      'message/errors.ts',
      'message/submit.ts',
      'message/mail.ts',
      'message/mail-words.ts',
      'message/notice.ts',
      'message/phone-texts.ts',
    ],
  },
  http: { mayImport: ['message', 'accounts', 'rules', 'store', 'sms', 'gateway', 'push/errors.ts'] },
  smtp: { mayImport: ['message', 'accounts', 'store', 'sms', 'mail'] },
  doctor: { mayImport: ['store', 'hooks', 'gateway'] },
  push: { mayImport: ['wbxml', 'sms'] },
  phone: { mayImport: ['wbxml', 'sms', 'push'] },
  icewarp: { mayImport: [] },
  'modem-sim': { mayImport: ['sms'] },
  cli: {
    mayImport: ['config.ts'],
    besides: {
      'cli/main.ts': ['node-version.ts'],
      'cli/serve.ts': ['serve.ts'],
      'cli/doctor.ts': ['modem'],
      'cli/demo.ts': ['server.ts', 'log.ts', 'phone'],
      'cli/import.ts': ['icewarp'],
      'cli/icewarp-import.ts': ['icewarp'],
      'cli/icewarp-export.ts': ['icewarp'],
      'cli/phone.ts': ['phone'],
      'cli/phone-input.ts': ['phone', 'sms'],
      'cli/decode-push.ts': ['push', 'sms'],
      'cli/modem-sim.ts': ['modem-sim'],
      'cli/modem-sim-input.ts': ['modem-sim'],
      'cli/modem-sim-words.ts': ['modem-sim'],
      'cli/decode.ts': ['wbxml', 'sms', 'push'],
      'cli/describe-pdu.ts': ['sms'],
      'cli/describe-tp-field.ts': ['sms'],
    },
  },
};

/** Each dependency and the rooms or files that may know of it. */
export const packages: Readonly<Record<string, readonly string[]>> = {
  '@fastify/swagger': ['http'],
  '@fastify/type-provider-typebox': ['http'],
  '@node-rs/argon2': ['accounts'],
  '@xmldom/xmldom': ['wbxml', 'eas', 'icewarp', 'rules'],
  'better-sqlite3': ['store', 'hooks/sql/sqlite-process.ts'],
  'binary-parser': ['wbxml'],
  commander: ['cli', 'serve.ts', 'main.ts'],
  'drizzle-orm': ['store'],
  fastify: ['http', 'eas', 'server.ts'],
  'html-to-text': ['mail'],
  ldapts: ['accounts'],
  'libphonenumber-js': ['sms'],
  mysql2: ['hooks/sql/mysql.ts'],
  nodemailer: ['mail'],
  pg: ['hooks/sql/postgresql.ts'],
  pino: ['log.ts', 'server.ts', 'http', 'eas', 'gateway', 'mail', 'message', 'smtp'],
  'postal-mime': ['mail'],
  'prom-client': ['http'],
  re2js: ['gateway', 'rules'],
  serialport: ['modem/port.ts'],
  'smtp-server': ['smtp'],
  typebox: ['http'],
  undici: ['hooks'],
  uuid: ['new-id.ts'],
  yaml: ['config.ts'],
};

export function checkImports(sources: readonly Source[]): Complaints {
  return sources.flatMap((source) =>
    ts.preProcessFile(source.text).importedFiles.flatMap(({ fileName }) => {
      const complaint = fileName.startsWith('.')
        ? checkOwn(source.path, fileName)
        : checkPackage(source.path, fileName);
      return complaint ? [`${source.path} ${complaint}`] : [];
    }),
  );
}

function checkOwn(path: string, specifier: string): string | undefined {
  const target = posix
    .join(posix.dirname(path), specifier)
    .replace(/\.js$/, '.ts')
    .replace(/^src\//, '');
  const room = roomOf(path);
  // Files beside the rooms wire them together.
  if (!room || target.startsWith(`${room}/`)) return undefined;
  const rules = rooms[room];
  if (!rules) return `lies in a room without a row in the import table: ${room}`;
  const allowed = [...rules.mayImport, ...(rules.besides?.[path.replace(/^src\//, '')] ?? [])];
  return liesIn(target, allowed) ? undefined : `may not import ${target}`;
}

function checkPackage(path: string, specifier: string): string | undefined {
  if (specifier.startsWith('node:')) return undefined;
  const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)![0];
  const allowed = packages[name];
  if (!allowed) return `imports ${name}, which has no row in the table of packages`;
  return liesIn(path.replace(/^src\//, ''), allowed) ? undefined : `may not import ${name}`;
}

function liesIn(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}

/** The environment is read in one file. */
export function checkEnvironment(sources: readonly Source[]): Complaints {
  return sources
    .filter(({ path, text }) => path !== 'src/config.ts' && /\bprocess\s*\.\s*env\b/.test(text))
    .map(({ path }) => `${path} reads process.env: src/config.ts does`);
}

/** Rows of the tables that nothing stands behind any more. */
export function checkTables(sources: readonly Source[], dependencies: readonly string[]): Complaints {
  const present = new Set(sources.map(({ path }) => roomOf(path)));
  const gone = Object.keys(rooms).filter((room) => !present.has(room));
  const imported = sources.flatMap(({ text }) => ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName));
  const isImported = (name: string): boolean => imported.some((file) => file === name || file.startsWith(`${name}/`));
  const unused = dependencies.filter((name) => !isBuildTool(name) && !isImported(name));
  return [
    ...gone.map((room) => `the import table has a row for ${room}, which does not exist`),
    ...unused.map((name) => `package.json depends on ${name}, which nothing imports`),
  ];
}

// Installing the package from its sources compiles it, so these stand among the dependencies.
function isBuildTool(name: string): boolean {
  return name === 'typescript' || name.startsWith('@types/');
}
