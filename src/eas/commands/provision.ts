// Provision: the device learns the policy and gets its key, in two phases; or it learns that it is to be wiped.
// MS-ASPROV 3.1.5.1 Provision Command

import { changeDevice } from '../../store/devices.js';
import { Provision } from '../../wbxml/airsync/provision.js';
import { Settings } from '../../wbxml/airsync/settings.js';
import { child, type Element, element, text } from '../../wbxml/element.js';
import { findObjection, refuseBlocked } from '../device-access.js';
import { applyDeviceInformation } from '../device-information.js';
import { StatusError } from '../errors.js';
import type { Exchange } from '../exchange.js';
import { writePolicyDocument } from '../policy-document.js';
import { answerWipeReport, findWipeReport, sendWipe } from '../remote-wipe.js';
import { CommonStatus, PolicyReport, PolicyStatus, ProvisionStatus } from '../statuses.js';
import { isSince } from '../versions.js';

const policyType = 'MS-EAS-Provisioning-WBXML';

export async function provision(exchange: Exchange): Promise<Element> {
  const { body, device } = exchange;
  const report = body && findWipeReport(body);
  if (report) return element(Provision.Provision, await answerWipeReport(exchange, report));
  refuseBlocked(device);
  const wipe = await sendWipe(exchange);
  // MS-ASPROV 3.1.5.1: an empty request asks whether something is to be done, such as a remote wipe.
  if (!body) return writeProvision([], wipe);
  const policies = child(body, Provision.Policies);
  const policy = policies && child(policies, Provision.Policy);
  const information = child(body, Settings.DeviceInformation);
  if (policy && !wipe) demandInformation(exchange, { policy, information });
  const told = information ? [await answerInformation(exchange, information)] : [];
  if (wipe || !policy) return writeProvision(told, wipe);
  return writeProvision(told, element(Provision.Policies, [await answerPolicy(exchange, policy)]));
}

function writeProvision(first: readonly Element[], last?: Element): Element {
  return element(Provision.Provision, [...first, element(Provision.Status, String(ProvisionStatus.Success)), last]);
}

// MS-ASCMD 2.2.2 Common Status Codes, 165: from 14.1 on the first request has to say what the device is.
function demandInformation(
  { services, version, device }: Exchange,
  { policy, information }: { policy: Element; information: Element | undefined },
): void {
  const isFirstPhase = text(policy, Provision.PolicyKey) === undefined;
  const { requireDeviceInformation } = services.store.settings.current.device;
  if (!requireDeviceInformation || !isFirstPhase || information || !isSince(version, '14.1')) return;
  if (device.model === null)
    throw new StatusError(CommonStatus.DeviceInformationRequired, 'Provision without DeviceInformation');
}

async function answerInformation(exchange: Exchange, information: Element): Promise<Element> {
  const status = await applyDeviceInformation(exchange, information);
  return element(Settings.DeviceInformation, [element(Settings.Status, String(status))]);
}

async function answerPolicy(exchange: Exchange, policy: Element): Promise<Element> {
  const type = text(policy, Provision.PolicyType) ?? '';
  if (type !== policyType) return writePolicy({ type, status: PolicyStatus.UnknownPolicyType });
  const acknowledged = text(policy, Provision.PolicyKey);
  if (acknowledged === undefined) return firstPhase(exchange);
  return secondPhase(exchange, { acknowledged, report: readReport(policy) });
}

async function firstPhase({ services, device, user, policies, now }: Exchange): Promise<Element> {
  const policyKey = services.newPolicyKey();
  const { values, digest } = policies.of(user, device, now);
  const change = { temporaryPolicyKey: policyKey, temporaryPolicyDigest: digest };
  await services.store.transact((tx) => changeDevice(tx, device.id, change));
  const document = writePolicyDocument(values);
  return writePolicy({ type: policyType, status: PolicyStatus.Success, policyKey, document });
}

// Some leave it out where all is well.
function readReport(policy: Element): number {
  const report = Number(text(policy, Provision.Status) ?? PolicyReport.Applied);
  if (!(Object.values(PolicyReport) as number[]).includes(report))
    throw new StatusError(ProvisionStatus.ProtocolError, 'an acknowledgement with a Status that is none');
  return report;
}

// A repeated acknowledgement, whose answer was lost, gets a key that is good. What it acknowledges is the policy that came
// with the temporary key, whatever has become of the policy since.
async function secondPhase(
  { services, device, user, policies, now }: Exchange,
  { acknowledged, report }: { acknowledged: string; report: number },
): Promise<Element> {
  if (device.temporaryPolicyKey === null || acknowledged !== String(device.temporaryPolicyKey))
    return writePolicy({ type: policyType, status: PolicyStatus.WrongPolicyKey });
  const objection = findObjection(report, policies.of(user, device, now).values);
  const policyKey = services.newPolicyKey();
  const issued = objection ? {} : { policyKey, policyDigest: device.temporaryPolicyDigest };
  await services.store.transact((tx) => changeDevice(tx, device.id, { policyStatus: report, ...issued }));
  if (objection) throw objection;
  return writePolicy({ type: policyType, status: PolicyStatus.Success, policyKey });
}

interface WrittenPolicy {
  type: string;
  status: number;
  policyKey?: number;
  document?: Element;
}

function writePolicy({ type, status, policyKey, document }: WrittenPolicy): Element {
  return element(Provision.Policy, [
    element(Provision.PolicyType, type === '' ? policyType : type.slice(0, 64)),
    element(Provision.Status, String(status)),
    policyKey === undefined ? undefined : element(Provision.PolicyKey, String(policyKey)),
    document && element(Provision.Data, [document]),
  ]);
}
