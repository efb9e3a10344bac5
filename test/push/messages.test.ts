// What is refused, and what the recordings do not show.

import test from 'ava';
import { configurationMessage, type Wanted } from '../../src/push/configuration.js';
import { PushError, type PushErrorCode } from '../../src/push/errors.js';
import { notificationMessage, serverAlertMessage } from '../../src/push/notify.js';
import { isTypedPinRight, keyOf, macOf, typedPin } from '../../src/push/prov/security.js';
import { proofOf, readPush, securityOf } from '../../src/push/read-push.js';
import { digestOf, isDigestRight } from '../../src/push/san/digest.js';
import { readNotification, writeNotification } from '../../src/push/san/notification.js';
import { readPushPdu } from '../../src/push/wsp/push-pdu.js';
import { readUserDataHeader, portsOf } from '../../src/sms/user-data-header.js';
import { hex, octets } from './fixtures.js';

const alarm = { serverId: 'sync', sessionId: 1, uiMode: 'background', initiator: 'server' } as const;
const secrets = { password: 'secret', nonce: 'n' };
const contacts = { syncType: 206, contentType: 7, uri: './Contacts' };

const refusedNotifications: [string, string, object][] = [
  ['a server id of more than 255 octets', 'server-identifier', { serverId: 'é'.repeat(128) }],
  ['a URI of more than 255 octets', 'server-uri', { syncs: [{ ...contacts, uri: 'x'.repeat(256) }] }],
  ['more than fifteen databases', 'num-syncs', { syncs: Array.from({ length: 16 }, () => contacts) }],
  ['a sync type that is none', 'sync-type', { syncs: [{ ...contacts, syncType: 205 }] }],
  ['a content type of more than 24 bits', 'content-type', { syncs: [{ ...contacts, contentType: 0x100_0000 }] }],
  ['a session of more than 16 bits', 'session-id', { sessionId: 65_536 }],
];
for (const [title, field, change] of refusedNotifications)
  test(`no notification is made of ${title}`, (t) => {
    const made = { ...alarm, ...secrets, syncs: [contacts], ...change };
    t.like(
      t.throws(() => notificationMessage(made), { instanceOf: PushError }),
      { code: 'BAD_FIELD', field },
    );
  });

test('no alert of SyncML 1.1 is made of no database, or of a sync type that is none', (t) => {
  const alert = { ...alarm, target: '/' };
  for (const syncs of [[], [{ ...contacts, syncType: 200 }]])
    t.throws(() => serverAlertMessage({ ...alert, syncs }), { instanceOf: PushError, code: 'BAD_FIELD' });
});

test('a notification of another version is refused', (t) => {
  const made = Buffer.from(writeNotification({ ...alarm, syncs: [] }, secrets));
  made[17] = made[17]! | 0x40;
  t.like(
    t.throws(() => readNotification(made)),
    { code: 'BAD_VERSION', offset: 16 },
  );
});

test('a notification without databases is for all of them, and what a vendor appends is left alone', (t) => {
  const made = writeNotification({ ...alarm, syncs: [] }, secrets);
  t.is(made.length, 16 + 7 + 1 + 4 + 1);
  t.deepEqual(readNotification(Buffer.concat([made, Buffer.from('vendor')])), { version: 12, ...alarm, syncs: [] });
});

test('a digest holds without password and nonce, the colons stay, and with one octet changed it does not', (t) => {
  const none = { serverId: 'sync', password: '', nonce: '' };
  const made = Buffer.from(writeNotification({ ...alarm, syncs: [contacts] }, none));
  t.true(isDigestRight(made, none));
  // MD5(B64(MD5("sync:")) ":" "" ":" B64(MD5(""))), by openssl and md5sum
  t.is(hex(digestOf(new Uint8Array(), none)), '6061197a2a07ef5dfa708949d4fa072e');
  made[20] = made[20]! ^ 1;
  t.false(isDigestRight(made, none));
  t.false(isDigestRight(made.subarray(0, 15), none));
});

test('content types and headers that others write are read', (t) => {
  const readType = (header: string): unknown => readPushPdu(octets(`0106${header}`)).contentType;
  // The type as a text, a parameter with a name, a header that is a text, one of a value with a length.
  t.deepEqual(readType('03782f00'), { type: 'x/' });
  t.deepEqual(readType('0807782f0061006200'), { type: 'x/' });
  t.deepEqual(readType('07ae6100620083ff'), { type: 'application/vnd.wap.sic' });
  t.deepEqual(readType('06ae9003010203'), { type: 'application/vnd.wap.sic' });
  t.deepEqual(readType('0403020999'), { type: '0x999' }, 'a number without a name');
});

const refusedPdus: [string, PushErrorCode, string][] = [
  ['one that is no push', 'BAD_PDU', '010703ceaf85'],
  ['headers that are longer than it', 'TRUNCATED', '010610ceaf85'],
  ['a length of more than five octets', 'BAD_PDU', '0106818181818181'],
  ['a content type that nobody pushes here', 'UNKNOWN_CONTENT_TYPE', '010601c500'],
  ['nothing', 'TRUNCATED', ''],
];
for (const [title, code, digits] of refusedPdus)
  test(`refuses ${title}`, (t) => {
    t.throws(() => readPush(octets(digits)), { instanceOf: PushError, code });
  });

const w5 = { format: 'oma', profile: 'w5' } as const;
const least = { url: 'http://sync.example.com/', databases: [{ uri: './Contacts' }] };

const refusedConfigurations: [string, PushErrorCode, string, Wanted & Record<string, unknown>][] = [
  ['a profile that the format does not have', 'UNKNOWN_PROFILE', 'profile', { format: 'si', profile: 'w5' }],
  ['neither profile nor document', 'BAD_FIELD', 'profile', { format: 'oma' }],
  ['both', 'BAD_FIELD', 'profile', { ...w5, document: '<x/>' }],
  ['a parameter that is missing', 'BAD_FIELD', 'parameters.databases', { ...w5, parameters: { url: 'http://x/' } }],
  ['a parameter that the profile does not have', 'BAD_FIELD', 'parameters.nope', { ...w5, parameters: { nope: '1' } }],
  ['a list that is none', 'BAD_FIELD', 'parameters.databases', { ...w5, parameters: { ...least, databases: 'x' } }],
  [
    'a value that is not one of those',
    'BAD_FIELD',
    'parameters.authType',
    { ...w5, parameters: { ...least, authType: 'x' } },
  ],
  ['a document that is no XML', 'BAD_DOCUMENT', 'document', { format: 'oma', document: '<wap-provisioningdoc>' }],
  ['a document of another format', 'BAD_DOCUMENT', 'document', { format: 'oma', document: '<si/>' }],
  ['a root that is none', 'BAD_DOCUMENT', 'document', { format: 'oma', document: '<parm name="x"/>' }],
  [
    'an attribute that is none',
    'BAD_DOCUMENT',
    'document',
    { format: 'oma', document: '<wap-provisioningdoc x="1"/>' },
  ],
  [
    'entities of its own',
    'BAD_DOCUMENT',
    'document',
    { format: 'oma', document: '<!DOCTYPE x [<!ENTITY a "b">]><wap-provisioningdoc/>' },
  ],
  [
    'a date that is none',
    'BAD_FIELD',
    'parameters.created',
    { format: 'si', profile: 'si', parameters: { text: 'x', created: 'May' } },
  ],
  [
    'a proof for what has none',
    'BAD_FIELD',
    'security',
    { format: 'si', profile: 'si', parameters: { text: 'x' }, security: 'userpin' },
  ],
  ['no PIN where one signs', 'BAD_FIELD', 'pin', { ...w5, parameters: least, security: 'userpin' }],
  ['no IMSI where it signs', 'BAD_FIELD', 'imsi', { ...w5, parameters: least, security: 'usernetwpin', pin: '1234' }],
  [
    'a short PIN that is typed with its digits',
    'BAD_FIELD',
    'pin',
    { ...w5, parameters: least, security: 'userpinmac', pin: '1234' },
  ],
  [
    'an account without a server',
    'BAD_FIELD',
    'parameters.smtpServer',
    { format: 'oma', profile: 'email', parameters: { name: 'x' } },
  ],
  [
    'a bookmark of nothing',
    'BAD_FIELD',
    'parameters.url',
    { format: 'ota', profile: 'bookmark', parameters: { name: 'x' } },
  ],
];
for (const [title, code, field, wanted] of refusedConfigurations)
  test(`no configuration is made of ${title}`, (t) => {
    t.like(
      t.throws(() => configurationMessage(wanted), { instanceOf: PushError }),
      { code, field },
    );
  });

test('the key of an IMSI is what the card keeps, for an odd and an even count of digits', (t) => {
  t.is(hex(keyOf('netwpin', { imsi: '466923103145252' })), '4966291330412525');
  t.is(hex(keyOf('netwpin', { imsi: '46692310314525' })), '41662913304125f5');
  t.is(hex(keyOf('usernetwpin', { imsi: '466923103145252', pin: '12' })), '49662913304125253132');
});

test('what an owner types is the PIN and as many digits of the MAC', (t) => {
  const body = octets('030b6a0005');
  const mac = octets(macOf(keyOf('userpin', { pin: '12345' }), body).toLowerCase());
  const typed = typedPin('12345', body);
  t.is(typed, `12345${[...mac.subarray(0, 5)].map((octet) => octet % 10).join('')}`);
  t.true(isTypedPinRight(typed, body));
  for (const wrong of ['1234567890', typed.slice(1), '', 'abcdefghij'])
    t.is(isTypedPinRight(wrong, body), wrong === typed);
});

test('each security is told in the content type, and holds', (t) => {
  const given = { pin: '123456', imsi: '001010000000001' };
  for (const security of ['none', 'netwpin', 'userpin', 'usernetwpin', 'userpinmac'] as const) {
    const { message, typedPin: typed } = configurationMessage({ ...w5, parameters: least, security, ...given });
    const read = readPush(message.data);
    t.is(securityOf(read.contentType), security);
    const pin = typed ?? given.pin;
    t.is(proofOf(read, { ...given, pin }), security === 'none' ? 'unsigned' : 'right');
    if (security !== 'none') t.is(proofOf(read, { imsi: '001010000000002', pin: '0000000000' }), 'wrong');
  }
});

function documentOf(wanted: Wanted): string {
  const { message, document } = configurationMessage(wanted);
  const read = readPush(message.data);
  if (!('document' in read)) throw new Error(`it is a ${read.kind}`);
  if (read.document !== document) throw new Error('it is read as something else');
  return read.document.replaceAll(/^<\?xml.*\n/g, '').replaceAll(/\n\s*/g, '');
}

test('a profile may be given its parameters by the names of the document', (t) => {
  const parameters = { ADDR: 'http://x/', 'PROVIDER-ID': 'p', RESOURCE: [{ URI: './C', AACCEPT: 'text/x-vcard' }] };
  t.is(
    documentOf({ ...w5, parameters }),
    '<wap-provisioningdoc version="1.0"><characteristic type="APPLICATION"><parm name="APPID" value="w5"/>' +
      '<parm name="PROVIDER-ID" value="p"/><parm name="ADDR" value="http://x/"/><characteristic type="RESOURCE">' +
      '<parm name="URI" value="./C"/><parm name="AACCEPT" value="text/x-vcard"/></characteristic></characteristic>' +
      '</wap-provisioningdoc>',
  );
});

test('device management proves the phone to the server and the server to the phone', (t) => {
  const parameters = {
    ...{ serverId: 'dm', url: 'https://dm.example.com/', port: 443, init: true, authType: 'DIGEST' },
    ...{ user: 'phone', password: 'p', nonce: 'bg==', serverPassword: 's', serverNonce: 'bQ==' },
  };
  const document = documentOf({ format: 'oma', profile: 'w7', parameters });
  t.regex(document, /<parm name="INIT"\/><characteristic type="APPADDR"><parm name="ADDR" value="https:\/\/dm/);
  t.regex(document, /APPSRV"\/><parm name="AAUTHTYPE" value="DIGEST"\/><parm name="AAUTHNAME" value="phone"/);
  t.regex(document, /CLIENT"\/><parm name="AAUTHTYPE" value="DIGEST"\/><parm name="AAUTHNAME" value="dm"/);
});

test('an e-mail account is an application for each way, joined by one id', (t) => {
  const parameters = {
    address: 'ann@example.com',
    user: 'ann',
    password: 'p',
    smtpServer: 's',
    imap4Server: 'i',
    smtpPort: 587,
  };
  const document = documentOf({ format: 'oma', profile: 'email', parameters });
  t.is(document.match(/<parm name="PROVIDER-ID" value="ann@example.com"\/>/g)?.length, 2);
  t.regex(document, /value="143".*value="25".*<parm name="FROM" value="ann@example.com"\/>.*value="587"/);
});

test('a browser has its access point and proxy, or the internet', (t) => {
  const all = {
    name: 'Web',
    apn: 'internet',
    apnUser: 'u',
    proxy: '192.0.2.1',
    proxyPort: '8080',
    homepage: 'http://x/',
  };
  const document = documentOf({ format: 'oma', profile: 'browser', parameters: all });
  t.regex(
    document,
    /NAPDEF.*value="GSM-GPRS".*NAPAUTHINFO.*value="PAP".*PXLOGICAL.*value="IPV4".*value="PROXY1".*STARTPAGE"\/>/,
  );
  t.regex(
    documentOf({ format: 'oma', profile: 'browser', parameters: { name: 'Web' } }),
    /"TO-NAPID" value="INTERNET"/,
  );
});

test('Exchange ActiveSync is a characteristic of Windows Mobile', (t) => {
  const parameters = { server: 'mail.example.com', user: 'ann', domain: 'example', contacts: true };
  t.regex(
    documentOf({ format: 'oma', profile: 'activesync', parameters }),
    /type="Sync"><characteristic type="Connection"><parm name="Server" value="mail.example.com"\/>.*"Mail"><parm name="Enabled" value="1"\/>.*"Contacts"/,
  );
});

test('an indication keeps its dates as octets and shows them as dates', (t) => {
  const parameters = {
    text: 'x',
    created: '2024-05-06T07:08:00Z',
    expires: '2024-06-01T00:00:00Z',
    action: 'signal-high',
    id: 'a',
  };
  const { message } = configurationMessage({ format: 'si', profile: 'link', parameters });
  t.regex(hex(message.data), /0ac306202405060708.*10c30420240601/);
  const document = documentOf({ format: 'si', profile: 'link', parameters });
  t.regex(document, /created="2024-05-06T07:08:00Z" si-expires="2024-06-01T00:00:00Z"/);
  t.is(hex(configurationMessage({ format: 'si', document }).message.data), hex(message.data));
});

test('a phone or gateway may want ports, coding scheme and application otherwise', (t) => {
  const carriage = { destinationPort: 50_001, sourcePort: 9200, dcs: 0xf5, transactionId: 9, applicationId: false };
  const { data, udh, dcs } = notificationMessage({ ...alarm, ...secrets, syncs: [] }, carriage);
  t.is(dcs, 0xf5);
  t.deepEqual(portsOf(readUserDataHeader(udh)!), { destination: 50_001, source: 9200 });
  t.is(hex(data.subarray(0, 4)), '090601ce');
  const signed = configurationMessage({ ...w5, parameters: least }, { applicationId: true });
  t.is(hex(signed.message.data.subarray(0, 6)), '010603b6af85');
});

test('the alert of SyncML 1.1 may name its type as a text', (t) => {
  const alert = { serverId: 'http://x/', sessionId: 7, target: '/', syncs: [contacts], publicId: 'text' } as const;
  const read = readPush(serverAlertMessage(alert).data);
  t.is(hex(read.body.subarray(0, 5)), '0200006a1d');
  t.like(read, {
    kind: 'server-alert',
    alert: {
      target: '/',
      source: 'http://x/',
      sessionId: 7,
      databases: [{ syncType: 206, uri: './Contacts', mimeType: 'text/x-vcard' }],
    },
  });
});
