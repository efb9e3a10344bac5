// Provision: the device learns the policy and gets its key, in two phases.
// MS-ASPROV 3.1.5.1 Provision Command

import { changeDevice } from '../../store/devices.js';
import { Provision } from '../../wbxml/airsync/provision.js';
import { Settings } from '../../wbxml/airsync/settings.js';
import { child, type Element, element, text } from '../../wbxml/element.js';
import { applyDeviceInformation } from '../device-information.js';
import { StatusError } from '../errors.js';
import type { Exchange } from '../exchange.js';
import { CommonStatus, PolicyStatus, ProvisionStatus } from '../statuses.js';
import { isSince } from '../versions.js';

const policyType = 'MS-EAS-Provisioning-WBXML';

export async function provision(exchange: Exchange): Promise<Element> {
  const { body } = exchange;
  // MS-ASPROV 3.1.5.1: an empty request asks whether something is to be done, such as a remote wipe.
  if (!body) return writeProvision([]);
  const policies = child(body, Provision.Policies);
  const policy = policies && child(policies, Provision.Policy);
  const information = child(body, Settings.DeviceInformation);
  if (policy) demandInformation(exchange, { policy, information });
  const told = information ? [await answerInformation(exchange, information)] : [];
  if (!policy) return writeProvision(told);
  return writeProvision(told, await answerPolicy(exchange, policy));
}

function writeProvision(first: readonly Element[], policy?: Element): Element {
  return element(Provision.Provision, [
    ...first,
    element(Provision.Status, String(ProvisionStatus.Success)),
    policy && element(Provision.Policies, [policy]),
  ]);
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
  return secondPhase(exchange, acknowledged);
}

async function firstPhase({ services, device }: Exchange): Promise<Element> {
  const policyKey = services.newPolicyKey();
  await services.store.transact((tx) => changeDevice(tx, device.id, { temporaryPolicyKey: policyKey }));
  return writePolicy({ type: policyType, status: PolicyStatus.Success, policyKey, document: writePolicyDocument() });
}

// A repeated acknowledgement, whose answer was lost, gets the key that was issued then.
async function secondPhase({ services, device }: Exchange, acknowledged: string): Promise<Element> {
  if (device.temporaryPolicyKey === null || acknowledged !== String(device.temporaryPolicyKey))
    return writePolicy({ type: policyType, status: PolicyStatus.WrongPolicyKey });
  const policyKey = services.newPolicyKey();
  await services.store.transact((tx) => changeDevice(tx, device.id, { policyKey }));
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

// What every device is asked for: nothing that costs its owner anything, and text messaging allowed.
// MS-ASPROV 2.2.2.28 EASProvisionDoc
function writePolicyDocument(): Element {
  return element(Provision.EASProvisionDoc, [
    element(Provision.DevicePasswordEnabled, '0'),
    element(Provision.AlphanumericDevicePasswordRequired, '0'),
    element(Provision.PasswordRecoveryEnabled, '0'),
    element(Provision.RequireStorageCardEncryption, '0'),
    element(Provision.AttachmentsEnabled, '1'),
    element(Provision.MinDevicePasswordLength),
    element(Provision.MaxInactivityTimeDeviceLock),
    element(Provision.MaxDevicePasswordFailedAttempts),
    element(Provision.MaxAttachmentSize),
    element(Provision.AllowSimpleDevicePassword, '1'),
    element(Provision.DevicePasswordExpiration),
    element(Provision.DevicePasswordHistory, '0'),
    element(Provision.AllowStorageCard, '1'),
    element(Provision.AllowCamera, '1'),
    element(Provision.RequireDeviceEncryption, '0'),
    element(Provision.AllowTextMessaging, '1'),
  ]);
}
