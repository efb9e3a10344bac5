// The parts of a binary message, each in an SMS-DELIVER, before wireshark's dissector.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { type BinaryPart, splitBinary } from '../../src/sms/binary-parts.js';
import { isAbsent } from './libwbxml.js';

const folder = mkdtempSync(join(tmpdir(), 'easms-tpdu-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

// TP-MMS and TP-UDHI, from +44 7700 900123, protocol 0, data of class 1, 2026-11-23. TS 23.040 9.2.2.1 SMS-DELIVER type
const head = [0x44, 0x0c, 0x91, 0x44, 0x77, 0x00, 0x09, 0x10, 0x32, 0x00, 0xf5];
const serviceCentreTime = [0x62, 0x11, 0x32, 0x02, 0x20, 0x20, 0x00];

function asPacket({ udh, data }: BinaryPart): string {
  const userData = [udh.length, ...udh, ...data];
  const hex = Buffer.from([...head, ...serviceCentreTime, userData.length, ...userData])
    .toString('hex')
    .match(/../g)!;
  return `000000 ${hex.join(' ')}\n`;
}

const quiet = { stdio: ['pipe', 'pipe', 'ignore'] as 'pipe'[], encoding: 'utf8' } as const;
const asTpdu = 'uat:user_dlts:"User 0 (DLT=147)","gsm_sms","0","","0",""';

/** What tshark says of the parts, one packet each. */
function dissect(parts: readonly BinaryPart[], wanted: readonly string[]): string {
  const file = join(folder, 'parts.pcap');
  execFileSync('text2pcap', ['-q', '-l', '147', '-', file], { ...quiet, input: parts.map(asPacket).join('') });
  const options = ['-o', asTpdu, '-o', 'gsm_sms.reassemble:FALSE'];
  return execFileSync('tshark', ['-r', file, ...options, ...wanted], quiet);
}

test('wireshark reads reference, place, ports and octets in every part', (t) => {
  if (isAbsent(t, 'tshark') || isAbsent(t, 'text2pcap')) return;
  const parts = splitBinary({
    data: Uint8Array.from({ length: 300 }, (_, n) => n % 251),
    udh: Uint8Array.of(0x05, 0x04, 0x0b, 0x84, 0x23, 0xf0),
    reference: 0x2a,
  });
  const fields = ['udh.mm.msg_id', 'udh.mm.msg_parts', 'udh.mm.msg_part', 'sms_body'];
  const shown = dissect(parts, ['-T', 'fields', ...fields.flatMap((field) => ['-e', `gsm_sms.${field}`])]);
  t.deepEqual(
    shown.trimEnd().split('\n'),
    parts.map(({ data }, n) => ['42', '3', n + 1, Buffer.from(data).toString('hex')].join('\t')),
  );
  const inWords = dissect(parts, ['-V']);
  t.is(inWords.match(/Destination port: .*\(2948\)$/gm)?.length, 3);
  t.is(inWords.match(/Originator port: .*\(9200\)$/gm)?.length, 3);
});
