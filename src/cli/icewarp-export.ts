// From what the admin API says to the files of the other server. Passwords stay empty: nobody can read them here either.

import { isFolderName, writeInstallationFile } from '../icewarp/folder.js';
import { writeAccountName } from '../icewarp/account-name.js';
import { type GatewayItem, writeGatewayDat } from '../icewarp/gateway-dat.js';
import { titleOf } from '../icewarp/modem-fields.js';
import { isFieldText, type SmsLine, writeSmsDat, writeSmsStat } from '../icewarp/sms-dat.js';
import { type ApiClient, listAll } from './api-client.js';
import { isNotShown } from './icewarp-known.js';

export interface ExportReport {
  written: string[];
  leftOut: string[];
}

interface Settings {
  gateway?: string | null;
  description?: string | null;
  monthlyLimit?: number;
  expires?: string | null;
  active?: boolean;
}

interface Counters {
  sentThisMonth: number;
  sentPreviousMonth: number;
  lastSent: string | null;
}

interface Account extends Settings, Counters {
  name: string;
  hasPassword: boolean;
  members: string[];
  createdAt: string;
}

interface User extends Counters {
  address: string;
  smsSettings: Settings | null;
}

interface Gateway extends Partial<Record<'url' | 'device' | 'template' | 'smsCenter' | 'clientCertificate', string>> {
  id: string;
  type: string;
  active: boolean;
  description: string | null;
  emailFrom: string | null;
  hasPassword: boolean;
  hasPin?: boolean;
  createdAt: string;
  [other: string]: unknown;
}

export async function giveInstallation(api: ApiClient, folder: string): Promise<ExportReport> {
  const giving = new Giving(folder);
  giving.gateways(await listAll<Gateway>(api, '/gateways'));
  const { smsSettings } = await api.get<{ smsSettings: Settings }>('/settings');
  if (Object.keys(smsSettings).length > 0) giving.level(['config', 'sms.dat'], smsSettings);
  for (const { name, smsSettings } of await listAll<{ name: string; smsSettings: Settings | null }>(api, '/domains'))
    if (smsSettings) giving.level(['config', name, 'sms.dat'], smsSettings);
  const users = await listAll<User>(api, '/users');
  for (const { address, smsSettings } of users)
    if (smsSettings) giving.level(['mail', domainOf(address), localPartOf(address), 'sms.dat'], smsSettings);
  giving.accounts(await listAll<Account>(api, '/sms-accounts'));
  giving.counters(users);
  return giving.report;
}

class Giving {
  readonly report: ExportReport = { written: [], leftOut: [] };
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  gateways(gateways: readonly Gateway[]): void {
    const items = inOrder(gateways).flatMap((gateway) => this.#itemOf(gateway) ?? []);
    if (items.length > 0) this.#write(['config', 'smsgateway.dat'], writeGatewayDat(items));
  }

  #itemOf(gateway: Gateway): GatewayItem | undefined {
    const { id, type, active, hasPassword } = gateway;
    const what = `gateway ${id}`;
    if (type !== 'http' && type !== 'gsm-modem')
      return void this.report.leftOut.push(`${what}: the file knows no type ${type}`);
    const device = gateway.url ?? gateway.device ?? '';
    if (type === 'http' && device === '') return void this.report.leftOut.push(`${what}: it has no URL of its own`);
    if (isNotShown(device)) return void this.report.leftOut.push(`${what}: its URL is not shown to this token`);
    const { template = '', smsCenter: center = '', clientCertificate: certificate = '' } = gateway;
    if (hasPassword) this.report.leftOut.push(`${what}: the password`);
    if (gateway.hasPin) this.report.leftOut.push(`${what}: the PIN`);
    const isPem = certificate.includes('-----BEGIN');
    if (isPem) this.report.leftOut.push(`${what}: the client certificate, which is no file`);
    for (const field of unknownFields)
      if ((gateway[field] ?? null) !== null) this.report.leftOut.push(`${what}: ${field}`);
    return {
      ...{ id, type, active, device, template: titleOf(template), center, pin: '' },
      ...{
        description: gateway.description ?? '',
        from: gateway.emailFrom ?? '',
        clientCert: isPem ? '' : certificate,
      },
    };
  }

  level(path: readonly string[], settings: Settings): void {
    if (!path.every(isFolderName))
      return void this.report.leftOut.push(`${path.join('/')}: this is no name of a folder`);
    const line = this.#lineOf(path.join('/'), { user: '', ...settings });
    if (line) this.#write(path, writeSmsDat([line]));
  }

  accounts(accounts: readonly Account[]): void {
    const lines = inOrder(accounts).flatMap((account) => {
      const what = `SMS account ${account.name}`;
      const user = writeAccountName(account);
      const line = this.#lineOf(what, { ...account, user });
      if (line && account.hasPassword) this.report.leftOut.push(`${what}: the password`);
      if (line && account.members.length > 0 && user === account.name)
        this.report.leftOut.push(`${what}: its members, which the file has not`);
      return line ?? [];
    });
    if (lines.length > 0) this.#write(['config', 'smsusers.dat'], writeSmsDat(lines));
  }

  counters(users: readonly User[]): void {
    const used = users.filter(
      ({ lastSent, ...counts }) => lastSent ?? (counts.sentThisMonth || counts.sentPreviousMonth),
    );
    const lines = used.map(({ address: user, lastSent, sentThisMonth, sentPreviousMonth }) => ({
      ...{ user, sentThisMonth, sentPreviousMonth, lastSent: secondsOf(lastSent) },
    }));
    if (lines.length > 0) this.#write(['config', 'smsstat.dat'], writeSmsStat(lines));
  }

  #lineOf(what: string, written: Settings & Partial<Counters> & { user: string }): SmsLine | undefined {
    const { user, gateway, description, monthlyLimit = 0, expires, active = true } = written;
    const line = {
      ...{ user, password: '', gateway: gateway ?? '', description: description ?? '', monthlyLimit, active },
      expires: expires ?? undefined,
      sentThisMonth: written.sentThisMonth ?? 0,
      lastSent: secondsOf(written.lastSent),
      sentPreviousMonth: written.sentPreviousMonth ?? 0,
    };
    const bad = (['gateway', 'description'] as const).find((field) => !isFieldText(line[field]));
    if (bad === undefined) return line;
    this.report.leftOut.push(`${what}: ${bad} has a colon or a line's end in it`);
    return { ...line, [bad]: '' };
  }

  #write(path: readonly string[], text: string): void {
    writeInstallationFile(this.#folder, path, text);
    this.report.written.push(path.join('/'));
  }
}

// What a gateway here may have and the file has not.
const unknownFields = [
  ...['headers', 'body', 'successPattern', 'idPattern', 'preset', 'parameters', 'caCertificate', 'limits'],
];

/** As they were made, which is the order of the file that they came from. */
function inOrder<T extends { createdAt: string }>(made: readonly T[]): T[] {
  return [...made].sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}

function secondsOf(instant: string | null | undefined): number {
  return instant ? Math.floor(Date.parse(instant) / 1000) : 0;
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

function localPartOf(address: string): string {
  return address.slice(0, address.lastIndexOf('@'));
}
