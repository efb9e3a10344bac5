import test from 'ava';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { Move } from '../../src/wbxml/airsync/move.js';
import { element } from '../../src/wbxml/element.js';
import {
  collection,
  commandsTo,
  failedCollection,
  folder,
  mailAdd,
  moved,
  pinged,
  smsAdd,
  synced,
} from './fake-server.js';
import { live, stage, throwsCode } from './stage.js';

const offered = { to: '"Bob" [MOBILE:+447700900123]', text: 'see you at eight' };

test('keeps what one collection brought when another is refused', async (t) => {
  const { server, phone, log } = await stage(t);
  void live(t, phone);
  await server.heard('Ping');
  const offer = collection(folder.outbox, 'with-offer', { commands: [smsAdd('o1', offered)] });
  server.answer('Sync', synced(offer, failedCollection(folder.inbox, 5)));
  server.wake(pinged(2, [folder.outbox]));
  await log.until('confirmed');
  t.is(log.all('sms-sent').length, 1);
  t.is(log.all('error').length, 1);
});

test('gives a text to the network once, even if the server offers it three times', async (t) => {
  const { server, phone, log } = await stage(t);
  void live(t, phone);
  await server.heard('Ping');
  server.change(folder.outbox, smsAdd('o1', offered), smsAdd('o1', offered));
  await log.until('confirmed');
  server.change(folder.outbox, smsAdd('o1', offered));
  await log.until('confirmed', () => log.all('confirmed').length === 2);
  t.deepEqual(log.all('sms-sent'), [
    { event: 'sms-sent', to: '+447700900123', text: 'see you at eight', serverId: 'o1' },
  ]);
  t.is(log.all('sms-repeated').length, 2);
});

test('sends no text twice when its sync key is lost before the confirmation arrived', async (t) => {
  const { server, phone, log } = await stage(t);
  void live(t, phone);
  await server.heard('Ping');
  server.answer('Sync', synced(collection(folder.outbox, 'k1', { commands: [smsAdd('o1', offered)] })));
  server.answer('Sync', synced(failedCollection(folder.outbox, 3)), synced(collection(folder.outbox, 'k2')));
  server.answer('Sync', synced(collection(folder.outbox, 'k3', { commands: [smsAdd('o1', offered)] })));
  server.wake(pinged(2, [folder.outbox]));
  await log.until('confirmed');
  t.is(log.all('sms-sent').length, 1);
});

test('leaves a mail in the Outbox alone', async (t) => {
  const { server, phone, log } = await stage(t);
  void live(t, phone);
  await server.heard('Ping');
  server.change(folder.outbox, mailAdd('m1', { from: 'ann@example.com', subject: 'later', text: 'a draft' }));
  await server.heard('Ping', 2);
  t.deepEqual(log.all('sms-sent'), []);
  t.is(server.of('Sync').flatMap((asked) => commandsTo(asked, folder.outbox)).length, 0);
});

test('takes a text for moved when the answer was lost and the second try finds it gone', async (t) => {
  const { server, phone, log } = await stage(t, { mode: 'move' });
  void live(t, phone);
  await server.heard('Ping');
  phone.dropAnswer('MoveItems');
  server.change(folder.outbox, smsAdd('o1', offered));
  const [first] = [await server.heard('MoveItems')];
  server.answer('MoveItems', moved(first.document!, '1'));
  t.is((await log.until('confirmed')).way, 'move');
});

test('does not claim a move that found nothing at the first try', async (t) => {
  const { server, phone, log } = await stage(t, { mode: 'move' });
  void live(t, phone);
  await server.heard('Ping');
  server.answer('MoveItems', element(Move.MoveItems, [element(Move.Status, '1')]));
  server.change(folder.outbox, smsAdd('o1', offered));
  t.is((await log.until('error')).code, 'REFUSED');
  t.deepEqual(log.all('confirmed'), []);
});

test('says nothing and asks nothing after it vanished', async (t) => {
  const { server, phone, log } = await stage(t, {
    onEvent: (event) => {
      log.record(event);
      if (event.event === 'sms-sent') phone.vanish();
    },
  });
  const life = live(t, phone);
  await server.heard('Ping');
  server.change(folder.outbox, smsAdd('o1', offered));
  await life;
  t.is(log.events.at(-1)?.event, 'sms-sent');
  t.is(server.of('Sync').flatMap((asked) => commandsTo(asked, folder.outbox)).length, 0);
  await t.throwsAsync(phone.receive({ from: '+447700900123', text: 'too late' }), throwsCode('STOPPED'));
});

for (const mode of ['delete', 'move', 'add'] as const) {
  test(`sends an offered text and confirms it by ${mode}`, async (t) => {
    const { server, phone, log } = await stage(t, { mode });
    void live(t, phone);
    await server.heard('Ping');
    server.change(folder.outbox, smsAdd('o1', offered));
    t.deepEqual(await log.until('confirmed'), { event: 'confirmed', way: mode, serverId: 'o1' });
    await server.heard('Ping', 2);
    const syncs = server.of('Sync');
    t.is(syncs.flatMap((asked) => commandsTo(asked, folder.outbox, AirSync.Delete)).length, mode === 'delete' ? 1 : 0);
    t.is(syncs.flatMap((asked) => commandsTo(asked, folder.sent, AirSync.Add)).length, mode === 'add' ? 1 : 0);
    t.is(server.of('MoveItems').length, mode === 'move' ? 1 : 0);
  });
}
