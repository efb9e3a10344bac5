import { readFileSync } from 'node:fs';
import test from 'ava';
import { findBadParameter, findPreset, presets } from '../../../src/gateway/presets/presets.js';
import type { PresetRequest, PresetValues } from '../../../src/gateway/presets/preset.js';
import type { TemplateValues } from '../../../src/hooks/template/render.js';
import { examples, render, type Rendered, shown } from './example.js';

// What a careless template would let out of its place.
const strange = `a&b=c%data%d"e'f\\g é+%20/?#`;

const values: Record<string, PresetValues> = {
  easms: { server: 'https://b.example.com/', user: 'a@example.com', password: strange },
  clickatell: { user: 'john', password: "john's_password", apiId: '2324231' },
  routomessaging: { user: 'john', password: strange, senderId: 'mysenderid' },
  o2: { baId: '1234567' },
  twilio: {
    accountSid: 'AC0123456789abcdef0123456789abcdef',
    authToken: strange,
    from: '+15005550006',
    reportUrl: 'https://sms.example.com/sms/report/twilio?a=1&b=%20',
  },
  vonage: {
    apiKey: 'abcd1234',
    apiSecret: strange,
    from: 'Acme & Co',
    reportUrl: 'https://sms.example.com/sms/report/v',
  },
  infobip: { baseUrl: 'xxxxx.api.infobip.com', apiKey: 'key-1', from: strange, reportUrl: 'https://sms.example.com/r' },
  messagebird: { accessKey: 'live_1', from: strange, reportUrl: 'https://sms.example.com/r?%data%' },
  'sms-gate': { server: 'http://192.168.1.10:8080/', user: 'sms', password: strange },
  'generic-json': { url: 'https://example.com/send', token: 'token-1' },
};

const text: TemplateValues = {
  number: '+447700900123',
  data: 'Hi "you" & me',
  parts: 1,
  msgid: 'm-1',
  sender: '+447700900999',
};

function rendered(id: string, message: TemplateValues = text, more: PresetValues = {}): Rendered & PresetRequest {
  const request = findPreset(id)!.request({ ...values[id], ...more });
  return { ...request, ...render(request, message) };
}

test('a parameter that is missing, unknown or not one line is named', (t) => {
  const twilio = findPreset('twilio')!;
  t.is(findBadParameter(twilio, {}), 'accountSid');
  t.is(findBadParameter(twilio, { ...values.twilio, from: '' }), 'from');
  t.is(findBadParameter(twilio, { ...values.twilio, from: 5 }), 'from');
  t.is(findBadParameter(twilio, { ...values.twilio, authToken: 'a\r\nx-injected: 1' }), 'authToken');
  t.is(findBadParameter(twilio, { ...values.twilio, from: '\ud800' }), 'from');
  t.is(findBadParameter(twilio, { ...values.twilio, colour: 'red' }), 'colour');
  t.is(findBadParameter(twilio, { ...values.twilio, reportUrl: undefined }), undefined, 'it is optional');
  t.is(findPreset('no-such'), undefined);
  t.is(findPreset('constructor'), undefined);
});

test('each preset takes the values of its parameters, whatever is in them, and asks for all it uses', (t) => {
  t.deepEqual(presets.map(({ id }) => id).sort(), Object.keys(values).sort());
  for (const preset of presets) {
    t.is(findBadParameter(preset, values[preset.id]!), undefined, preset.id);
    t.notThrows(() => render(preset.request(values[preset.id]!), text), preset.id);
    const asked: string[] = [];
    const watched = new Proxy(values[preset.id]!, {
      get: (target, name) => (asked.push(String(name)), target[String(name)]),
    });
    preset.request(watched);
    t.deepEqual([...new Set(asked)].sort(), preset.parameters.map(({ name }) => name).sort(), preset.id);
    for (const value of Object.values(preset.request(values[preset.id]!).headers ?? {}))
      t.regex(value, /^[\x20-\x7e]+$/);
  }
});

test('another server gets the parameters of the document', (t) => {
  const { url, method } = rendered('easms');
  t.is(method, 'GET');
  const { origin, pathname, searchParams } = new URL(url);
  t.is(origin + pathname, 'https://b.example.com/sms/');
  t.deepEqual(Object.fromEntries(searchParams), {
    ...{
      number: '+447700900123',
      data: 'Hi "you" & me',
      udh: '',
      binary: '0',
      pid: '',
      dcs: '',
      sender: '+447700900999',
    },
    ...{ msgid: 'm-1', user: 'a@example.com', pass: strange },
  });
  const binary = {
    ...text,
    data: Uint8Array.of(1, 2, 0xff),
    udh: Uint8Array.of(5, 4, 0xb, 0x84, 0x23, 0xf0),
    pid: 0,
    dcs: 4,
  };
  const of = Object.fromEntries(new URL(rendered('easms', binary).url).searchParams);
  t.like(of, { data: 'AQL/', udh: 'BQQLhCPw', binary: '1', pid: '0', dcs: '4' });
});

test('Clickatell gets the URL of the document, for ASCII, Unicode and binary texts', (t) => {
  const prefix = `http://api.clickatell.com/http/sendmsg?user=john&password=john%27s_password&api_id=2324231&to=%2B447700900123`;
  t.is(
    findPreset('clickatell')!.request({ user: 'xxx', password: 'xxx', apiId: 'xxx' }).url,
    'http://api.clickatell.com/http/sendmsg?user=xxx&password=xxx&api_id=xxx&to=%number%&udh=%udh;len;hex%' +
      '&data=%data;isascii%%data;isunicode;unicode;value=&unicode=1%&concat=%parts%',
  );
  t.is(rendered('clickatell', { ...text, data: 'Hi' }).url, `${prefix}&udh=&data=Hi&concat=1`);
  t.is(rendered('clickatell', { ...text, data: 'ä€' }).url, `${prefix}&udh=&data=00E420AC&unicode=1&concat=1`);
  const binary = { ...text, data: Uint8Array.of(0xde, 0xad), udh: Uint8Array.of(5, 4, 0xb, 0x84, 0x23, 0xf0) };
  t.is(rendered('clickatell', binary).url, `${prefix}&udh=0605040B8423F0&data=3q0%3D&concat=1`);
});

test('RoutoMessaging and O2 get the URLs of the document', (t) => {
  const routo = new URL(rendered('routomessaging').url);
  t.is(routo.origin + routo.pathname, 'http://smsc5.routotelecom.com/SMSsend');
  t.deepEqual(Object.fromEntries(routo.searchParams), {
    ...{ user: 'john', pass: strange, number: '+447700900123', message: 'Hi "you" & me', type: 'LongSMS' },
    ownnum: 'mysenderid',
  });
  t.is(
    rendered('o2').url,
    'https://smsconnector.cz.o2.com/smsconnector/getpost/GP?action=send&baID=1234567&toNumber=%2B447700900123' +
      '&text=Hi%20%22you%22%20%26%20me',
  );
});

test('Twilio gets a form, with a number or a messaging service', (t) => {
  const { url, method, headers, body } = rendered('twilio');
  t.is(method, 'POST');
  t.is(url, 'https://api.twilio.com/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json');
  const credentials = Buffer.from(headers!.authorization!.slice('Basic '.length), 'base64').toString();
  t.is(credentials, `AC0123456789abcdef0123456789abcdef:${strange}`);
  t.deepEqual(Object.fromEntries(new URLSearchParams(body)), {
    ...{ To: '+447700900123', Body: 'Hi "you" & me', From: '+15005550006' },
    StatusCallback: values.twilio!.reportUrl,
  });
  const service = 'MG0123456789abcdef0123456789abcdef';
  const form = new URLSearchParams(rendered('twilio', text, { from: service, reportUrl: undefined }).body);
  t.deepEqual([...form.keys()], ['To', 'Body', 'MessagingServiceSid']);
  t.is(form.get('MessagingServiceSid'), service);
});

test('Vonage gets a form that says when a text is Unicode', (t) => {
  const form = (data: string) => Object.fromEntries(new URLSearchParams(rendered('vonage', { ...text, data }).body));
  const shared = {
    api_key: 'abcd1234',
    api_secret: strange,
    from: 'Acme & Co',
    to: '447700900123',
    callback: values.vonage!.reportUrl,
  };
  t.deepEqual(form('a=1&b'), { ...shared, text: 'a=1&b' });
  t.deepEqual(form('été €'), { ...shared, text: 'été €', type: 'unicode' });
});

test('what speaks JSON gets JSON, whatever the text and the parameters are', (t) => {
  const json = (id: string) => JSON.parse(rendered(id, { ...text, data: `"\\\n${strange}\u2028` }).body) as unknown;
  const data = `"\\\n${strange}\u2028`;
  t.deepEqual(json('infobip'), {
    messages: [
      {
        ...{ sender: strange, destinations: [{ to: '447700900123' }], content: { text: data } },
        webhooks: { delivery: { url: 'https://sms.example.com/r' }, contentType: 'application/json' },
      },
    ],
  });
  t.is(rendered('infobip').url, 'https://xxxxx.api.infobip.com/sms/3/messages');
  t.is(rendered('infobip').headers!.authorization, 'App key-1');
  t.deepEqual(json('messagebird'), {
    ...{ originator: strange, recipients: ['447700900123'], body: data, datacoding: 'auto', reference: 'm-1' },
    reportUrl: 'https://sms.example.com/r?%data%',
  });
  t.deepEqual(Object.keys(JSON.parse(rendered('messagebird', text, { reportUrl: '' }).body) as object), [
    ...['originator', 'recipients', 'body', 'datacoding'],
  ]);
  t.deepEqual(json('sms-gate'), {
    id: 'm-1',
    textMessage: { text: data },
    phoneNumbers: ['+447700900123'],
    withDeliveryReport: true,
  });
  t.is(rendered('sms-gate').url, 'http://192.168.1.10:8080/messages');
  t.deepEqual(json('generic-json'), { id: 'm-1', to: '+447700900123', from: '+447700900999', text: data });
  t.deepEqual(rendered('generic-json', text, { token: undefined }).headers, { 'content-type': 'application/json' });
});

// Answers as the documents of the providers show them.
const answers: Record<string, { taken: string; reference?: string; refused?: string }> = {
  easms: { taken: 'OK 018f2a,018f2b', reference: '018f2a', refused: 'ERROR no-gateway Nothing is there.' },
  clickatell: {
    taken: 'ID: 205e85d0578314037a96175249fc6a2b',
    reference: '205e85d0578314037a96175249fc6a2b',
    refused: 'ERR: 301, No Credit Left',
  },
  routomessaging: { taken: 'success', refused: 'auth_failed' },
  o2: { taken: 'whatever' },
  twilio: {
    taken: `{"account_sid": "AC${'a'.repeat(32)}", "messaging_service_sid": "MG${'b'.repeat(32)}", "sid": "SM${'c'.repeat(32)}", "status": "queued"}`,
    reference: `SM${'c'.repeat(32)}`,
  },
  vonage: {
    taken: '{"message-count":"1","messages":[{"to":"447700900000","message-id":"0A0000000123ABCD1","status":"0"}]}',
    reference: '0A0000000123ABCD1',
    refused: '{"message-count":"1","messages":[{"status":"4","error-text":"Bad Credentials"}]}',
  },
  infobip: {
    taken:
      '{"bulkId":"2034","messages":[{"messageId":"2033247207850523791","status":{"groupId":1,"groupName":"PENDING"}}]}',
    reference: '2033247207850523791',
  },
  messagebird: {
    taken:
      '{"id":"e8077d803532c0b5937c639b60216938","href":"https://rest.messagebird.com/messages/e8077d803532c0b5937c639b60216938"}',
    reference: 'e8077d803532c0b5937c639b60216938',
  },
  'sms-gate': {
    taken: '{"deviceId":"d-1","id":"PyDmBQZZXYmyxMwED8Fzy","state":"Pending"}',
    reference: 'PyDmBQZZXYmyxMwED8Fzy',
  },
  'generic-json': { taken: '{"id": "x-1"}', reference: 'x-1' },
};

test('the patterns know the answers of the providers', (t) => {
  for (const { id, request } of presets) {
    const { successPattern = '', idPattern } = request(values[id]!);
    const { taken, reference, refused } = answers[id]!;
    t.regex(taken, new RegExp(successPattern), id);
    t.is(idPattern && new RegExp(idPattern).exec(taken)?.[1], reference, id);
    if (refused !== undefined) t.notRegex(refused, new RegExp(successPattern), id);
  }
});

test('docs/gateways.md shows each preset, its parameters and the request it makes', (t) => {
  const page = readFileSync('docs/gateways.md', 'utf8');
  t.deepEqual(Object.keys(examples).sort(), presets.map(({ id }) => id).sort());
  for (const preset of presets) {
    t.is(findBadParameter(preset, examples[preset.id]!), undefined);
    const section = page.split(`### ${preset.title}\n`)[1]?.split('\n### ')[0] ?? '';
    t.true(section.includes(`\`\`\`http\n${shown(preset)}\n\`\`\``), `${preset.id}:\n${shown(preset)}`);
    for (const { name } of preset.parameters) t.true(section.includes(`\`${name}\``), `${preset.id}: ${name}`);
  }
});
