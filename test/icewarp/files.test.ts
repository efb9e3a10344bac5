import test from 'ava';
import { readDelphiDate, writeDelphiDate } from '../../src/icewarp/delphi-date.js';
import { isFolderName } from '../../src/icewarp/folder.js';
import { type GatewayItem, readGatewayDat, writeGatewayDat } from '../../src/icewarp/gateway-dat.js';
import { modemFieldsOf, titleOf } from '../../src/icewarp/modem-fields.js';
import { templates } from '../../src/modem/templates.js';
import { readSmsDat, readSmsStat, writeSmsDat } from '../../src/icewarp/sms-dat.js';

test('leaves out lines that are none of sms.dat, and names them', (t) => {
  const { lines, complaints } = readSmsDat(
    ['a:b:c:d:1:2:3:4:5:0:more', 'x:::::many', 'y::::::::soon', 'z:::::::::2', '', 'good'].join('\r\n'),
  );
  t.deepEqual(complaints, [
    'line 1: it has more than ten fields',
    'line 2: sent is no number',
    'line 3: expire is no Delphi date',
    'line 4: inactive is neither 0 nor 1',
  ]);
  t.is(lines.length, 1);
  t.like(lines[0], { user: 'good', password: '', monthlyLimit: 0, lastSent: 0, expires: undefined, active: true });
  t.deepEqual(readSmsStat('a:1:2:3:4\n').complaints, ['line 1: it has more than four fields']);
});

test('writes the ten fields in the order of the document', (t) => {
  const text = 'pilot:secret:COM3:His account:100:42:1259600000:17:40086:1\n';
  const { lines } = readSmsDat(text);
  t.deepEqual(lines, [
    {
      user: 'pilot',
      password: 'secret',
      gateway: 'COM3',
      description: 'His account',
      monthlyLimit: 100,
      sentThisMonth: 42,
      lastSent: 1_259_600_000,
      sentPreviousMonth: 17,
      expires: '2009-09-30',
      active: false,
    },
  ]);
  t.is(writeSmsDat(lines), text);
});

test('counts days as Delphi does, where 0 is none', (t) => {
  t.is(readDelphiDate('1'), '1899-12-31');
  t.is(readDelphiDate('40086.75'), '2009-09-30');
  t.is(readDelphiDate('2958465'), '9999-12-31');
  for (const none of ['0', '', '-1', 'soon', '2958466']) t.is(readDelphiDate(none), undefined, none);
  t.is(writeDelphiDate('2009-09-30'), '40086');
  t.is(writeDelphiDate(undefined), '0');
});

test('refuses XML that is none, or declares anything, and names unknown tags', (t) => {
  for (const bad of ['', '<GATEWAYS>', '<!DOCTYPE x [<!ENTITY a "b">]><x/>', 'no xml', '<a><b></a></b>'])
    t.throws(() => readGatewayDat(bad), { instanceOf: Error }, bad);
  const { items, complaints } = readGatewayDat(
    '<X><ITEM><ID>a</ID><TYPE>1</TYPE><SPEED>9600</SPEED></ITEM><ITEM><TYPE>0</TYPE></ITEM><ITEM><ID>b</ID><TYPE>Fax</TYPE></ITEM><OTHER/></X>',
  );
  t.deepEqual(complaints, [
    'gateway a: <SPEED> is not known',
    'a gateway without an ID',
    'gateway b: the type Fax is not known',
    '<OTHER> is not known',
  ]);
  t.deepEqual(
    items.map(({ id, type, active }) => [id, type, active]),
    [['a', 'http', true]],
  );
});

test('knows a product by the names people write, a PIN, and a service centre with spaces', (t) => {
  const fieldsOf = (item: Partial<GatewayItem>) =>
    modemFieldsOf({
      ...{ id: 'COM3', active: true, type: 'gsm-modem', device: 'COM3', template: '', description: '' },
      ...{ pin: '', from: '', center: '', clientCert: '', ...item },
    });
  t.deepEqual(fieldsOf({}), { lost: [] });
  for (const template of ['Siemens ES75', 'siemens-es75', 'SIEMENS  ES75'])
    t.deepEqual(fieldsOf({ template }), { template: 'siemens-es75', lost: [] });
  t.is(fieldsOf({ template: 'HuaweiE220' }).template, 'huawei-e220');
  t.deepEqual(fieldsOf({ pin: '4711', center: '+44 (7700) 900-999' }), {
    ...{ pin: '4711', smsCenter: '+447700900999', lost: [] },
  });
  t.deepEqual(fieldsOf({ pin: 'pass word' }), { password: 'pass word', lost: [] });
  t.is(fieldsOf({ template: 'COM1', center: 'the usual' }).lost.length, 2);
  for (const title of ['Siemens ES75', 'Huawei E220', 'Huawei E1556', 'MTCBA-G-F2', 'Nokia E51', '2N Voiceblue']) {
    const { template } = fieldsOf({ template: title });
    t.true(Object.hasOwn(templates, template!), 'the modem room knows it');
    t.is(titleOf(template!), title);
  }
  t.is(titleOf('generic'), 'generic');
});

test('writes a gateway whose client certificate is a file as it was read', (t) => {
  const text = `<?xml version="1.0" encoding="utf-8"?>
<GATEWAYS>
  <ITEM>
    <ACTIVE>1</ACTIVE>
    <ID>O2</ID>
    <TYPE>HTTP Request</TYPE>
    <DEVICE>https://sms.example.com/?a=1&amp;b=&lt;2&gt;</DEVICE>
    <CLIENTCERT>C:\\certificates\\cert_o2.pem</CLIENTCERT>
  </ITEM>
  <ITEM>
    <ACTIVE>1</ACTIVE>
    <ID>COM3</ID>
    <TYPE>GSM Modem</TYPE>
    <DEVICE>COM3</DEVICE>
    <TEMPLATE>Siemens</TEMPLATE>
    <PIN>1234</PIN>
    <CENTER>+447700900000</CENTER>
  </ITEM>
</GATEWAYS>
`;
  const { items, complaints } = readGatewayDat(text);
  t.deepEqual(complaints, []);
  t.is(writeGatewayDat(items), text);
});

test('knows a name that leads out of the folder', (t) => {
  for (const bad of ['', '.', '..', 'a/b', 'a\\b', 'a\0']) t.false(isFolderName(bad));
  t.true(isFolderName('ada.lovelace'));
});
