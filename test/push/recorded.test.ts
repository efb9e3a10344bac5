// Every recorded push message is made again to the octet, and read as what it is.

import test from 'ava';
import { PushError } from '../../src/push/errors.js';
import { proofOf, readPush, type ReadPush } from '../../src/push/read-push.js';
import { splitBinary } from '../../src/sms/binary-parts.js';
import { addressOf } from '../../src/sms/tpdu/address.js';
import { decodeDeliver } from '../../src/sms/tpdu/deliver.js';
import { messageParts } from '../../src/sms/tpdu/message-parts.js';
import { decodeSubmit, encodeSubmit } from '../../src/sms/tpdu/submit.js';
import { concatenationOf, readUserDataHeader } from '../../src/sms/user-data-header.js';
import { hex, make, octets, readRecorded, readRecordedTexts } from './fixtures.js';

for (const { name, what, message, body, mac, pdu, dcs, udh, submit, deliver } of readRecorded()) {
  test(`${name}: ${what}, to the octet`, (t) => {
    const { data, udh: ports, dcs: scheme } = make(message);
    t.true(hex(data).endsWith(body));
    if (pdu === undefined || udh === undefined) return;
    t.is(hex(data), pdu);
    t.is(scheme, dcs!);
    const { reference = 0 } = concatenationOf(readUserDataHeader(octets(udh[0]!))!) ?? {};
    const parts = splitBinary({ data, udh: ports, reference });
    t.deepEqual(
      parts.map((part) => hex(part.udh)),
      udh,
    );
  });

  if (udh && submit && deliver)
    test(`${name}: its SUBMITs and DELIVERs are those that were recorded`, (t) => {
      const { data, udh: ports, dcs: dataCodingScheme } = make(message);
      const { reference = 0 } = concatenationOf(readUserDataHeader(octets(udh[0]!))!) ?? {};
      const parts = messageParts({ data, udh: ports, dataCodingScheme, reference });
      const destination = addressOf('+358407654321');
      const validity = decodeSubmit(octets(submit[0]!)).validity;
      t.deepEqual(
        parts.map((part) => hex(encodeSubmit({ ...part, destination, validity }))),
        submit,
      );
      t.deepEqual(
        deliver
          .map((each) => decodeDeliver(octets(each)).data)
          .map((each) => hex(each!))
          .join(''),
        hex(data),
      );
    });

  test(`${name}: is read, and proves itself to whoever knows its secrets`, (t) => {
    const { data } = make(message);
    const read = readPush(data);
    t.is(hex(read.body), body);
    t.is(read.contentType.mac, mac);
    const { pin, imsi } = message.kind === 'configuration' ? message : {};
    const { password, nonce } = message.kind === 'notification' ? message : {};
    const isSigned = read.kind === 'notification' || mac !== undefined;
    t.is(proofOf(read, { pin, imsi, password, nonce }), isSigned ? 'right' : 'unsigned');
    t.is(proofOf(read, {}), isSigned ? 'unchecked' : 'unsigned');
    if (isSigned) t.is(proofOf(read, { pin: '9999', imsi: '001010000000001', password: 'x' }), 'wrong');
  });

  test(`${name}: cut at any octet it is refused, or read without what is missing`, (t) => {
    const { data } = make(message);
    for (let length = 0; length < data.length; length++) {
      const read = attempt(data.subarray(0, length));
      if (read instanceof PushError) t.regex(read.code, /^(TRUNCATED|BAD_DOCUMENT|BAD_PDU)$/);
      else t.fail(`read ${length} octets of ${data.length}`);
    }
  });
}

for (const { name, what, text, reference, submit, deliver } of readRecordedTexts())
  test(`${name}: ${what}, to the octet, and read again`, (t) => {
    const parts = messageParts({ text, reference });
    const destination = addressOf('+358407654321');
    const validity = decodeSubmit(octets(submit[0]!)).validity;
    t.deepEqual(
      parts.map((part) => hex(encodeSubmit({ ...part, destination, validity }))),
      submit,
    );
    const came = deliver.map((each) => decodeDeliver(octets(each)));
    t.is(came.map((each) => each.text).join(''), text);
    t.deepEqual(
      came.map(({ header }) => concatenationOf(header)),
      [1, 2].map((part) => ({ reference, total: 2, part })),
    );
  });

function attempt(pdu: Uint8Array): ReadPush | PushError {
  try {
    return readPush(pdu);
  } catch (error) {
    if (error instanceof PushError) return error;
    throw error;
  }
}

test('random and changed octets give a push or a PushError, and nothing else', (t) => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (seed >> 8) % below;
  };
  const all = readRecorded().map(({ message }) => make(message).data);
  for (let round = 0; round < 3_000; round++) {
    const changed = Uint8Array.from(all[random(all.length)]!);
    for (let count = random(4); count >= 0; count--) changed[random(changed.length)] = random(256);
    const read = attempt(changed);
    if (!(read instanceof PushError)) proofOf(read, { pin: '1234', imsi: '466923103145252', password: 'x', nonce: '' });
  }
  t.pass();
});
