// Whether a device may sync: an administrator's own decision on it, else the first rule that fits it, else the default of
// the domain or of the server. See docs/decisions/0013.

import { getDeviceRules, type WrittenRule } from '../store/device-rules.js';
import { changeDevice, type OwnedDevice } from '../store/devices.js';
import { getDomain } from '../store/domains.js';
import type { Session, Transaction } from '../store/session.js';
import type { DeviceState, DeviceStateSource } from '../store/states.js';
import type { Device, User } from '../store/tables.js';
import type { Steps } from '../store/transaction.js';
import { matchesWildcard } from './wildcard.js';

export interface Verdict {
  state: DeviceState;
  stateSource: DeviceStateSource;
}

export interface StateChange extends OwnedDevice {
  /** Absent at first contact. */
  before: DeviceState | undefined;
  now: number;
}

/** What it takes to judge a device and to tell people of it in the same commit. */
export interface Judging {
  /** Of the server; a domain may have its own. */
  defaultState: DeviceState;
  tell: (tx: Transaction, change: StateChange) => Steps<void>;
  now: number;
}

type Traits = Pick<Device, 'type' | 'model' | 'userAgent'>;

/** What rules and defaults make of a device that nobody has decided on, as at first contact. */
export function* judgeNewDevice(tx: Session, { user, device }: Newcomer, defaultState: DeviceState): Steps<Verdict> {
  return ruledState(yield* getDeviceRules(tx), { user, device }) ?? (yield* defaultVerdict(tx, user, defaultState));
}

interface Newcomer {
  user: User;
  device: Traits;
}

/** Judges a known device again, after it told what it is or the rules changed. */
export function* judgeAgain(tx: Transaction, owned: OwnedDevice, judging: Judging): Steps<Device> {
  return yield* judgeByRules(tx, owned, { ...judging, rules: yield* getDeviceRules(tx) });
}

/** The same with the rules at hand. */
export function* judgeByRules(
  tx: Transaction,
  owned: OwnedDevice,
  judging: Judging & { rules: readonly WrittenRule[] },
): Steps<Device> {
  const { user, device } = owned;
  if (device.stateSource === 'administrator') return device;
  const ruled = ruledState(judging.rules, owned);
  if (ruled) return yield* decide(tx, owned, { ...judging, verdict: ruled });
  // Who got the state by default keeps it when only the default changes.
  if (device.stateSource === 'default') return device;
  return yield* decide(tx, owned, { ...judging, verdict: yield* defaultVerdict(tx, user, judging.defaultState) });
}

/** Gives a device its state; the next command meets it, and a held one ends. */
export function* decide(
  tx: Transaction,
  { user, device }: OwnedDevice,
  { verdict, tell, now }: Pick<Judging, 'tell' | 'now'> & { verdict: Verdict },
): Steps<Device> {
  if (device.state === verdict.state && device.stateSource === verdict.stateSource) return device;
  const decided = { ...device, ...verdict };
  yield* changeDevice(tx, device.id, { ...verdict });
  if (device.state === verdict.state) return decided;
  tx.announce({ topic: 'access', userId: user.id, deviceRow: device.id });
  yield* tell(tx, { user, device: decided, before: device.state, now });
  return decided;
}

/** What the rules alone say: the first that fits. A trait that the device has not told fits no pattern. */
function ruledState(rules: readonly WrittenRule[], { user, device }: Newcomer): Verdict | undefined {
  const traits = { type: device.type, model: device.model, userAgent: device.userAgent, user: user.address };
  const rule = rules.find(({ field, pattern }) => {
    const trait = traits[field];
    return trait !== null && matchesWildcard(pattern, trait);
  });
  return rule && { state: rule.state, stateSource: 'rule' };
}

function* defaultVerdict(tx: Session, user: User, defaultState: DeviceState): Steps<Verdict> {
  const domain = yield* getDomain(tx, user.domain);
  return { state: domain?.deviceDefaultState ?? defaultState, stateSource: 'default' };
}
