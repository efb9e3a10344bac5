// A modem between its line and the queue: what its answers mean for a text, and what it brings.

import test from 'ava';
import type { Clock } from '../../../src/modem/clock.js';
import { openGsmModem } from '../../../src/gateway/bearers/modem.js';
import { type SubmitError } from '../../../src/gateway/errors.js';
import { concatenationOf } from '../../../src/sms/user-data-header.js';
import { addressOf } from '../../../src/sms/tpdu/address.js';
import { encodeDeliver, type DeliverFields } from '../../../src/sms/tpdu/deliver.js';
import { readPdu, writePdu } from '../../../src/sms/tpdu/pdu.js';
import { encodeStatusReport } from '../../../src/sms/tpdu/status-report.js';
import { decodeSubmit, type SubmitTpdu } from '../../../src/sms/tpdu/submit.js';
import { nextConcatenation } from '../../../src/store/modems.js';
import { claimMessages } from '../../../src/store/queue.js';
import { beginAttempt } from '../../../src/store/attempts.js';
import { reportSent, reportUnknown } from '../../../src/message/report.js';
import { noteReferences } from '../../../src/message/delivery.js';
import type { Handover } from '../../../src/gateway/bearer.js';
import { FakeModem } from '../../modem/fake-modem.js';
import { minute, number, openStage, start } from '../stage.js';

/** Short waits are none, long ones never end. */
const clock: Clock = {
  now: () => start,
  after: (milliseconds, callBack) => {
    if (milliseconds > 5_000) return () => undefined;
    const timer = setTimeout(callBack, 0);
    return () => clearTimeout(timer);
  },
};

const by = 'a dispatcher';

async function open(fake = new FakeModem(), options: Record<string, unknown> = {}) {
  const stage = await openStage();
  const user = await stage.addUser('ada@example.com');
  const surroundings = { openPort: fake.openPort, listDevices: async () => [], clock };
  await stage.addGateway('m', { device: '/dev/ttyUSB0' }, { type: 'gsm-modem' });
  const row = { id: 'm', options: { device: '/dev/ttyUSB0', ...options }, password: null };
  const obstacles: (string | undefined)[] = [];
  let heard = (): void => undefined;
  stage.store.changes.listen('line', ({ obstacle }) => (obstacles.push(obstacle), heard()));
  const bearer = openGsmModem(stage.services, { ...row, surroundings, pauses: [1, 1] });
  const untilReady = async (): Promise<void> => {
    while (obstacles.at(-1) !== undefined) await new Promise<void>((resolve) => (heard = resolve));
  };
  await untilReady();
  return { stage, user, fake, bearer, untilReady };
}

type Scene = Awaited<ReturnType<typeof open>>;

async function handover({ stage, user, bearer }: Scene, text: object = {}): Promise<Handover> {
  const id = await stage.submit({ user, ...text });
  await stage.store.transact((tx) => claimMessages(tx, [id], { by, until: start + minute, now: start }));
  return {
    message: await stage.message(id),
    begin: async function* () {} as never,
    beginSending: () =>
      stage.store.transact((tx) => beginAttempt(tx, { id, gateway: bearer.id, by, state: 'sending', now: start })),
    signal: new AbortController().signal,
  };
}

const submitsOf = ({ pdus }: FakeModem): SubmitTpdu[] => pdus.map((pdu) => decodeSubmit(readPdu(pdu).tpdu));

const outcomes: [string, (fake: FakeModem) => void, string][] = [
  ['a number that the network does not know', (fake) => (fake.outcome = () => ['+CMS ERROR: 1']), 'MODEM_REFUSED'],
  ['a TPDU that the modem calls wrong', (fake) => (fake.outcome = () => ['+CMS ERROR: 304']), 'MODEM_REFUSED'],
  ['a congestion', (fake) => (fake.outcome = () => ['+CMS ERROR: 42']), 'MODEM_BUSY'],
  ['a memory that is full', (fake) => (fake.outcome = () => ['+CMS ERROR: 322']), 'MODEM_BUSY'],
  ['a number of the maker', (fake) => (fake.outcome = () => ['+CMS ERROR: 517']), 'MODEM_BUSY'],
  ['a time-out of the network', (fake) => (fake.outcome = () => ['+CMS ERROR: 332']), 'MODEM_NO_OUTCOME'],
  ['a line that breaks behind Ctrl-Z', (fake) => (fake.outcome = () => void fake.unplug()), 'MODEM_NO_OUTCOME'],
  ['a line that breaks before it', (fake) => fake.answers.push([/CMGS/, () => void fake.unplug()]), 'MODEM_NOT_READY'],
];

for (const [title, spoil, code] of outcomes)
  test(`${title} is ${code}, and names no number`, async (t) => {
    const scene = await open();
    t.teardown(() => scene.bearer.close());
    spoil(scene.fake);
    const error = await t.throwsAsync<SubmitError>(scene.bearer.submit(await handover(scene)), { code });
    t.false(error.message.includes(number));
  });

test('a modem without a network has nothing begun on it, and says so on the switchboard', async (t) => {
  const scene = await open();
  t.teardown(() => scene.bearer.close());
  scene.fake.unplug();
  scene.fake.device = 'gone';
  const given = await handover(scene);
  await t.throwsAsync(scene.bearer.submit(given), { code: 'MODEM_NOT_READY' });
  t.deepEqual(await scene.stage.attempts(given.message.id), []);
});

test('a validity period that the network does not support is left out, and the text goes', async (t) => {
  const scene = await open();
  t.teardown(() => scene.bearer.close());
  const { outcome } = scene.fake;
  scene.fake.outcome = (fake) => ((fake.outcome = outcome), ['+CMS ERROR: 198']);
  t.deepEqual(await scene.bearer.submit(await handover(scene)), {
    outcome: 'sent',
    references: [{ reference: '0/00900123' }],
  });
  t.deepEqual(
    submitsOf(scene.fake).map(({ validity }) => validity?.format),
    ['relative', undefined],
  );
});

test('of a long text only the part that failed is given again, under the same number; the next text has another', async (t) => {
  const scene = await open();
  t.teardown(() => scene.bearer.close());
  const { fake } = scene;
  const { outcome } = fake;
  const text = 'a long text '.repeat(30);
  fake.outcome = (modem) => (modem.pdus.length === 2 ? ['+CMS ERROR: 38'] : outcome(modem));
  const { references } = await scene.bearer.submit(await handover(scene, { text }));
  await scene.bearer.submit(await handover(scene, { text }));
  t.deepEqual(
    references?.map(({ part }) => part),
    [0, 1, 2],
  );
  const places = submitsOf(fake).map(({ header }) => concatenationOf(header)!);
  t.deepEqual(
    places.map(({ part }) => part),
    [1, 2, 2, 3, 1, 2, 3],
  );
  const [first, ...others] = places.map(({ reference }) => reference);
  t.deepEqual(others, [first!, first!, first!, ...Array<number>(3).fill((first! + 1) % 256)]);
});

test('when the references of 8 bits are used up within the day, long texts to that number have some of 16 bits', async (t) => {
  const scene = await open();
  t.teardown(() => scene.bearer.close());
  const { store } = scene.stage;
  const naming = { gateway: 'm', recipient: number, first: 0x9ff };
  const next = (now: number, more = {}) => store.transact((tx) => nextConcatenation(tx, { ...naming, now, ...more }));
  const day = 24 * 60 * minute;
  const used = new Set<string>();
  for (let n = 0; n < 250; n++) used.add(JSON.stringify(await next(start + n)));
  // The day after, those of the day before still count.
  for (let n = 0; n < 6; n++) used.add(JSON.stringify(await next(start + day + n)));
  t.is(used.size, 256);
  t.true([...used].every((reference) => reference.endsWith('"referenceBits":8}')));
  await scene.bearer.submit(await handover(scene, { text: 'a long text '.repeat(30) }));
  t.deepEqual(
    submitsOf(scene.fake).map(({ header }) => header.map(({ identifier, data }) => [identifier, [...data]])),
    [1, 2, 3].map((part) => [[8, [0x0b, 0xff, 3, part]]]),
  );
  t.is((await next(start, { recipient: '+447700900999' })).referenceBits, 8, 'to another number');
  t.is((await next(start + 2 * day - 1)).referenceBits, 16);
  t.deepEqual(await next(start + 2 * day), { reference: 0x01, referenceBits: 8 });
});

test('a part that never goes makes the message incomplete, and none is given twice', async (t) => {
  const scene = await open();
  t.teardown(() => scene.bearer.close());
  const { outcome } = scene.fake;
  scene.fake.outcome = (modem) => (modem.pdus.length > 1 ? ['+CMS ERROR: 38'] : outcome(modem));
  await t.throwsAsync(scene.bearer.submit(await handover(scene, { text: 'a long text '.repeat(30) })), {
    code: 'MODEM_INCOMPLETE',
  });
  t.deepEqual(
    submitsOf(scene.fake).map(({ header }) => concatenationOf(header)!.part),
    [1, 2, 2, 2],
  );
});

test('at the end of the server nobody waits for the word of a modem', async (t) => {
  const scene = await open();
  scene.fake.outcome = () => undefined;
  const stop = new AbortController();
  const sending = scene.bearer.submit({ ...(await handover(scene)), signal: stop.signal });
  while (scene.fake.pdus.length === 0) await new Promise(setImmediate);
  stop.abort();
  await t.throwsAsync(sending, { code: 'SHUT_DOWN' });
  await scene.bearer.close();
});

test('a Turkish text is one part where the gateway names the language, and two where it does not', async (t) => {
  for (const [options, parts] of [
    [{ nationalLanguages: ['turkish'] }, 1],
    [{}, 2],
  ] as const) {
    const scene = await open(new FakeModem(), options);
    t.teardown(() => scene.bearer.close());
    const text = 'ığşİĞŞ '.repeat(12);
    await scene.bearer.submit(await handover(scene, { text }));
    t.is(scene.fake.pdus.length, parts);
    t.is(
      submitsOf(scene.fake)
        .map((submit) => submit.text)
        .join(''),
      text,
    );
  }
});

test('octets and their ports go out as they are', async (t) => {
  const scene = await open();
  t.teardown(() => scene.bearer.close());
  const binary = { data: Buffer.from([1, 2, 3]), udh: Buffer.from('05040B8423F0', 'hex') };
  await scene.bearer.submit(await handover(scene, { text: '', binary, pid: 0x40 }));
  const [submit] = submitsOf(scene.fake);
  t.deepEqual(Buffer.from(submit!.data!), binary.data);
  t.is(submit!.protocolIdentifier, 0x40);
  t.is(submit!.dataCodingScheme, 4);
});

const deliver = (fields: Partial<DeliverFields> = {}): string =>
  writePdu({
    serviceCentre: undefined,
    tpdu: encodeDeliver({
      originator: addressOf('+447700900456'),
      serviceCentreTime: { instant: new Date(start), offsetMinutes: 0 },
      text: 'Hello',
      ...fields,
    }),
  }).hex;

async function bring({ fake }: Scene, index: number, pdu: string): Promise<void> {
  fake.memories['SM']!.set(index, { status: 0, pdu });
  fake.tell(`+CMTI: "SM",${index}`);
  while (fake.memories['SM']!.has(index)) await new Promise(setImmediate);
}

async function incoming({ stage }: Scene) {
  const { store } = stage;
  return store.db.select().from(store.tables.incoming);
}

test('the same message that is read again after a crash is kept once; equal ones at two places are two', async (t) => {
  const scene = await open();
  t.teardown(() => scene.bearer.close());
  await bring(scene, 1, deliver());
  await bring(scene, 1, deliver());
  await bring(scene, 2, deliver());
  t.is((await incoming(scene)).length, 2);
});

test('a message to a port is kept as octets, an empty one is not kept, and what is no message is kept as it came', async (t) => {
  const scene = await open();
  t.teardown(() => scene.bearer.close());
  const ports = { identifier: 0x05, data: Buffer.from('23F40000', 'hex') };
  await bring(scene, 1, deliver({ header: [ports], text: 'BEGIN:VCARD' }));
  await bring(scene, 2, deliver({ text: '' }));
  await bring(scene, 3, '00FFFF');
  const kept = (await incoming(scene)).map(({ sender, text, properties }) => [
    sender,
    text,
    Buffer.from(properties?.data ?? '', 'base64').toString('latin1'),
  ]);
  t.deepEqual(kept, [
    ['+447700900456', '', 'BEGIN:VCARD'],
    ['unknown', '', '\0\xff\xff'],
  ]);
});

test('a character whose halves come in two parts is whole', async (t) => {
  const scene = await open();
  t.teardown(() => scene.bearer.close());
  for (const [part, text] of ['\ud83d', '\ude00'].entries())
    await bring(
      scene,
      part + 1,
      deliver({ dataCodingScheme: 8, header: [{ identifier: 0, data: Uint8Array.of(7, 2, part + 1) }], text }),
    );
  t.is((await incoming(scene))[0]!.text, '😀');
});

const report = (messageReference: number, status: number, recipient = number, at = start): string =>
  writePdu({
    serviceCentre: undefined,
    tpdu: encodeStatusReport({
      ...{ messageReference, status, recipient: addressOf(recipient) },
      serviceCentreTime: { instant: new Date(at), offsetMinutes: 0 },
      dischargeTime: { instant: new Date(at), offsetMinutes: 0 },
    }),
  }).hex;

async function sendAndRecord(scene: Scene): Promise<string> {
  const given = await handover(scene);
  const { references = [] } = await scene.bearer.submit(given);
  await scene.stage.store.transact(function* (tx) {
    yield* reportSent(tx, { message: given.message, now: start });
    yield* noteReferences(tx, { message: given.message, gateway: 'm', references, since: start, now: start });
  });
  return given.message.id;
}

test('a report is matched by number and recipient, also written nationally; one that says "trying" is no end', async (t) => {
  const scene = await open();
  t.teardown(() => scene.bearer.close());
  const id = await sendAndRecord(scene);
  await bring(scene, 1, report(0, 0x20));
  t.is(await scene.stage.state(id), 'sent');
  await bring(scene, 2, report(0, 0x00, '+447700900999'));
  t.is(await scene.stage.state(id), 'sent');
  await bring(scene, 3, report(0, 0x00, '07700900123'));
  t.is(await scene.stage.state(id), 'delivered');
});

test('a report that comes before the reference counts when that is known; one that failed is told', async (t) => {
  const scene = await open();
  t.teardown(() => scene.bearer.close());
  await bring(scene, 1, report(0, 0x46));
  const id = await sendAndRecord(scene);
  t.is(await scene.stage.state(id), 'failed');
  t.regex((await scene.stage.message(id)).error!, /validity period/);
});

test('a text that nobody knows of is delivered by its report, near its time and where it is the only one', async (t) => {
  const scene = await open();
  t.teardown(() => scene.bearer.close());
  const lose = async (): Promise<string> => {
    const given = await handover(scene);
    await given.beginSending();
    const lost = { message: given.message, reason: 'a test', now: start };
    await scene.stage.store.transact((tx) => reportUnknown(tx, lost));
    return given.message.id;
  };
  const id = await lose();
  await bring(scene, 1, report(9, 0x00, number, start + 60 * minute));
  t.is(await scene.stage.state(id), 'unknown');
  await bring(scene, 2, report(9, 0x00, number, start + minute));
  t.is(await scene.stage.state(id), 'delivered');
  const two = [await lose(), await lose()];
  await bring(scene, 3, report(10, 0x00, number, start + minute));
  t.deepEqual(await Promise.all(two.map((each) => scene.stage.state(each))), ['unknown', 'unknown']);
});

test('a reference that comes late, also after a restart, makes the text sent', async (t) => {
  const scene = await open();
  t.teardown(() => scene.bearer.close());
  const given = await handover(scene);
  await given.beginSending();
  const lost = { message: given.message, reason: 'a test', now: start };
  await scene.stage.store.transact((tx) => reportUnknown(tx, lost));
  scene.fake.tell('+CMGS: 77', 'OK');
  while ((await scene.stage.state(given.message.id)) !== 'sent') await new Promise(setImmediate);
  await bring(scene, 1, report(77, 0x00));
  t.is(await scene.stage.state(given.message.id), 'delivered');
});
