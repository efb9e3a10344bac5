// Provision: takes the server's policy in two phases, and with it the key that every later request carries.
// MS-ASPROV 3.1.5.1 Provision Command; MS-ASPROV 4 Protocol Examples

import type { Element } from '../wbxml/element.js';
import { child, element, text } from '../wbxml/element.js';
import { Provision } from '../wbxml/airsync/provision.js';
import { deviceInformation } from './device-information.js';
import type { Wipe } from './events.js';
import type { Settled } from './options.js';
import { requestDocument } from './request.js';
import type { Line } from './request.js';
import { ProvisionStatus, refusal, statusNumber } from './statuses.js';

const POLICY_TYPE = 'MS-EAS-Provisioning-WBXML';

/** What the server wants: a policy kept under a key, '0' where it has none, or a wipe. */
export type Directive = { readonly policyKey: string } | { readonly wipe: Wipe };

/** @throws PhoneError */
export async function provision(line: Line, device: Settled): Promise<Directive> {
  line.connection.policyKey = '0';
  const first = await phase(line, [informationFor(device), policies([])]);
  if ('wipe' in first || first.policyKey === '0') return first;
  line.connection.policyKey = first.policyKey;
  const acknowledged = [element(Provision.PolicyKey, first.policyKey), element(Provision.Status, '1')];
  const final = await phase(line, [policies(acknowledged)]);
  if ('policyKey' in final) line.connection.policyKey = final.policyKey;
  return final;
}

/** Tells the server that all is gone. @throws PhoneError */
export async function reportWipe(line: Line, wipe: Wipe): Promise<void> {
  const document = element(Provision.Provision, [element(wipeTags[wipe], [element(Provision.Status, '1')])]);
  const answer = await requestDocument(line, { command: 'Provision', document, root: Provision.Provision });
  const status = statusNumber(text(answer, Provision.Status) ?? '1');
  if (status !== ProvisionStatus.Success) throw refusal('Provision', status);
}

// MS-ASPROV 2.2.2.45 RemoteWipe; MS-ASPROV 2.2.2.1 AccountOnlyRemoteWipe
const wipeTags = { device: Provision.RemoteWipe, account: Provision.AccountOnlyRemoteWipe } as const;

// Part of Provision from 14.1 on; before, Settings alone has it.
function informationFor(device: Settled): Element | undefined {
  return device.protocolVersion < '14.1' ? undefined : deviceInformation(device);
}

function policies(more: readonly Element[]): Element {
  const policy = element(Provision.Policy, [element(Provision.PolicyType, POLICY_TYPE), ...more]);
  return element(Provision.Policies, [policy]);
}

async function phase(line: Line, content: readonly (Element | undefined)[]): Promise<Directive> {
  const document = element(Provision.Provision, content);
  const answer = await requestDocument(line, { command: 'Provision', document, root: Provision.Provision });
  // Some servers leave the outer Status out.
  const status = statusNumber(text(answer, Provision.Status) ?? '1');
  if (status !== ProvisionStatus.Success) throw refusal('Provision', status);

  const wipe = (['device', 'account'] as const).find((each) => child(answer, wipeTags[each]));
  return wipe === undefined ? { policyKey: readPolicy(answer) } : { wipe };
}

// The key of the answered policy, '0' where there is none.
function readPolicy(answer: Element): string {
  const list = child(answer, Provision.Policies);
  const policy = list && child(list, Provision.Policy);
  const policyStatus = statusNumber(policy && text(policy, Provision.Status));
  if (policyStatus === ProvisionStatus.NoPolicy) return '0';
  if (policy === undefined || policyStatus !== ProvisionStatus.Success) throw refusal('Provision', policyStatus);
  return keyOf(policy);
}

// MS-ASPROV 2.2.2.42 PolicyKey: an unsigned integer of 32 bits
function keyOf(policy: Element): string {
  const key = text(policy, Provision.PolicyKey) ?? '';
  if (!/^\d{1,10}$/.test(key)) throw refusal('Provision', undefined);
  return key;
}
