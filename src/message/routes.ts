// Which gateway a text takes, decided over rows alone: what makes a phone valid, which phone is elected, and the order in
// which gateways are tried. Nothing is read or written here.

import type { Settings } from '../store/settings.js';
import type { Device } from '../store/tables.js';

export interface Validity {
  now: number;
  /** Epoch milliseconds of the last round over Outbox, `now` while one is held open. */
  lastOutboxSync: number | undefined;
  settings: Settings;
}

/** Which criterion a device fails as a gateway, in words; none when it is valid. */
export function whyInvalid(
  device: Pick<Device, 'state' | 'enableOutboundSms'>,
  { now, lastOutboxSync, settings }: Validity,
): string | undefined {
  if (device.state !== 'allowed') return 'the phone is not allowed';
  if (!device.enableOutboundSms) return 'the phone does not send texts for others';
  const oldest = now - settings.device.maxOutboxSyncAgeMinutes * 60_000;
  if (lastOutboxSync === undefined || lastOutboxSync < oldest) return 'the phone has not asked for texts lately';
  return undefined;
}

/** Allowed, willing to send, and asking for texts in its Outbox: all three, or it is no gateway. */
export function isValidGateway(device: Pick<Device, 'state' | 'enableOutboundSms'>, validity: Validity): boolean {
  return whyInvalid(device, validity) === undefined;
}

export interface Candidate {
  device: Device;
  lastOutboxSync: number | undefined;
}

/** The valid device with the most recent Outbox activity; of several, the longest known. */
export function chooseCandidate(
  candidates: readonly Candidate[],
  common: Pick<Validity, 'now' | 'settings'>,
): Device | undefined {
  return candidates
    .filter(({ device, lastOutboxSync }) => isValidGateway(device, { ...common, lastOutboxSync }))
    .sort(
      (a, b) =>
        b.lastOutboxSync! - a.lastOutboxSync! || a.device.createdAt - b.device.createdAt || a.device.id - b.device.id,
    )[0]?.device;
}

/** A gateway as routing sees it. */
export interface Way {
  id: string;
  /** Why it cannot carry now, in words. */
  obstacle: string | undefined;
  /** Its last attempts came to nothing: others are asked first. */
  isFailing: boolean;
  /** Messages already routed to it. */
  work: number;
  /** Sends through a phone, which takes texts alone. */
  isPhone?: boolean;
}

export interface RouteQuery {
  pinned: string | undefined;
  /** The sender's own elected phone; absent where there is none, or where it is not to be asked. */
  phone: Pick<Way, 'id' | 'obstacle'> | undefined;
  gateways: readonly Way[];
  /** Octets, and no text. */
  isBinary?: boolean;
}

/** `via` a gateway, or `wait` for a reason. */
export type Route = { via: string } | { wait: string };

/** The pinned gateway alone; else the sender's own phone; else the system gateway with the least to do. */
export function chooseRoute({ pinned, phone, gateways, isBinary }: RouteQuery): Route {
  if (isBinary) return chooseRoute({ pinned, phone: undefined, gateways: gateways.map(withoutPhone) });
  if (pinned !== undefined) return routeTo(pinned, gateways);
  if (phone && phone.obstacle === undefined) return { via: phone.id };
  const free = gateways.filter(({ obstacle }) => obstacle === undefined).sort(byReadiness)[0];
  if (free) return { via: free.id };
  return { wait: phone?.obstacle ?? gateways[0]?.obstacle ?? 'no phone was elected and no gateway is active' };
}

function withoutPhone(way: Way): Way {
  return way.isPhone ? { ...way, obstacle: 'a phone sends no binary messages' } : way;
}

function routeTo(pinned: string, gateways: readonly Way[]): Route {
  const gateway = gateways.find(({ id }) => id === pinned);
  if (!gateway) return { wait: `there is no gateway ${pinned}` };
  return gateway.obstacle === undefined ? { via: pinned } : { wait: `gateway ${pinned}: ${gateway.obstacle}` };
}

function byReadiness(a: Way, b: Way): number {
  return Number(a.isFailing) - Number(b.isFailing) || a.work - b.work;
}
