// libwbxml's two programs, and what its names are in ours.

import { execFileSync, spawnSync } from 'node:child_process';
import type { ExecutionContext } from 'ava';

// What libwbxml 0.11.8 calls otherwise than MS-ASWBXML, beside the two patterns below.
const namesakes: Readonly<Record<string, string>> = {
  AssistantTelephoneNumber: 'AssistantPhoneNumber',
  AttOId: 'Att0Id',
  FlagStatus: 'Status',
  Exception_StartTime: 'ExceptionStartTime',
  Organizer_Email: 'OrganizerEmail',
  Organizer_Name: 'OrganizerName',
  Attendee_Status: 'AttendeeStatus',
  Attendee_Type: 'AttendeeType',
  DeviceEncryptionEnabled: 'RequireStorageCardEncryption',
  ihsManagementInformation: 'RightsManagementInformation',
  RMOwner: 'Owner',
  DTStamp: 'DtStamp',
  MIME: 'Mime',
  'Reply-To': 'ReplyTo',
  SmtpAddress: 'SMTPAddress',
  RemoveRightsManagementDistribution: 'RemoveRightsManagementProtection',
};
const PREFIX = /^(Recurrence|Exception|Attendee)_/;
const ADDRESS_PART = /^(Business|Home|Other)(City|Country|PostalCode|State|Street)$/;

export function ourName(name: string): string {
  return namesakes[name] ?? name.replace(PREFIX, '').replace(ADDRESS_PART, '$1Address$2');
}

export function translated(xml: string): string {
  return xml
    .replace(/(<\/?)([\w-]+)/g, (_, start: string, name: string) => start + ourName(name))
    .replace(/xmlns="(\w+):"/g, 'xmlns="$1"')
    .replaceAll('xmlns="Gal"', 'xmlns="GAL"');
}

/** Says so and passes where the program is not installed. */
export function isAbsent(t: ExecutionContext, program: string): boolean {
  const absent = spawnSync(program, ['--version']).error !== undefined;
  if (absent) t.log(`skipped: ${program} is not installed`);
  if (absent) t.pass();
  return absent;
}

export function wbxml2xml(octets: Uint8Array): string {
  const options = ['-l', 'ACTIVESYNC', '-m', '0', '-o', '-', '-'];
  return execFileSync('wbxml2xml', options, { input: octets, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
}

export function xml2wbxml(xml: string): Uint8Array {
  return execFileSync('xml2wbxml', ['-o', '-', '-'], { input: xml, stdio: ['pipe', 'pipe', 'ignore'] });
}
