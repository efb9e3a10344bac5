// The policy that each device should have, kept in memory: every request compares the digest of what its device was given
// with this one.

import { createHash } from 'node:crypto';
import { effectivePolicy } from '../accounts/policies.js';
import type { EffectivePolicy } from '../accounts/policy-fields.js';
import { scopesOf } from '../accounts/policy-scope.js';
import type { Store } from '../store/open.js';
import type { Device, User } from '../store/tables.js';
import { encode } from '../wbxml/encode.js';
import { writePolicyDocument } from './policy-document.js';

export interface DevicePolicy {
  readonly values: EffectivePolicy;
  /** Of the document as it is sent, and of the period in which it has to be fetched. */
  readonly digest: string;
  /** Until when the digest is good. */
  readonly until: number;
}

// Stops: memory that grows with every DeviceId somebody invents.
const policiesRemembered = 20_000;

export class DevicePolicies {
  readonly #store: Store;
  readonly #policies = new Map<number, DevicePolicy>();

  constructor(store: Store) {
    this.#store = store;
    store.changes.listen('policies', () => this.#policies.clear());
  }

  of(user: User, device: Device, now: number): DevicePolicy {
    const known = this.#policies.get(device.id);
    if (known && now < known.until) return known;
    if (this.#policies.size >= policiesRemembered) this.#policies.clear();
    const policy = digestPolicy(effectivePolicy(this.#store.policies, scopesOf(user, device)), device, now);
    this.#policies.set(device.id, policy);
    return policy;
  }
}

function digestPolicy(values: EffectivePolicy, device: Device, now: number): DevicePolicy {
  const document = createHash('sha256')
    .update(encode(writePolicyDocument(values)))
    .digest('base64url');
  if (values.refreshHours === 0) return { values, digest: document, until: Infinity };
  const { number, end } = refreshPeriod(values.refreshHours, device, now);
  return { values, digest: `${document}.${number}`, until: end };
}

// Periods of each device begin at another instant, so that not all of them come at once.
function refreshPeriod(hours: number, device: Device, now: number): { number: number; end: number } {
  const period = hours * 3_600_000;
  const shift = (device.id * 2_654_435_761) % period;
  const number = Math.floor((now + shift) / period);
  return { number, end: (number + 1) * period - shift };
}
