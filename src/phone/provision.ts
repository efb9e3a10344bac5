// Provision: takes the server's policy in two phases, and with it the key that every later request carries.
// MS-ASPROV 3.1.5.1 Provision Command; MS-ASPROV 4 Protocol Examples

import type { Element } from '../wbxml/element.js';
import { child, element, text } from '../wbxml/element.js';
import { Provision } from '../wbxml/airsync/provision.js';
import { deviceInformation } from './device-information.js';
import type { Settled } from './options.js';
import { requestDocument } from './request.js';
import type { Line } from './request.js';
import { ProvisionStatus, refusal, statusNumber } from './statuses.js';

const POLICY_TYPE = 'MS-EAS-Provisioning-WBXML';

/** Returns the policy key, '0' where the server has no policy. @throws PhoneError */
export async function provision(line: Line, device: Settled): Promise<string> {
  line.connection.policyKey = '0';
  const temporary = await phase(line, [informationFor(device), policies([])]);
  if (temporary === undefined) return '0';
  line.connection.policyKey = temporary;
  const final = await phase(line, [
    policies([element(Provision.PolicyKey, temporary), element(Provision.Status, '1')]),
  ]);
  line.connection.policyKey = final ?? '0';
  return line.connection.policyKey;
}

// Part of Provision from 14.1 on; 14.0 sends it in Settings alone.
function informationFor(device: Settled): Element | undefined {
  return device.protocolVersion === '14.0' ? undefined : deviceInformation(device);
}

function policies(more: readonly Element[]): Element {
  const policy = element(Provision.Policy, [element(Provision.PolicyType, POLICY_TYPE), ...more]);
  return element(Provision.Policies, [policy]);
}

// One phase: the key of the answered policy, `undefined` where there is no policy.
async function phase(line: Line, content: readonly (Element | undefined)[]): Promise<string | undefined> {
  const document = element(Provision.Provision, content);
  const answer = await requestDocument(line, { command: 'Provision', document, root: Provision.Provision });
  // Some servers leave the outer Status out.
  const status = statusNumber(text(answer, Provision.Status) ?? '1');
  if (status !== ProvisionStatus.Success) throw refusal('Provision', status);

  const list = child(answer, Provision.Policies);
  const policy = list && child(list, Provision.Policy);
  const policyStatus = statusNumber(policy && text(policy, Provision.Status));
  if (policyStatus === ProvisionStatus.NoPolicy) return undefined;
  if (policy === undefined || policyStatus !== ProvisionStatus.Success) throw refusal('Provision', policyStatus);
  return keyOf(policy);
}

// MS-ASPROV 2.2.2.42 PolicyKey: an unsigned integer of 32 bits
function keyOf(policy: Element): string {
  const key = text(policy, Provision.PolicyKey) ?? '';
  if (!/^\d{1,10}$/.test(key)) throw refusal('Provision', undefined);
  return key;
}
