// Modems as gateways of a whole server: emulated ones on a network of their own, reached over TCP.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { ModemSim, type ModemSimOptions } from '../../src/modem-sim/modem-sim.js';
import { VirtualNetwork } from '../../src/modem-sim/network.js';
import { configurationMessage } from '../../src/push/configuration.js';
import { joinParts } from '../../src/modem-sim/joined-parts.js';
import { easmsAlone } from '../cli/scripted-api.js';
import { anna, bob, stage, type Stage } from './stage.js';

const carol = 'carol@example.com';

interface Message {
  readonly id: string;
  readonly state: string;
}

/** Plugged in, a gateway of the server, and ready. */
async function modem(
  house: Stage,
  id: string,
  options: ModemSimOptions & { pinGiven?: string } = {},
): Promise<ModemSim> {
  const { pinGiven, ...others } = options;
  const sim = new ModemSim(others);
  const { host, port } = await sim.listen();
  const pin = pinGiven === undefined ? {} : { pin: pinGiven };
  await house.api.put(`/gateways/${id}`, { type: 'gsm-modem', device: `tcp:${host}:${port}`, ...pin });
  await sim.until('connected');
  return sim;
}

async function untilHealth(house: Stage, id: string, health: string): Promise<string | null> {
  let gateway = { health: '', lastError: null as string | null };
  await house.until(async () => (gateway = await house.api.get(`/gateways/${id}`)).health === health);
  return gateway.lastError;
}

async function send(house: Stage, to: string[], text: string, more: object = {}): Promise<string[]> {
  return (await house.api.post<{ ids: string[] }>('/messages', { from: carol, to, text, ...more })).ids;
}

async function open(t: Parameters<typeof stage>[0]): Promise<Stage> {
  const house = await stage(t);
  await house.api.put(`/users/${carol}`, { password: 'x' });
  return house;
}

test.serial(
  'two modems and a phone share 1,000 texts, one modem is unplugged in the middle: none is lost, none is doubled',
  async (t) => {
    t.timeout(120_000);
    const house = await open(t);
    const network = new VirtualNetwork();
    const { log } = await house.phone('FIRST');
    await house.elected('FIRST');
    // It would be quicker than both: emulated phones have no thumbs.
    await house.api.put('/gateways/phone', { type: 'activesync', user: anna.address, limits: { perDay: 200 } });
    const [first, second] = [await modem(house, 'm1', { network }), await modem(house, 'm2', { network })];
    t.teardown(() => Promise.all([first.close(), second.close()]));
    await untilHealth(house, 'm1', 'up');
    await untilHealth(house, 'm2', 'up');

    const numbers = Array.from({ length: 1_000 }, (_, n) => `+1202555${String(n).padStart(4, '0')}`);
    const long = 'A text that is so long that it takes two of them. '.repeat(5).trim();
    const ids = [
      ...(await send(house, numbers.slice(0, 900), 'Hello')),
      ...(await send(house, numbers.slice(900), long)),
    ];
    await house.until(async () => first.sent.length >= 50);
    first.unplug();
    await untilHealth(house, 'm1', 'down');
    await house.until(async () => second.sent.length >= 200);
    await first.plug();
    await untilHealth(house, 'm1', 'up');

    const ended = ['sent', 'delivered', 'unknown', 'failed', 'expired'];
    const states = new Map<string, string>();
    await house.until(async () => {
      for (const id of ids)
        if (!ended.includes(states.get(id) ?? '')) {
          const { state } = await house.api.get<Message>(`/messages/${id}`);
          states.set(id, state);
          if (!ended.includes(state)) return false;
        }
      return true;
    });

    const byPhone = log.all('sms-sent').map(({ to }) => to);
    const byModem = joinParts(network.sent).messages.map(({ to }) => to);
    const recipients = [...byPhone, ...byModem];
    t.is(new Set(recipients).size, recipients.length, 'nobody got a text twice');
    const notSure = ids.filter((id) => !['sent', 'delivered'].includes(states.get(id)!));
    // What was behind Ctrl-Z when the line was cut: nobody can know, and its sender is told.
    t.true(notSure.length <= 1 && notSure.every((id) => states.get(id) === 'unknown'));
    t.true(recipients.length >= numbers.length - notSure.length, 'every text that counts as sent was sent');
    t.true(byPhone.length > 0 && first.sent.length > 0 && second.sent.length > 0);
  },
);

test.serial(
  'a text goes out with its report, and what comes in lies in the Inbox and no longer in the modem',
  async (t) => {
    const house = await open(t);
    const sim = await modem(house, 'm', { pin: '4711', pinGiven: '4711' });
    t.teardown(() => sim.close());
    await house.api.patch('/gateways/m', { deliverTo: [carol] });
    sim.receive({ from: bob, text: 'while you were away' });
    await untilHealth(house, 'm', 'up');
    const [id] = await send(house, [bob], 'Grüße an alle 😀'.repeat(10));
    await house.ended(id!, 'delivered');
    t.is(joinParts(sim.sent).messages[0]!.text, 'Grüße an alle 😀'.repeat(10));
    sim.receive({ from: bob, text: 'a long answer '.repeat(20).trim() });
    await house.until(async () => (await house.folder('inbox', carol)).length === 2);
    const texts = (await house.folder('inbox', carol)).map(({ text }) => text);
    t.deepEqual(texts.sort(), ['a long answer '.repeat(20).trim(), 'while you were away']);
    t.is(sim.waiting, 0);
  },
);

test.serial(
  'a configuration of several parts that a modem brings is read and checked by the virtual phone',
  async (t) => {
    const house = await open(t);
    const sim = await modem(house, 'm');
    t.teardown(() => sim.close());
    await house.api.patch('/gateways/m', { deliverTo: [anna.address] });
    const { log } = await house.phone('FIRST', { pushSecrets: { pin: '1234' } });
    const parameters = {
      url: 'http://sync.example.com/',
      user: 'anna',
      password: 'p'.repeat(200),
      databases: [{ uri: './C' }],
    };
    const wanted = { format: 'oma', profile: 'sync', parameters, security: 'userpin', pin: '1234' } as const;
    const { data, udh, dcs } = configurationMessage(wanted).message;
    t.true(data.length > 280);
    sim.receive({ from: bob, data, udh, dataCodingScheme: dcs });
    const push = await log.until('push');
    t.like(push, { from: bob, kind: 'configuration', proof: 'right' });
    t.true(push.document!.includes('p'.repeat(200)));
  },
);

test.serial('a wrong PIN is tried once, the gateway says so, and a right one that is saved works', async (t) => {
  const house = await open(t);
  const sim = await modem(house, 'm', { pin: '4711', pinGiven: '1234' });
  t.teardown(() => sim.close());
  await house.until(async () => /did not take the PIN/.test((await untilHealth(house, 'm', 'down')) ?? ''));
  const gateway = await house.api.get<Record<string, unknown>>('/gateways/m');
  t.is(gateway['hasPin'], true);
  t.is(gateway['pin'], undefined);
  await house.api.patch('/gateways/m', { pin: '4711' });
  // Two tries are left: it is not risked before a person has seen to the SIM.
  await house.until(async () => /fewer than three tries/.test((await untilHealth(house, 'm', 'down')) ?? ''));
});

test.serial('a code is dialled, and a gateway that is no modem says so', async (t) => {
  const house = await open(t);
  const sim = await modem(house, 'm');
  t.teardown(() => sim.close());
  await untilHealth(house, 'm', 'up');
  const looks = () => house.api.get<{ findings: { about: string; isWell: boolean }[] }>('/gateways/m/modem');
  t.true((await looks()).findings.every(({ isWell }) => isWell));
  const answer = await house.api.post<{ text: string }>('/gateways/m/ussd', { code: '*100#' });
  t.true(answer.text.length > 0);
  await t.throwsAsync(house.api.post('/gateways/m/ussd', { code: 'AT' }), { message: /0-9/ });
  await house.api.put('/gateways/loop', { type: 'loopback' });
  await t.throwsAsync(house.api.post('/gateways/loop/ussd', { code: '*100#' }), { message: /no modem/ });
  await t.throwsAsync(house.api.get('/gateways/loop/modem'), { message: /no modem/ });
  sim.unplug();
  await untilHealth(house, 'm', 'down');
  t.like(await looks(), { findings: [{ about: 'modem', isWell: false }] });
});

test.serial('no answer behind Ctrl-Z is unknown, and the status report makes it delivered', async (t) => {
  const house = await open(t);
  const network = new VirtualNetwork({ reportMs: 200 });
  const sim = await modem(house, 'm', { network });
  t.teardown(() => sim.close());
  await house.api.patch('/gateways/m', { sendTimeoutSeconds: 5 });
  await untilHealth(house, 'm', 'up');
  sim.addFault('taken-cms-332:times=1');
  const [id] = await send(house, [bob], 'Hello');
  await house.ended(id!, 'delivered');
  t.is(sim.sent.length, 1);
});

test.serial('modems from smsgateway.dat carry texts as soon as they are imported into a running server', async (t) => {
  const house = await open(t);
  const network = new VirtualNetwork();
  // Neither works unless the PIN and the service centre of the file reach it.
  const sim = new ModemSim({ network, pin: '4711', faults: ['no-smsc'] });
  const plain = new ModemSim({ network, profile: 'siemens-es75' });
  t.teardown(() => Promise.all([sim.close(), plain.close()]));
  const [first, second] = [await sim.listen(), await plain.listen()];
  const folder = mkdtempSync(join(tmpdir(), 'easms-modems-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'config'));
  const item = (active: number, id: string, more: string) =>
    `<ITEM><ACTIVE>${active}</ACTIVE><ID>${id}</ID><TYPE>GSM Modem</TYPE>${more}</ITEM>`;
  const at = ({ host, port }: { host: string; port: number }) => `<DEVICE>tcp:${host}:${port}</DEVICE>`;
  const items = [
    item(1, 'COM3', `${at(first)}<PIN>4711</PIN><CENTER>+44 7700 900999</CENTER><FROM>sms:%s@example.com</FROM>`),
    item(0, 'COM4', `${at(second)}<TEMPLATE>Siemens ES75</TEMPLATE><PIN>a word</PIN>`),
    item(1, 'COM5', '<DEVICE>COM5</DEVICE><TEMPLATE>Siemens ES45</TEMPLATE><CENTER>none</CENTER>'),
  ];
  writeFileSync(join(folder, 'config', 'smsgateway.dat'), `<GATEWAYS>${items.join('')}</GATEWAYS>`);
  writeFileSync(join(folder, 'config', 'smsusers.dat'), 'alerts:secret:COM3:Alerts:10:0:0:0:0:0\n');

  const { status, out } = await easmsAlone(
    ...['import', 'icewarp', folder, '--server', house.url, '--token', house.adminToken],
  );
  t.is(status, 1, 'something was left out');
  for (const said of ['the template Siemens ES45', 'the SMS center', 'gateway COM5 is at COM5, a port of Windows'])
    t.true(out.includes(said), out);
  await untilHealth(house, 'COM3', 'up');
  const account = { user: 'alerts', pass: 'secret', number: bob, data: 'Grüße' };
  const answer = await fetch(`${house.url}/sms/?${new URLSearchParams(account).toString()}`);
  const id = (await answer.text()).replace(/^OK /, '').trim();
  await house.ended(id, 'delivered');
  t.deepEqual(
    joinParts(sim.sent).messages.map(({ to, text }) => [to, text]),
    [[bob, 'Grüße']],
  );
  t.is((await house.api.get<{ sentThisMonth: number }>('/sms-accounts/alerts')).sentThisMonth, 1);
  // One that was not active stays so until somebody says otherwise, and has what the file says of it.
  const other = await house.api.get<Record<string, unknown>>('/gateways/COM4');
  t.like(other, { active: false, template: 'siemens-es75', hasPassword: true, hasPin: false });
  t.is(plain.sent.length, 0);
  await house.api.patch('/gateways/COM4', { active: true });
  await untilHealth(house, 'COM4', 'up');
  const [direct] = await send(house, [bob], 'Hello', { gateway: 'COM4' });
  await house.ended(direct!, 'delivered');
  t.is(plain.sent.length, 1);
});
