// The policy as a device gets it: every element, because one that is left out keeps what an earlier policy made of it.
// All of them are known since 12.1, so that each version that is offered gets the same.
// MS-ASPROV 2.2.2.28 EASProvisionDoc, MS-ASPROV 3.2.5.1.1 Responding to an Initial Request

import { documentFields, type EffectivePolicy, type PolicyField } from '../accounts/policy-fields.js';
import { Provision } from '../wbxml/airsync/provision.js';
import { type Element, element, type Tag } from '../wbxml/element.js';

type FieldName = keyof typeof documentFields;

// No limit is said by an empty tag.
const emptyForZero: readonly FieldName[] = [
  'minDevicePasswordLength',
  'maxInactivityTimeDeviceLock',
  'maxDevicePasswordFailedAttempts',
  'maxAttachmentSize',
  'devicePasswordExpiration',
];

const namesIn: Partial<Record<FieldName, Tag>> = {
  unapprovedInROMApplicationList: Provision.ApplicationName,
  approvedApplicationList: Provision.Hash,
};

const rows = (Object.entries(documentFields) as [FieldName, PolicyField][]).map(([name]) => ({
  name,
  tag: tagOf(name),
}));

// The fields are the elements, but for the case of the first letter.
function tagOf(name: FieldName): Tag {
  return Provision[`${name[0]!.toUpperCase()}${name.slice(1)}` as keyof typeof Provision];
}

export function writePolicyDocument(values: EffectivePolicy): Element {
  return element(
    Provision.EASProvisionDoc,
    rows.map(({ name, tag }) => writeField(name, tag, values[name])),
  );
}

function writeField(name: FieldName, tag: Tag, value: boolean | number | readonly string[]): Element {
  if (typeof value === 'boolean') return element(tag, value ? '1' : '0');
  if (typeof value === 'number')
    return value === 0 && emptyForZero.includes(name) ? element(tag) : element(tag, String(value));
  const each = namesIn[name]!;
  return value.length === 0
    ? element(tag)
    : element(
        tag,
        value.map((one) => element(each, one)),
      );
}
