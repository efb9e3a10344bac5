// From the files of the other server to requests of the admin API, and a line for each thing that was taken or not.

import type { InstallationFiles, LevelFile } from '../icewarp/folder.js';
import { type GatewayItem, readGatewayDat } from '../icewarp/gateway-dat.js';
import { isPortOfWindows, modemFieldsOf } from '../icewarp/modem-fields.js';
import { readAccountName } from '../icewarp/account-name.js';
import { readSmsDat, readSmsStat, type SmsLine } from '../icewarp/sms-dat.js';
import { type ApiClient, pathOf } from './api-client.js';
import { CliError } from './errors.js';
import { differencesOf, KnownResources } from './icewarp-known.js';

export interface ImportReport {
  taken: string[];
  /** What an administrator should know of what was taken. */
  notices: string[];
  leftOut: string[];
}

export async function takeInstallation(
  api: ApiClient | undefined,
  files: InstallationFiles,
  { dryRun }: { dryRun: boolean },
): Promise<ImportReport> {
  const taking = new Taking(api, dryRun);
  if (files.gateways) await taking.gateways(files.gateways);
  if (files.server) await taking.level(files.server, 'the SMS settings of the server', '/settings');
  for (const file of files.domains) await taking.domain(file);
  for (const file of files.users) await taking.user(file);
  if (files.smsUsers) await taking.smsUsers(files.smsUsers);
  if (files.stat) await taking.stat(files.stat);
  return taking.end();
}

/** A whole resource, or fields of one that is there. */
interface Change {
  method: 'put' | 'patch';
  resource: string;
  body: object;
}

class Taking {
  readonly report: ImportReport = { taken: [], notices: [], leftOut: [] };
  readonly #api: ApiClient | undefined;
  readonly #dryRun: boolean;
  readonly #known: KnownResources;
  /** Users that a dry run would have made. */
  readonly #made = new Set<string>();

  /** A dry run may go without a server. */
  constructor(api: ApiClient | undefined, dryRun: boolean) {
    this.#api = api;
    this.#dryRun = dryRun;
    this.#known = new KnownResources(api, { dryRun });
  }

  end(): ImportReport {
    if (this.#known.isAlone)
      this.report.notices.push('no server was asked: what is there already, and would be replaced, is not told');
    return this.report;
  }

  async gateways({ path, text }: LevelFile): Promise<void> {
    try {
      const { items, complaints } = readGatewayDat(text);
      this.#leaveOut(path, complaints);
      for (const item of items) await this.#gateway(path, item);
    } catch (error) {
      if (error instanceof CliError) throw error;
      this.#leaveOut(path, [(error as Error).message]);
    }
  }

  async #gateway(path: string, item: GatewayItem): Promise<void> {
    const what = `${path}: gateway ${item.id}`;
    if (item.type === 'http') await this.#httpGateway(what, item);
    else await this.#modem(what, item);
  }

  async #modem(what: string, item: GatewayItem): Promise<void> {
    const { lost, ...fields } = modemFieldsOf(item);
    if (item.clientCert !== '') lost.push('CLIENTCERT, which a modem has not');
    const body = modemGateway(item, fields);
    const isTaken = await this.#try(what, { method: 'put', resource: pathOf('gateways', item.id), body });
    if (!isTaken) return;
    this.#leaveOut(what, lost);
    if (isPortOfWindows(item.device) && process.platform !== 'win32')
      this.report.notices.push(
        `gateway ${item.id} is at ${item.device}, a port of Windows: say which device it is here`,
      );
  }

  async #httpGateway(what: string, item: GatewayItem): Promise<void> {
    const lost = [item.template && 'TEMPLATE', item.center && 'CENTER'].filter((tag) => tag !== '');
    if (lost.length > 0) this.report.leftOut.push(`${what}: ${lost.join(' and ')}, which an HTTP gateway has not`);
    const body = httpGateway(item);
    const resource = pathOf('gateways', item.id);
    if (await this.#try(what, { method: 'put', resource, body }, item.clientCert === '')) return;
    if (item.clientCert === '') return;
    const without = { ...body, clientCertificate: null, active: false };
    const isTaken = await this.#try(what, { method: 'put', resource, body: without });
    if (!isTaken) return;
    this.report.leftOut.push(
      `${what}: the client certificate ${item.clientCert}; the gateway is not active until it has one`,
    );
  }

  /** The settings of one level, which replace what the level had. */
  async level({ path, text }: LevelFile, what: string, resource: string): Promise<boolean> {
    const settings = this.#readLevel(path, text);
    return (
      settings !== undefined &&
      this.#try(`${path}: ${what}`, { method: 'patch', resource, body: { smsSettings: settings } })
    );
  }

  async domain({ domain, ...file }: LevelFile & { domain: string }): Promise<void> {
    const resource = pathOf('domains', domain);
    if (
      !(await this.#exists(resource)) &&
      !(await this.#try(`${file.path}: domain ${domain}`, { method: 'put', resource, body: {} }))
    )
      return;
    await this.level(file, `the SMS settings of ${domain}`, resource);
  }

  async user({ address, ...file }: LevelFile & { address: string }): Promise<void> {
    const resource = pathOf('users', address);
    if (!(await this.#exists(resource))) {
      if (!(await this.#try(`${file.path}: user ${address}`, { method: 'put', resource, body: {} }))) return;
      this.report.notices.push(`user ${address} is new and has no password`);
      this.#made.add(address.toLowerCase());
    }
    await this.level(file, `the SMS settings of ${address}`, resource);
  }

  async smsUsers({ path, text }: LevelFile): Promise<void> {
    const { lines, complaints } = readSmsDat(text);
    this.#leaveOut(path, complaints);
    const names = new Set<string>();
    for (const line of lines) {
      const { name, members } = readAccountName(line.user);
      if (name === '') this.#leaveOut(path, ['an account without a name']);
      else if (names.has(name)) this.#leaveOut(path, [`a second account ${name}`]);
      else await this.#smsAccount(path, { ...line, user: name }, members);
      names.add(name);
    }
  }

  async #smsAccount(path: string, line: SmsLine, members: string[]): Promise<void> {
    const { user, password, lastSent, sentThisMonth, sentPreviousMonth } = line;
    const counts = { sentThisMonth, sentPreviousMonth, lastSent: instantOf(lastSent) };
    const body = { ...settingsOf(line), password, members, ...counts };
    const change = { method: 'put', resource: pathOf('sms-accounts', user), body } as const;
    const isTaken = await this.#try(`${path}: SMS account ${user}`, change);
    if (isTaken && password === '')
      this.report.notices.push(`SMS account ${user} has no password: anybody may send through it, as before`);
  }

  async stat({ path, text }: LevelFile): Promise<void> {
    const { lines, complaints } = readSmsStat(text);
    this.#leaveOut(path, complaints);
    for (const { user, lastSent, ...counts } of lines) {
      const resource = pathOf('users', user);
      const isKnown = this.#made.has(user.toLowerCase()) || (await this.#exists(resource));
      if (!isKnown) this.#leaveOut(path, [`the counters of ${user}: there is no such user`]);
      else {
        const body = { ...counts, lastSent: instantOf(lastSent) };
        await this.#try(`${path}: the counters of ${user}`, { method: 'patch', resource, body });
      }
    }
  }

  #readLevel(path: string, text: string): object | undefined {
    const { lines, complaints } = readSmsDat(text);
    this.#leaveOut(path, complaints);
    const [line, ...others] = lines;
    if (others.length > 0) this.#leaveOut(path, [`${others.length} lines after the first, which alone counts`]);
    if (!line) return undefined;
    if (line.user !== '' || line.password !== '') this.#leaveOut(path, ['user and password, which this file has not']);
    return settingsOf(line);
  }

  #leaveOut(path: string, complaints: readonly string[]): void {
    this.report.leftOut.push(...complaints.map((complaint) => `${path}: ${complaint}`));
  }

  async #exists(resource: string): Promise<boolean> {
    return (await this.#known.find(resource)) !== undefined;
  }

  /** Whether the server took it; a dry run says what would be another one. */
  async #try(what: string, change: Change, isLast = true): Promise<boolean> {
    try {
      if (this.#dryRun) await this.#compare(what, change);
      else await this.#api![change.method](change.resource, change.body);
      this.report.taken.push(what);
      return true;
    } catch (error) {
      if (!(error instanceof CliError && error.code === 'REFUSED')) throw error;
      if (isLast) this.report.leftOut.push(`${what}: ${error.message}`);
      return false;
    }
  }

  async #compare(what: string, { resource, body }: Change): Promise<void> {
    const there = await this.#known.find(resource);
    const others = there && differencesOf(there, body);
    if (others && others.length > 0)
      this.report.notices.push(`there already: ${what}; it would change in ${others.join(', ')}`);
  }
}

function instantOf(seconds: number): string | null {
  return seconds === 0 ? null : new Date(seconds * 1000).toISOString();
}

/** Each said, so that nothing of what stood there before is left. */
function settingsOf({ gateway, description, monthlyLimit, expires, active }: SmsLine): object {
  return { gateway: gateway || null, description: description || null, monthlyLimit, expires: expires ?? null, active };
}

function httpGateway({ active, device, description, pin, from, clientCert }: GatewayItem): object {
  return {
    ...{ type: 'http', active, url: device, description: description || null, password: pin || null },
    emailFrom: from || null,
    ...(clientCert && { clientCertificate: clientCert }),
  };
}

function modemGateway({ active, device, description, from }: GatewayItem, fields: object): object {
  return {
    ...{ type: 'gsm-modem', active, device, description: description || null, emailFrom: from || null },
    ...fields,
  };
}
