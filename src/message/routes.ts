// Which gateway a text takes, decided over rows alone: what makes a phone valid, which phone is elected, and the order in
// which gateways are tried. Nothing is read or written here.

import type { Settings } from '../store/settings.js';
import type { GatewayType } from '../store/states.js';
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
  type: GatewayType;
  /** Why it cannot carry now, in words. */
  obstacle: string | undefined;
  /** When the obstacle may be gone, where that is known. */
  until?: number | undefined;
  /** Its last attempts came to nothing: others are asked first. */
  isFailing: boolean;
  /** Messages already routed to it. */
  work: number;
  /** How many it takes at a time. */
  places: number;
}

export interface RouteQuery {
  pinned: string | undefined;
  /** The sender's own elected phone; absent where there is none, or where it is not to be asked. */
  phone: Pick<Way, 'id' | 'obstacle'> | undefined;
  gateways: readonly Way[];
  /** Gateways that this message was tried through: others are asked first. */
  tried?: ReadonlySet<string>;
  /** Octets, and no text: phones take none. */
  isBinary?: boolean;
}

/** `via` a gateway, or `wait` for a reason, until it may be gone. */
export type Route = { via: string } | { wait: string; until?: number };

/** The pinned gateway alone; else the sender's own phone; else the system gateway with the least to do. */
export function chooseRoute({ pinned, phone, gateways, tried, isBinary }: RouteQuery): Route {
  if (isBinary)
    return chooseRoute({ pinned, phone: undefined, gateways: withoutPhones(gateways), ...(tried && { tried }) });
  if (pinned !== undefined) return routeTo(pinned, gateways);
  const free = chooseGateway(gateways, tried);
  const isPhoneReady = phone !== undefined && phone.obstacle === undefined;
  // A phone that let it lie comes after gateways that were not asked.
  if (isPhoneReady && !(tried?.has(phone.id) && free && !tried.has(free.id))) return { via: phone.id };
  return free ? { via: free.id } : waitFor(phone?.obstacle ?? describe(gateways), earliest(gateways));
}

/** As they stand to octets. */
export function withoutPhones<W extends Way>(ways: readonly W[]): readonly W[] {
  const obstacle = 'a phone sends no binary messages';
  return ways.map((way) => (way.type === 'activesync' ? { ...way, obstacle, until: undefined } : way));
}

/** Of those that can carry now. */
export function chooseGateway(gateways: readonly Way[], tried: ReadonlySet<string> = noneTried): Way | undefined {
  let best: Way | undefined;
  for (const way of gateways) if (way.obstacle === undefined && (!best || compare(way, best, tried) < 0)) best = way;
  return best;
}

const noneTried: ReadonlySet<string> = new Set();

// Among equals the kind that costs least per text comes first.
const order: Record<GatewayType, number> = { activesync: 0, 'gsm-modem': 1, http: 2, loopback: 3 };

function compare(a: Way, b: Way, tried: ReadonlySet<string>): number {
  return (
    Number(tried.has(a.id)) - Number(tried.has(b.id)) ||
    Number(a.isFailing) - Number(b.isFailing) ||
    a.work / a.places - b.work / b.places ||
    order[a.type] - order[b.type]
  );
}

function routeTo(pinned: string, gateways: readonly Way[]): Route {
  const gateway = gateways.find(({ id }) => id === pinned);
  if (!gateway) return { wait: `there is no gateway ${pinned}` };
  const { obstacle, until } = gateway;
  return obstacle === undefined ? { via: pinned } : waitFor(`gateway ${pinned}: ${obstacle}`, until);
}

function waitFor(wait: string, until: number | undefined): Route {
  return until === undefined ? { wait } : { wait, until };
}

function describe(gateways: readonly Way[]): string {
  const [first, ...others] = gateways;
  if (!first) return 'no phone was elected and no gateway is active';
  if (others.length === 0) return first.obstacle!;
  const shown = gateways.slice(0, mostDescribed).map(({ id, obstacle }) => `${id}: ${obstacle}`);
  const more = gateways.length - shown.length;
  return `no gateway can carry it (${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''})`;
}

const mostDescribed = 3;

/** Known only where it is known of each. */
function earliest(gateways: readonly Way[]): number | undefined {
  const times = gateways.map(({ until }) => until);
  return times.length > 0 && times.every((until) => until !== undefined) ? Math.min(...times) : undefined;
}
