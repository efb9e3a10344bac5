// Where the files lie below the folder of an installation.
//
//   config/smsgateway.dat   config/smsusers.dat   config/smsstat.dat     its place is an assumption
//   config/sms.dat          config/DOMAIN/sms.dat          mail/DOMAIN/USER/sms.dat

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface LevelFile {
  /** Below the folder. */
  path: string;
  text: string;
}

export interface InstallationFiles {
  gateways: LevelFile | undefined;
  smsUsers: LevelFile | undefined;
  stat: LevelFile | undefined;
  server: LevelFile | undefined;
  domains: (LevelFile & { domain: string })[];
  users: (LevelFile & { address: string })[];
}

/** Whether there is anything of an installation. */
export function isInstallation(folder: string): boolean {
  return existsSync(join(folder, 'config')) || existsSync(join(folder, 'mail'));
}

export function readInstallation(folder: string): InstallationFiles {
  const read = (...path: string[]): LevelFile | undefined => {
    const file = join(folder, ...path);
    return existsSync(file) ? { path: path.join('/'), text: readFileSync(file, 'utf8') } : undefined;
  };
  return {
    gateways: read('config', 'smsgateway.dat'),
    smsUsers: read('config', 'smsusers.dat'),
    stat: read('config', 'smsstat.dat'),
    server: read('config', 'sms.dat'),
    domains: foldersIn(join(folder, 'config')).flatMap((domain) => {
      const file = read('config', domain, 'sms.dat');
      return file ? [{ ...file, domain }] : [];
    }),
    users: foldersIn(join(folder, 'mail')).flatMap((domain) =>
      foldersIn(join(folder, 'mail', domain)).flatMap((user) => {
        const file = read('mail', domain, user, 'sms.dat');
        return file ? [{ ...file, address: `${user}@${domain}` }] : [];
      }),
    ),
  };
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Whether a name can be that of a folder, and leads nowhere else. */
export function isFolderName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);
}

export function writeInstallationFile(folder: string, path: readonly string[], text: string): void {
  const file = join(folder, ...path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
}
