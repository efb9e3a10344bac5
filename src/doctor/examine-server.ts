// Everything that `easms doctor` says of the server itself: its clock, its certificates, and where it keeps what it was given.

import { withPreset } from '../gateway/bearers/http/preset-options.js';
import { readSetup } from '../gateway/bearers/http/setup.js';
import { OptionError } from '../gateway/errors.js';
import type { HttpCaller } from '../hooks/http-call.js';
import { getGateways } from '../store/gateways.js';
import type { Store } from '../store/open.js';
import type { Gateway } from '../store/tables.js';
import { examineCertificate, type Identity } from './certificates.js';
import { examineClock } from './clock.js';
import { examineDataFolder } from './data-folder.js';
import { bad, type Finding } from './finding.js';

export interface ExaminedServer {
  store: Store;
  dataDir: string;
  now: () => number;
  caller: HttpCaller;
  /** Of SMTP, as it is in use. */
  identity: () => Pick<Identity, 'cert' | 'key'> | undefined;
}

export async function examineServer(server: ExaminedServer): Promise<Finding[]> {
  const { store, dataDir, now, caller } = server;
  const identity = server.identity();
  const gateways = (await store.read(getGateways)).filter(({ active, type }) => active && type === 'http');
  const origins = [...new Set(gateways.flatMap(({ options }) => originOf(options)))];
  const found = await Promise.all([
    examineClock({ store, now, caller, origins }),
    examineDataFolder({ dataDir, waiting: store.waiting() }),
  ]);
  return [
    ...found.flat(),
    ...(identity ? [examineCertificate({ about: 'smtp.tls', isOfServer: true, ...identity }, now())] : []),
    ...gateways.flatMap((gateway) => examineGateway(gateway, now())),
  ];
}

// Where nothing is filled in, and nothing but the server is named: `/` of a provider sends no text.
function originOf(options: Gateway['options']): string[] {
  try {
    const { url } = withPreset(options);
    return /^https?:\/\/[^/?#%@\\]+/i.exec(String(url)) ?? [];
  } catch {
    return [];
  }
}

function examineGateway({ id, options }: Gateway, now: number): Finding[] {
  try {
    const { cert, key } = readSetup(options).identity ?? {};
    if (cert === undefined || key === undefined) return [];
    return [examineCertificate({ about: `gateway ${id}, certificate`, isOfServer: false, cert, key }, now)];
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    return [bad(`gateway ${id}`, `${error.field} is wrong${error.detail === undefined ? '' : `: ${error.detail}`}`)];
  }
}
