import test from 'ava';
import { TpduError } from '../../src/sms/errors.js';
import { addressOf, writtenAddress } from '../../src/sms/tpdu/address.js';
import { encodeDeliver } from '../../src/sms/tpdu/deliver.js';
import { messageParts } from '../../src/sms/tpdu/message-parts.js';
import { decodeIncoming, readPdu, writePdu } from '../../src/sms/tpdu/pdu.js';
import { encodeStatusReport } from '../../src/sms/tpdu/status-report.js';
import { decodeSubmit, encodeSubmit } from '../../src/sms/tpdu/submit.js';

const destination = addressOf('+447700900123');

test('refuses a PDU that ends before one of its fields does, and says which', (t) => {
  const { tpdu } = readPdu('0011000C914477000910320000A705E8329BFD06');
  for (let length = 0; length < tpdu.length; length++) {
    const error = t.throws(() => decodeSubmit(tpdu.subarray(0, length)), { instanceOf: TpduError });
    t.is(error.code, 'TRUNCATED');
    t.regex(error.field ?? '', /^TP-(MTI|MR|DA|PID|DCS|VP|UDL|UD)$/);
  }
});

test('writes and reads a SUBMIT', (t) => {
  const [part] = messageParts({ text: 'hello', reference: 0 });
  const tpdu = encodeSubmit({ ...part!, destination, validity: { format: 'relative', minutes: 24 * 60 } });
  t.deepEqual(writePdu({ serviceCentre: undefined, tpdu }), {
    hex: '0011000C914477000910320000A705E8329BFD06',
    length: 19,
  });
  const read = decodeSubmit(tpdu);
  t.is(writtenAddress(read.destination), '+447700900123');
  t.is(read.text, 'hello');
});

test('writes and reads a DELIVER and a STATUS-REPORT', (t) => {
  const time = { instant: new Date('2026-11-30T14:00:00Z'), offsetMinutes: -90 };
  const [part] = messageParts({ text: 'я😀', reference: 0 });
  const deliver = decodeIncoming(encodeDeliver({ ...part!, originator: addressOf('Bank'), serviceCentreTime: time }));
  if (deliver.type !== 'SMS-DELIVER') return t.fail();
  t.is(writtenAddress(deliver.originator), 'Bank');
  t.is(deliver.text, 'я😀');
  t.deepEqual(deliver.serviceCentreTime, time);
  const fields = { messageReference: 7, recipient: destination, serviceCentreTime: time, dischargeTime: time };
  const report = decodeIncoming(encodeStatusReport({ ...fields, status: 0x46 }));
  if (report.type !== 'SMS-STATUS-REPORT') return t.fail();
  t.is(report.meaning, 'permanent');
  t.like(report, fields);
});
