// Debian's postfix and dovecot as the mail server of a company, each with a configuration of its own in a temporary folder and on
// free ports of this machine.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface MailServers {
  /** Where postfix takes mail. */
  smtpPort: number;
  /** Where dovecot shows it. */
  imapPort: number;
  /** What postfix wrote into its log. */
  log(): string;
  stop(): Promise<void>;
}

export const mailPassword = 'of the mail server';

const programs = ['/usr/sbin/postfix', '/usr/sbin/dovecot', '/usr/bin/swaks'];

/** Why they cannot be run here. */
export function whyNoMailServers(): string | undefined {
  const missing = programs.filter((path) => !existsSync(path));
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  return userInfo().uid === 0 ? undefined : 'postfix and dovecot are started by root alone';
}

/** A mailbox for each of these addresses, all with the one password. */
export async function startMailServers(addresses: readonly string[]): Promise<MailServers> {
  const folder = mkdtempSync(join(tmpdir(), 'easms-mail-'));
  chmodSync(folder, 0o755);
  const [smtpPort, imapPort] = [await freePort(), await freePort()];
  const certificate = makeCertificate(folder);
  const mailbox = { uid: 65_534, gid: 65_534 };
  mkdirSync(join(folder, 'mail'));
  chownSync(join(folder, 'mail'), mailbox.uid, mailbox.gid);
  const children: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    endMaster(folder);
    await Promise.all(children.map(end));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const given = { folder, addresses, ...mailbox, ...certificate };
    children.push(startPostfix({ ...given, port: smtpPort }), startDovecot({ ...given, port: imapPort }));
    await Promise.all([listening(smtpPort), listening(imapPort)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { smtpPort, imapPort, stop, log: () => readFileSync(join(folder, 'postfix.log'), 'utf8') };
}

interface Given {
  folder: string;
  addresses: readonly string[];
  uid: number;
  gid: number;
  certificate: string;
  key: string;
  port: number;
}

function startPostfix({ folder, addresses, uid, gid, certificate, key, port }: Given): ChildProcess {
  const etc = join(folder, 'postfix');
  mkdirSync(etc);
  for (const name of ['queue', 'data']) mkdirSync(join(folder, name), { mode: 0o755 });
  const [, postfixUid, postfixGid] = execFileSync('getent', ['passwd', 'postfix'], { encoding: 'utf8' }).match(
    /^[^:]*:[^:]*:(\d+):(\d+):/,
  )!;
  chownSync(join(folder, 'data'), Number(postfixUid), Number(postfixGid));
  const boxes = addresses.map((address) => `{${address}=${address}/}`).join(', ');
  writeFileSync(
    join(etc, 'main.cf'),
    `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/postfix.log
maillog_file_prefixes = ${folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example.com
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = example.com
virtual_mailbox_base = ${folder}/mail
virtual_mailbox_maps = inline:{${boxes}}
virtual_uid_maps = static:${uid}
virtual_gid_maps = static:${gid}
virtual_transport = virtual
smtpd_tls_security_level = may
smtpd_tls_cert_file = ${certificate}
smtpd_tls_key_file = ${key}
smtpd_tls_received_header = yes
`,
  );
  const service = (name: string, more: string, program = name) => `${name} unix ${more} ${program}\n`;
  writeFileSync(
    join(etc, 'master.cf'),
    [
      `127.0.0.1:${port} inet n - n - - smtpd\n`,
      service('cleanup', 'n - n - 0'),
      service('qmgr', 'n - n 300 1'),
      service('tlsmgr', '- - n 1000? 1'),
      service('rewrite', '- - n - -', 'trivial-rewrite'),
      service('bounce', '- - n - 0'),
      service('defer', '- - n - 0', 'bounce'),
      service('trace', '- - n - 0', 'bounce'),
      service('verify', '- - n - 1'),
      service('proxymap', '- - n - -'),
      service('error', '- - n - -'),
      service('retry', '- - n - -', 'error'),
      service('virtual', '- n n - -'),
      service('anvil', '- - n - 1'),
      'postlog unix-dgram n - n - 1 postlogd\n',
    ].join(''),
  );
  return spawn('/usr/sbin/postfix', ['-c', etc, 'start-fg'], { stdio: 'ignore' });
}

function startDovecot({ folder, addresses, uid, gid, port }: Given): ChildProcess {
  for (const name of ['run', 'state']) mkdirSync(join(folder, name), { mode: 0o755 });
  const users = addresses.map((address) => `${address}:{PLAIN}${mailPassword}\n`).join('');
  writeFileSync(join(folder, 'users'), users);
  const conf = join(folder, 'dovecot.conf');
  writeFileSync(
    conf,
    `
protocols = imap
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:${folder}/mail/%u
first_valid_uid = 0
first_valid_gid = 0
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${folder}/users
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}/mail/%u
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`,
  );
  return spawn('/usr/sbin/dovecot', ['-F', '-c', conf], { stdio: 'ignore' });
}

function makeCertificate(folder: string): { certificate: string; key: string } {
  const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=mail.example.com'];
  execFileSync('openssl', [...request, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  return { certificate, key };
}

// What was started is a script that waits for it, and that it does not end with. The file holds the number alone, with spaces before it.
function endMaster(folder: string): void {
  const file = join(folder, 'queue/pid/master.pid');
  if (existsSync(file)) process.kill(Number(readFileSync(file, 'utf8').trim()), 'SIGTERM');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  if (child.spawnfile.endsWith('dovecot')) child.kill('SIGTERM');
  await ended;
}

export async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await wait(50);
  }
  throw new Error(`nothing listens on ${port}`);
}

/** Read by python3's imaplib and email package. */
export interface ReceivedMail {
  type: string;
  parts: string[];
  from: string;
  to: string;
  subject: string;
  id: string;
  inReplyTo: string | null;
  references: string | null;
  auto: string | null;
  returnPath: string | null;
  received: string;
  text: string;
  /** Fields of a report, a group for the mail and one for each recipient. */
  status: Record<string, string>[];
  defects: string[];
}

const reader = String.raw`
import email, email.policy, imaplib, json, sys
port, user, password = sys.argv[1:]
imap = imaplib.IMAP4('127.0.0.1', int(port))
imap.login(user, password)
imap.select('INBOX', readonly=True)
found = []
for number in imap.search(None, 'ALL')[1][0].split():
    mail = email.message_from_bytes(imap.fetch(number, '(RFC822)')[1][0][1], policy=email.policy.default)
    parts = mail.get_payload() if mail.is_multipart() else []
    text = mail.get_body(('plain',)) if not mail.is_multipart() else parts[0]
    found.append({
        'type': mail.get_content_type(), 'parts': [p.get_content_type() for p in parts],
        'from': mail['From'].addresses[0].addr_spec, 'to': mail['To'].addresses[0].addr_spec, 'subject': mail['Subject'],
        'id': mail['Message-ID'], 'inReplyTo': mail['In-Reply-To'], 'references': mail['References'],
        'auto': mail['Auto-Submitted'], 'returnPath': mail['Return-Path'], 'received': ' '.join(mail.get_all('Received', [])),
        'text': text.get_content().replace('\r\n', '\n').rstrip('\n'),
        'status': [dict(g.items()) for p in parts if p.get_content_type() == 'message/delivery-status' for g in p.get_payload()],
        'defects': [str(d) for p in mail.walk() for d in p.defects] + [str(d) for h in mail.values() for d in h.defects],
    })
imap.logout()
print(json.dumps(found))
`;
import { freePort } from '../../bench/free-ports.js';

/** What lies in somebody's mailbox, as soon as there are so many. */
export async function mailsOf({ imapPort }: MailServers, address: string, atLeast: number): Promise<ReceivedMail[]> {
  for (let tries = 0; ; tries++) {
    const args = ['-c', reader, String(imapPort), address, mailPassword];
    const mails = JSON.parse(execFileSync('python3', args, { encoding: 'utf8' })) as ReceivedMail[];
    if (mails.length >= atLeast || tries === 100) return mails;
    await wait(100);
  }
}
