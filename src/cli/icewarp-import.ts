// From the files of the other server to requests of the admin API, and a line for each thing that was taken or not.

import type { InstallationFiles, LevelFile } from '../icewarp/folder.js';
import { type GatewayItem, readGatewayDat } from '../icewarp/gateway-dat.js';
import { isPortOfWindows, modemFieldsOf } from '../icewarp/modem-fields.js';
import { readAccountName } from '../icewarp/account-name.js';
import { readSmsDat, readSmsStat, type SmsLine } from '../icewarp/sms-dat.js';
import { type ApiClient, pathOf } from './api-client.js';
import { CliError } from './errors.js';

export interface ImportReport {
  taken: string[];
  /** What an administrator should know of what was taken. */
  notices: string[];
  leftOut: string[];
}

export async function takeInstallation(
  api: ApiClient,
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
  return taking.report;
}

class Taking {
  readonly report: ImportReport = { taken: [], notices: [], leftOut: [] };
  readonly #api: ApiClient;
  readonly #dryRun: boolean;
  /** Users that a dry run would have made. */
  readonly #made = new Set<string>();

  constructor(api: ApiClient, dryRun: boolean) {
    this.#api = api;
    this.#dryRun = dryRun;
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
    const isTaken = await this.#try(what, () => this.#api.put(pathOf('gateways', item.id), body));
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
    if (await this.#try(what, () => this.#api.put(resource, body), item.clientCert === '')) return;
    if (item.clientCert === '') return;
    const isTaken = await this.#try(what, () =>
      this.#api.put(resource, { ...body, clientCertificate: null, active: false }),
    );
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
      this.#try(`${path}: ${what}`, () => this.#api.patch(resource, { smsSettings: settings }))
    );
  }

  async domain({ domain, ...file }: LevelFile & { domain: string }): Promise<void> {
    const resource = pathOf('domains', domain);
    if (
      !(await this.#exists(resource)) &&
      !(await this.#try(`${file.path}: domain ${domain}`, () => this.#api.put(resource, {})))
    )
      return;
    await this.level(file, `the SMS settings of ${domain}`, resource);
  }

  async user({ address, ...file }: LevelFile & { address: string }): Promise<void> {
    const resource = pathOf('users', address);
    if (!(await this.#exists(resource))) {
      if (!(await this.#try(`${file.path}: user ${address}`, () => this.#api.put(resource, {})))) return;
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
    const isTaken = await this.#try(`${path}: SMS account ${user}`, () =>
      this.#api.put(pathOf('sms-accounts', user), body),
    );
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
        await this.#try(`${path}: the counters of ${user}`, () => this.#api.patch(resource, body));
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
    try {
      await this.#api.get(resource);
      return true;
    } catch (error) {
      if (error instanceof CliError && error.code === 'REFUSED') return false;
      throw error;
    }
  }

  /** Whether the server took it; a dry run asks nothing. */
  async #try(what: string, request: () => Promise<unknown>, isLast = true): Promise<boolean> {
    try {
      if (!this.#dryRun) await request();
      this.report.taken.push(what);
      return true;
    } catch (error) {
      if (!(error instanceof CliError && error.code === 'REFUSED')) throw error;
      if (isLast) this.report.leftOut.push(`${what}: ${error.message}`);
      return false;
    }
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
