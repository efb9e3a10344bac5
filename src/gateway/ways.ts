// The gateways as one batch of messages shares them out: what each message given to one leaves for the next.

import { isBinary } from '../message/content.js';
import { chooseGateway, chooseRoute, type Route, type RouteQuery, type Way, withoutPhones } from '../message/routes.js';
import type { Attempt, Message } from '../store/tables.js';
import type { Reach, Room } from './allowance.js';

export interface SharedWay extends Way {
  /** How many more messages it may be given, where that is limited. */
  room: Room | undefined;
  /** Whom it may write to, where that is limited. */
  reach: Reach | undefined;
}

/** A message on its way, with what became of it before. */
export interface Travelling {
  message: Pick<Message, 'recipient' | 'pinnedGateway' | 'properties'>;
  phone: RouteQuery['phone'];
  attempts: readonly Pick<Attempt, 'gateway' | 'outcome'>[];
}

export class Ways {
  readonly #ways: readonly SharedWay[];
  readonly #areAllAlike: boolean;

  constructor(ways: readonly SharedWay[]) {
    this.#ways = ways.map((way) => ({ ...way, ...hinder(way, way.room) }));
    this.#areAllAlike = ways.every(({ reach }) => reach === undefined);
  }

  /** Undefined when every gateway there is has refused it. */
  choose(travelling: Travelling): Route | undefined {
    const { message, attempts } = travelling;
    const phone = isBinary(message) ? undefined : travelling.phone;
    const pinned = message.pinnedGateway ?? undefined;
    const gateways = this.#openTo(travelling);
    const isRefused = attempts.some(({ outcome }) => outcome === 'refused');
    if (pinned === undefined && !phone && gateways.length === 0 && isRefused) return undefined;
    const tried = attempts.length > 0 ? new Set(attempts.map(({ gateway }) => gateway)) : undefined;
    return chooseRoute({ pinned, phone, gateways, ...(tried && { tried }) });
  }

  withoutGateway(id: string | null): Ways {
    return new Ways(this.#ways.filter((way) => way.id !== id));
  }

  /** A message was given to this one. */
  give(id: string, recipient: string): void {
    const way = this.#ways.find((candidate) => candidate.id === id);
    if (!way) return;
    way.work++;
    const { room, reach } = way;
    if (room) {
      room.left--;
      Object.assign(way, hinder(way, room));
    }
    if (reach && !reach.known.has(recipient)) {
      reach.known.add(recipient);
      reach.left--;
    }
  }

  /** Whether some other way could carry it at once that was not tried. */
  hasUntried(travelling: Travelling): boolean {
    const tried = new Set(travelling.attempts.map(({ gateway }) => gateway));
    const { phone } = travelling;
    if (phone && phone.obstacle === undefined && !tried.has(phone.id) && !isBinary(travelling.message)) return true;
    return chooseGateway(this.#openTo(travelling).filter(({ id }) => !tried.has(id))) !== undefined;
  }

  /** Whether some way is left that has not refused it and carries texts, if not now then by itself some time later. */
  hasAnyLeft(travelling: Travelling): boolean {
    const { phone } = travelling;
    if (phone && phone.obstacle === undefined && !isBinary(travelling.message)) return true;
    return this.#openTo(travelling).some(({ obstacle, until }) => obstacle === undefined || until !== undefined);
  }

  /** As they stand to this message, without those that refused it. */
  #openTo({ message, attempts }: Travelling): readonly Way[] {
    const refused = attempts.filter(({ outcome }) => outcome === 'refused').map(({ gateway }) => gateway);
    let ways = this.#ways;
    if (refused.length > 0) ways = ways.filter(({ id }) => !refused.includes(id));
    if (isBinary(message)) ways = withoutPhones(ways);
    return this.#areAllAlike ? ways : ways.map((way) => withinReach(way, message.recipient));
  }
}

function hinder(way: Way, room: Room | undefined): Partial<Way> {
  if (way.obstacle !== undefined || !room || room.left > 0) return {};
  return { obstacle: room.full.reason, until: room.full.until };
}

function withinReach(way: SharedWay, recipient: string): Way {
  const { obstacle, reach } = way;
  if (obstacle !== undefined || !reach || reach.left > 0 || reach.known.has(recipient)) return way;
  return { ...way, obstacle: reach.full.reason, until: reach.full.until };
}
