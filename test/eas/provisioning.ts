// What a device says in Provision, and what it is told there.

import { Provision } from '../../src/wbxml/airsync/provision.js';
import { child, children, type Element, element, text } from '../../src/wbxml/element.js';
import { type Answered, policyKeyIn, type TalkingDevice } from './talking-device.js';

export function askPolicy(...content: Element[]): Element {
  const type = element(Provision.PolicyType, 'MS-EAS-Provisioning-WBXML');
  return element(Provision.Provision, [element(Provision.Policies, [element(Provision.Policy, [type, ...content])])]);
}

export function acknowledgePolicy(key: string, report: string): Element {
  return askPolicy(element(Provision.PolicyKey, key), element(Provision.Status, report));
}

/** Both phases; what the second one is answered. */
export async function provisionWith(device: TalkingDevice, report: string): Promise<Answered> {
  const temporary = policyKeyIn((await device.post('Provision', askPolicy())).root);
  return device.post('Provision', acknowledgePolicy(temporary, report));
}

export function reportWipe(status: string, kind: 'device' | 'account' = 'device'): Element {
  const wipe = kind === 'device' ? Provision.RemoteWipe : Provision.AccountOnlyRemoteWipe;
  return element(Provision.Provision, [element(wipe, [element(Provision.Status, status)])]);
}

/** Elements of the policy by tag. */
export function policyIn({ root }: Answered): Map<number, string | undefined> {
  let place = root;
  for (const tag of [Provision.Policies, Provision.Policy, Provision.Data, Provision.EASProvisionDoc])
    place = place && child(place, tag);
  const document = place;
  return new Map(children(document!).map((each) => [each.tag, text(document!, each.tag)]));
}

/** The Status below the root, or the HTTP code in its place. */
export function verdictOf({ root, status }: Answered): string {
  const first = root && children(root).find(({ content }) => typeof content === 'string');
  return typeof first?.content === 'string' ? first.content : String(status);
}
