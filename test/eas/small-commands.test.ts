// ResolveRecipients, ValidateCert, MeetingResponse, and the parts of Settings that are not about the device.

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import test from 'ava';
import { patchUser, putUser } from '../../src/accounts/users.js';
import { readCertificate, validateCertificate } from '../../src/eas/certificate-chain.js';
import { MeetingResponse } from '../../src/wbxml/airsync/meeting-response.js';
import { ResolveRecipients } from '../../src/wbxml/airsync/resolve-recipients.js';
import { RightsManagement } from '../../src/wbxml/airsync/rights-management.js';
import { Settings } from '../../src/wbxml/airsync/settings.js';
import { ValidateCert } from '../../src/wbxml/airsync/validate-cert.js';
import { child, children, type Element, element, text } from '../../src/wbxml/element.js';
import { type Bench, noon, openBench, TalkingDevice } from './talking-device.js';

async function begin(): Promise<{ bench: Bench; device: TalkingDevice }> {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  return { bench, device };
}

const statusOf = (root: Element | undefined) => {
  const first = root && children(root)[0];
  return typeof first?.content === 'string' ? first.content : undefined;
};

function resolve(names: readonly string[], ...options: Element[]): Element {
  return element(ResolveRecipients.ResolveRecipients, [
    ...names.map((name) => element(ResolveRecipients.To, name)),
    options.length === 0 ? undefined : element(ResolveRecipients.Options, options),
  ]);
}

interface Resolved {
  status: string | undefined;
  count: string | undefined;
  addresses: (string | undefined)[];
}

function readResolved(root: Element | undefined): Resolved[] {
  return children(root!, ResolveRecipients.Response).map((response) => ({
    status: text(response, ResolveRecipients.Status),
    count: text(response, ResolveRecipients.RecipientCount),
    addresses: children(response, ResolveRecipients.Recipient).map((each) =>
      text(each, ResolveRecipients.EmailAddress)?.replace('@example.com', ''),
    ),
  }));
}

async function populate({ store }: Bench): Promise<void> {
  const people = [
    { address: 'bob@example.com', displayName: 'Bob Miller', aliases: ['robert'], phoneNumber: '+12025550123' },
    { address: 'bea@example.com', displayName: 'Beatrice Miller-Smith' },
    { address: 'carl@example.com', displayName: 'Carl 100%' },
    { address: 'bob@example.org', displayName: 'Bob Elsewhere', phoneNumber: '+12025550199' },
  ];
  for (const { address, ...fields } of people) await putUser(store, address, { ...fields, now: noon });
}

test('ResolveRecipients: refuses what is malformed or out of range with Status 5', async (t) => {
  const { bench, device } = await begin();
  const ask = async (names: readonly string[], ...options: Element[]) =>
    statusOf((await device.post('ResolveRecipients', resolve(names, ...options))).root);
  t.is(await ask([]), '5');
  t.is(await ask(['']), '5');
  t.is(await ask(['x'.repeat(257)]), '5');
  t.is(await ask(Array.from({ length: 101 }, () => 'bob')), '5');
  t.is(await ask(['bob'], element(ResolveRecipients.MaxAmbiguousRecipients, '10000')), '5');
  t.is(await ask(['bob'], element(ResolveRecipients.MaxCertificates, 'many')), '5');
  t.is(await ask(['bob'], element(ResolveRecipients.Availability)), '5');
  const backwards = [
    element(ResolveRecipients.StartTime, '2026-02-02T08:00:00.000Z'),
    element(ResolveRecipients.EndTime, '2026-02-01T08:00:00.000Z'),
  ];
  t.is(await ask(['bob'], element(ResolveRecipients.Availability, backwards)), '5');
  await bench.close();
});

test('ResolveRecipients: knows nobody of another domain, and takes no pattern for a name', async (t) => {
  const { bench, device } = await begin();
  await populate(bench);
  const names = ['bob@example.org', 'Bob Elsewhere', '+12025550199', '%', '_', 'nobody@example.com'];
  const { root } = await device.post('ResolveRecipients', resolve(names));
  t.deepEqual(
    readResolved(root),
    names.map(() => ({ status: '4', count: '0', addresses: [] })),
  );
  await bench.close();
});

test('ResolveRecipients: finds one by address, alias, number, name or its beginning, and tells all it may be', async (t) => {
  const { bench, device } = await begin();
  await populate(bench);
  const one = (who: string) => ({ status: '1', count: '1', addresses: [who] });
  const both = { status: '2', count: '2', addresses: ['bea', 'bob'] };
  const cases: [string, Resolved][] = [
    ['BOB@example.com', one('bob')],
    ['"Bob M" <bob@example.com>', one('bob')],
    ['robert@example.com', one('bob')],
    ['+1 202-555-0123', one('bob')],
    ['bob miller', one('bob')],
    ['beatr', one('bea')],
    ['miller', both],
    ['b', both],
    ['Carl 100%', one('carl')],
    ['car', one('carl')],
  ];
  const { root } = await device.post('ResolveRecipients', resolve(cases.map(([name]) => name)));
  t.deepEqual(
    readResolved(root),
    cases.map(([, resolved]) => resolved),
  );
  const few = element(ResolveRecipients.MaxAmbiguousRecipients, '1');
  const limited = await device.post('ResolveRecipients', resolve(['miller', 'bob'], few));
  t.deepEqual(readResolved(limited.root), [{ status: '3', count: '2', addresses: ['bea'] }, one('bob')]);
  await bench.close();
});

test('ResolveRecipients: says that there is neither certificate nor calendar nor picture, by version', async (t) => {
  const { bench, device } = await begin();
  await populate(bench);
  const options = [
    element(ResolveRecipients.CertificateRetrieval, '2'),
    element(ResolveRecipients.Availability, [element(ResolveRecipients.StartTime, '2026-02-01T08:00:00.000Z')]),
    element(ResolveRecipients.Picture),
  ];
  const ask = async (name: string) => {
    const { root } = await device.post('ResolveRecipients', resolve([name], ...options));
    const recipient = child(child(root!, ResolveRecipients.Response)!, ResolveRecipients.Recipient)!;
    const tags = [ResolveRecipients.Availability, ResolveRecipients.Certificates, ResolveRecipients.Picture];
    return tags.map((tag) => {
      const found = child(recipient, tag);
      return found && text(found, ResolveRecipients.Status);
    });
  };
  t.deepEqual(await ask('bob'), ['163', '7', '173']);
  t.deepEqual(await ask('miller'), [undefined, undefined, '173'], 'of suggestions the picture alone');
  device.version = '14.0';
  t.deepEqual(await ask('bob'), ['163', '7', undefined]);
  await bench.close();
});

const pem = (name: string) =>
  readFileSync(new URL(`../../../fixtures/certificates/${name}.pem`, import.meta.url), 'utf8');
const base64 = (name: string) => pem(name).replaceAll(/-----[A-Z ]+-----|\s/g, '');
const certificate = (name: string) => readCertificate(base64(name))!;

const roots = [certificate('test-root')];

function validate(name: string, chain: readonly string[] = ['authority'], signatureChecks = 64): number {
  const validation = { chain: chain.map(certificate), roots, now: noon, budget: { signatureChecks } };
  return validateCertificate(certificate(name), validation);
}

test('a certificate is refused for its time, its purpose, its signature and its chain, each with its own Status', (t) => {
  t.is(validate('forged'), 3);
  t.is(validate('self-signed'), 4);
  t.is(validate('for-mail', []), 4, 'nothing leads to a root');
  t.is(validate('for-mail', ['self-signed']), 5, 'what is given leads nowhere');
  t.is(validate('for-mail', ['authority'], 1), 5, 'no signature check is left');
  t.is(validate('for-web'), 6);
  t.is(validate('expired'), 7);
  t.is(validate('of-authority-expired', ['authority-expired']), 8);
  t.is(validate('issued-by-for-mail', ['for-mail', 'authority']), 9);
});

test('a certificate for mail is good where its chain ends with a trusted root', (t) => {
  t.is(validate('for-mail'), 1);
  t.is(validate('for-mail', ['self-signed', 'authority', 'test-root']), 1);
  t.is(validate('test-root', []), 1);
});

test('what is no certificate is not read as one', (t) => {
  for (const written of ['', 'bm90IG9uZQ==', '-----BEGIN-----', 'A'.repeat(33_000)])
    t.is(readCertificate(written), undefined);
});

function validateAll(certificates: readonly string[], ...more: Element[]): Element {
  const each = certificates.map((written) => element(ValidateCert.Certificate, written));
  return element(ValidateCert.ValidateCert, [...more, element(ValidateCert.Certificates, each)]);
}

test('ValidateCert: answers each certificate for itself, against the roots that Node trusts', async (t) => {
  const { bench, device } = await begin();
  const statuses = async (body: Element) => {
    const { root } = await device.post('ValidateCert', body);
    const each = children(root!, ValidateCert.Certificate).map((one) => text(one, ValidateCert.Status));
    return [statusOf(root), ...each];
  };
  const aRoot = rootCertificates.find((each) => Date.parse(new X509Certificate(each).validTo) > noon)!;
  const trusted = aRoot.replaceAll(/-----[A-Z ]+-----|\s/g, '');
  t.deepEqual(await statuses(validateAll([])), ['2']);
  t.deepEqual(await statuses(validateAll(Array.from({ length: 51 }, () => trusted))), ['2']);
  t.deepEqual(await statuses(validateAll([trusted], element(ValidateCert.CheckCrl, 'yes'))), ['2']);
  t.deepEqual(await statuses(validateAll([trusted, 'bm90IG9uZQ==', base64('for-mail')])), ['1', '1', '5', '4']);
  const chain = element(ValidateCert.CertificateChain, [element(ValidateCert.Certificate, base64('authority'))]);
  t.deepEqual(await statuses(validateAll([base64('for-mail')], chain)), ['1', '4']);
  const revocation = element(ValidateCert.CheckCrl, '1');
  t.deepEqual(await statuses(validateAll([trusted, base64('expired')], revocation)), ['1', '16', '7']);
  await bench.close();
});

test('MeetingResponse: answers each Request for itself with Status 2', async (t) => {
  const { bench, device } = await begin();
  const request = (id: string) => element(MeetingResponse.Request, [element(MeetingResponse.RequestId, id)]);
  const results = async (...requests: Element[]) => {
    const { root } = await device.post('MeetingResponse', element(MeetingResponse.MeetingResponse, requests));
    return children(root!, MeetingResponse.Result).map((each) => [
      text(each, MeetingResponse.RequestId),
      text(each, MeetingResponse.Status),
    ]);
  };
  const nothing = [undefined, '2'];
  t.deepEqual(await results(request('1:7'), request('x'.repeat(65))), [['1:7', '2'], nothing]);
  t.deepEqual(await results(), [nothing]);
  t.deepEqual(await results(...Array.from({ length: 101 }, () => request('1:7'))), [nothing]);
  await bench.close();
});

async function settingsPart(device: TalkingDevice, part: Element): Promise<Element> {
  const { root } = await device.post('Settings', element(Settings.Settings, [part]));
  return child(root!, part.tag)!;
}

test('Settings: Oof is off, stays off when it is set so, and is refused to be on', async (t) => {
  const { bench, device } = await begin();
  const oof = (...content: Element[]) => settingsPart(device, element(Settings.Oof, content));
  const set = async (...content: Element[]) => text(await oof(element(Settings.Set, content)), Settings.Status);
  const get = await oof(element(Settings.Get, [element(Settings.BodyType, 'HTML')]));
  const told = child(get, Settings.Get)!;
  t.deepEqual([text(get, Settings.Status), text(told, Settings.OofState)], ['1', '0']);
  t.deepEqual(
    children(told, Settings.OofMessage).map((message) => [children(message)[0]!.tag, text(message, Settings.Enabled)]),
    [Settings.AppliesToInternal, Settings.AppliesToExternalKnown, Settings.AppliesToExternalUnknown].map((tag) => [
      tag,
      '0',
    ]),
  );
  const state = (value: string) => element(Settings.OofState, value);
  const times = [
    element(Settings.StartTime, '2026-02-01T08:00:00.000Z'),
    element(Settings.EndTime, '2026-02-02T08:00:00.000Z'),
  ];
  t.is(await set(state('0')), '1');
  t.is(await set(state('1')), '3');
  t.is(await set(state('2'), ...times), '3');
  t.is(await set(state('2'), ...times.slice(1)), '5');
  t.is(await set(state('3')), '2');
  t.is(text(await oof(), Settings.Status), '2');
  await bench.close();
});

test('Settings: a password of the device is denied by policy, and one that is too long is no argument', async (t) => {
  const { bench, device } = await begin();
  const offer = async (...content: Element[]) =>
    text(await settingsPart(device, element(Settings.DevicePassword, content)), Settings.Status);
  const set = (password: string) => element(Settings.Set, [element(Settings.Password, password)]);
  t.is(await offer(set('4711')), '7');
  t.is(await offer(set('x'.repeat(256))), '5');
  t.is(await offer(element(Settings.Set)), '2');
  t.is(await offer(), '2');
  t.false(bench.logged.some((line) => line.includes('4711')));
  await bench.close();
});

test('Settings: rights management is off from 14.1 on, and not known before', async (t) => {
  const { bench, device } = await begin();
  const ask = () => settingsPart(device, element(Settings.RightsManagementInformation, [element(Settings.Get)]));
  const part = await ask();
  t.is(text(part, Settings.Status), '168');
  t.deepEqual(child(part, Settings.Get)?.content, [element(RightsManagement.RightsManagementTemplates)]);
  device.version = '14.0';
  t.is(text(await ask(), Settings.Status), '2');
  await bench.close();
});

test('Settings: an alias without a domain is told with that of the user', async (t) => {
  const { bench, device } = await begin();
  await patchUser(bench.store, 'ann@example.com', { aliases: ['annie', 'ann@example.org'] });
  device.version = '14.0';
  const part = await settingsPart(device, element(Settings.UserInformation, [element(Settings.Get)]));
  const addresses = child(child(part, Settings.Get)!, Settings.EmailAddresses)!;
  t.deepEqual(
    children(addresses, Settings.SMTPAddress).map((each) => each.content),
    ['ann@example.com', 'annie@example.com', 'ann@example.org'],
  );
  await bench.close();
});
