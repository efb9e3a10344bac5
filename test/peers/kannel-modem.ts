// Debian's Kannel with one modem: bearerbox on its device, smsbox before it.
// Kannel User Guide: groups core, smsc (AT), modems, smsbox, sendsms-user and sms-service.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { untilListening } from '../../bench/kannel.js';
import { freePorts } from '../../bench/free-ports.js';

const host = '127.0.0.1';

export interface KannelWithModem {
  /** A text to a number; a delivery report is asked for. True once it was taken. */
  send(to: string, text: string): Promise<boolean>;
  end(): Promise<void>;
}

/** It answers each text it gets with the prefix and what it got. */
export async function startKannelWithModem(device: string, folder: string, prefix: string): Promise<KannelWithModem> {
  const [admin, smsbox, front] = await freePorts(3);
  const file = join(folder, 'kannel.conf');
  await writeFile(file, configuration({ device, folder, prefix, admin: admin!, smsbox: smsbox!, front: front! }));
  const start = (program: string): ChildProcess =>
    spawn(program, ['--verbosity', '4', file], { stdio: 'ignore', cwd: folder });
  const boxes = [start('/usr/sbin/bearerbox')];
  // An smsbox that finds no bearerbox gives up for good.
  await untilListening(smsbox!);
  boxes.push(start('/usr/sbin/smsbox'));
  return { send: (to, text) => send(front!, to, text), end: () => endBoxes(boxes) };
}

// 202 or 200 is acceptance; until the boxes have found each other nobody answers, or 503 is.
async function send(port: number, to: string, text: string): Promise<boolean> {
  const query = new URLSearchParams({ username: 'peer', password: 'secret', to, text, 'dlr-mask': '31' });
  query.set('dlr-url', `http://${host}:${port}/nowhere`);
  try {
    const answer = await fetch(`http://${host}:${port}/cgi-bin/sendsms?${query.toString()}`);
    await answer.text();
    return answer.status === 202 || answer.status === 200;
  } catch {
    return false;
  }
}

interface Setup {
  device: string;
  folder: string;
  prefix: string;
  admin: number;
  smsbox: number;
  front: number;
}

function configuration({ device, folder, prefix, admin, smsbox, front }: Setup): string {
  return `group = core
admin-port = ${admin}
admin-password = secret
smsbox-port = ${smsbox}
box-allow-ip = ${host}
log-file = "${folder}/bearerbox.log"
log-level = 4
store-type = file
store-location = "${folder}/kannel.store"

group = smsc
smsc = at
smsc-id = sim
modemtype = generic
device = ${device}
speed = 115200

group = modems
id = generic
name = "Generic"
init-string = "AT+CNMI=1,2,0,1,0"

group = smsbox
bearerbox-host = ${host}
sendsms-port = ${front}
sendsms-interface = ${host}
global-sender = 12345
log-file = "${folder}/smsbox.log"
log-level = 4

group = sendsms-user
username = peer
password = secret
max-messages = 3

group = sms-service
keyword = default
text = "${prefix}%a"
max-messages = 1
`;
}

async function endBoxes(boxes: readonly ChildProcess[]): Promise<void> {
  for (const box of [...boxes].reverse()) {
    if (box.exitCode !== null || box.signalCode !== null) continue;
    const gone = once(box, 'exit');
    box.kill('SIGTERM');
    const patience = setTimeout(() => box.kill('SIGKILL'), 3000);
    await gone;
    clearTimeout(patience);
  }
}
