// A device that hangs up while its request is held: over a real socket, because only that can break.

import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import test from 'ava';
import { Ping } from '../../src/wbxml/airsync/ping.js';
import { element } from '../../src/wbxml/element.js';
import { encode } from '../../src/wbxml/encode.js';
import { type Bench, openBench, readAnswer, syncOf, TalkingDevice, until } from './talking-device.js';

interface Setting {
  bench: Bench;
  inbox: string;
  /** Sends a Ping over a connection of its own. */
  ping: (deviceId: string) => Promise<Socket>;
}

async function listening(): Promise<Setting> {
  const bench = await openBench();
  const device = new TalkingDevice(bench);
  await device.provision();
  const { Inbox: inbox } = await device.folders();
  await device.post('Sync', syncOf({ syncKey: '0', id: inbox! }));
  await bench.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = bench.app.server.address() as AddressInfo;
  const ping = async (deviceId: string) => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(pingRequest(deviceId, inbox!));
    return socket;
  };
  return { bench, inbox: inbox!, ping };
}

function pingRequest(deviceId: string, folder: string): Buffer {
  const folders = element(Ping.Folders, [
    element(Ping.Folder, [element(Ping.Id, folder), element(Ping.Class, 'Email')]),
  ]);
  const body = encode(element(Ping.Ping, [element(Ping.HeartbeatInterval, '300'), folders]));
  const head = [
    `POST /Microsoft-Server-ActiveSync?Cmd=Ping&User=ann&DeviceId=${deviceId}&DeviceType=Phone HTTP/1.1`,
    'Host: localhost',
    `Authorization: Basic ${Buffer.from('ann@example.com:secret').toString('base64')}`,
    'MS-ASProtocolVersion: 14.1',
    `Content-Length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

test('a held Ping is let go when its device hangs up', async (t) => {
  const { bench, ping } = await listening();
  const socket = await ping('DEVICE1');
  await until(() => bench.eas.held() === 1);
  socket.destroy();
  await until(() => bench.eas.held() === 0);
  t.pass();
  await bench.close();
});

test('a device that hangs up before it is held is not held', async (t) => {
  const { bench, inbox, ping } = await listening();
  for (let times = 0; times < 20; times++) (await ping(`GONE${times}`)).destroy();
  const device = new TalkingDevice(bench);
  await device.provision();
  // The server still answers, and in the end holds none of those that are gone.
  t.is(readAnswer(await device.post('Sync', syncOf({ syncKey: '0', id: inbox })))[0]?.status, '1');
  await until(() => bench.eas.held() === 0);
  await bench.close();
});
