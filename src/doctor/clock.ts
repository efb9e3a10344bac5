// Whether the clock can be right. Of itself a machine knows only whether it went back; others tell the time with their answers.
// RFC 9110 6.6.1 Date

import type { HttpCaller } from '../hooks/http-call.js';
import { listMessages } from '../store/messages.js';
import type { Session } from '../store/session.js';
import { bad, counted, type Finding, well } from './finding.js';

export interface ClockOptions {
  store: Session;
  now: () => number;
  caller: HttpCaller;
  /** Whose time is asked for, such as `https://api.example.com`. */
  origins: readonly string[];
}

/** Signatures of providers and certificates bear no more than minutes; a Date is exact to the second. */
const toleratedMilliseconds = 60_000;
const askedAtMost = 5;
const answerWithinMilliseconds = 5_000;

export async function examineClock({ store, now, caller, origins }: ClockOptions): Promise<Finding[]> {
  const asked = origins.slice(0, askedAtMost).map((origin) => compare({ caller, now }, origin));
  return [await examineOwn(store, now()), ...(await Promise.all(asked)).flat()];
}

async function examineOwn(store: Session, now: number): Promise<Finding> {
  const [newest] = await listMessages(store, { limit: 1 });
  const ahead = (newest?.createdAt ?? 0) - now;
  const says = `says ${new Date(now).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  if (ahead > toleratedMilliseconds)
    return bad('clock', `${says}, and the newest message is ${counted(ahead)} ahead of it: it was set back`);
  return well('clock', says);
}

type Asking = Pick<ClockOptions, 'caller' | 'now'>;

/** Nothing where nobody tells the time: whether a gateway is reached is asked elsewhere. */
async function compare({ caller, now }: Asking, origin: string): Promise<Finding[]> {
  const sent = now();
  const answer = await caller
    .call({ url: `${origin}/`, method: 'HEAD', timeoutMilliseconds: answerWithinMilliseconds })
    .catch(() => undefined);
  const theirs = Date.parse(answer?.headers['date'] ?? '');
  if (Number.isNaN(theirs)) return [];
  // Half a second behind its Date on the average, at some instant while it was asked.
  const [earliest, latest] = [theirs - now(), theirs + 1000 - sent];
  const off = earliest > 0 ? earliest : latest < 0 ? latest : 0;
  const { host } = new URL(origin);
  if (off === 0) return [well('clock', `is that of ${host}`)];
  const says = `is ${counted(Math.abs(off))} ${off > 0 ? 'behind' : 'ahead of'} ${host}`;
  return [Math.abs(off) > toleratedMilliseconds ? bad('clock', says) : well('clock', says)];
}
