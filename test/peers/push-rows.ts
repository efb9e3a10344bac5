// The push messages that other people's programs judge: what they are made of, and what is to be found in them.

export const number = '+447700900123';
export const imsi = '466923103145252';
export const device = {
  number,
  imei: '004999010640000',
  imsi,
  serverId: 'sync.example.com',
  password: 'secret',
  nonce: 'bm9uY2Ux',
  folders: [
    { uri: './Contacts', contentType: 7, syncType: 206 },
    { uri: './Calendar', contentType: 6, syncType: 209 },
  ],
};
const sync = { url: 'http://sync.example.com/sync', port: 80, user: 'user', password: 'pass', authType: 'HTTP-BASIC' };
const databases = [{ uri: './Contacts', name: 'Contacts', accept: 'text/x-vcard', syncType: 2 }];

export interface Row {
  name: string;
  path: 'notify' | 'configure';
  body: object;
  /** What wireshark has to say of it. */
  wanted: readonly (string | RegExp)[];
}

const oma = (
  name: string,
  profile: string,
  parameters: object,
  security: object,
  ...wanted: (string | RegExp)[]
): Row => ({
  name,
  path: 'configure',
  body: { number, format: 'oma', profile, parameters, ...security },
  wanted: ['(2948)', 'application/vnd.wap.connectivity-wbxml', '</wap-provisioningdoc>', ...wanted],
});

export const rows: readonly Row[] = [
  {
    name: 'notification of OMA DS 1.2',
    path: 'notify',
    body: { device: 'new', uiMode: 'informative', sessionId: 4660 },
    wanted: ['(2948)', 'media type identifier 0x4E', 'x-wap-application:push.syncml'],
  },
  {
    name: 'alert of SyncML 1.1',
    path: 'notify',
    body: { device: 'old' },
    wanted: ['media type identifier 0x303', '<Alert>', "'206'", "'./Contacts'", 'text/x-vcard'],
  },
  oma('w5, signed by a PIN', 'w5', { ...sync, databases }, { security: 'userpin', pin: '1234' }, 'SEC=USERPIN', "'w5'"),
  oma('w5, signed by the card', 'w5', { ...sync, databases }, { security: 'netwpin', imsi }, 'SEC=NETWPIN', 'APPAUTH'),
  oma(
    'w7, signed by both',
    'w7',
    { ...sync, serverId: 'dm' },
    { security: 'usernetwpin', imsi, pin: '1234' },
    'SEC=USERNETWPIN',
    "'w7'",
  ),
  oma('e-mail', 'email', { address: 'a@example.com', smtpServer: 's', imap4Server: 'i' }, {}, "'143'", "'25'"),
  oma(
    'browser',
    'browser',
    { name: 'Web', apn: 'internet', proxy: '192.0.2.1', proxyPort: 8080, homepage: 'http://x/' },
    {},
    "'w2'",
    'NAPDEF',
    'PXPHYSICAL',
  ),
  oma(
    'Exchange ActiveSync',
    'activesync',
    { server: 'mail.example.com', user: 'ann' },
    { security: 'usernetwpin', imsi, pin: '1234' },
    'Connection',
    'mail.example.com',
  ),
  {
    name: 'browser settings of Nokia',
    path: 'configure',
    body: {
      number,
      format: 'ota',
      profile: 'browser',
      parameters: { name: 'Web', bearer: 'GPRS', apn: 'internet', port: '9201', homepage: 'http://x/' },
    },
    wanted: ['(49999)', 'application/x-wap-prov.browser-settings', '</CHARACTERISTIC-LIST>', 'GPRS'],
  },
  {
    name: 'bookmark of Nokia',
    path: 'configure',
    body: { number, format: 'ota', profile: 'bookmark', parameters: { name: 'Web', url: 'http://x/' } },
    wanted: ['(49999)', 'application/x-wap-prov.browser-bookmarks', 'http://x/'],
  },
  {
    name: 'SyncML settings of Nokia',
    path: 'configure',
    body: {
      number,
      format: 'ota',
      profile: 'sync',
      parameters: {
        name: 'S',
        url: 'http://sync.example.com/sync',
        databases: [{ uri: './C', accept: 'text/x-vcard' }],
      },
    },
    wanted: ['(49996)', 'application/vnd.nokia.syncset+wbxml', 'http://sync.example.com/sync'],
  },
  {
    name: 'service indication',
    path: 'configure',
    body: {
      number,
      format: 'si',
      profile: 'link',
      parameters: { url: 'http://x/', text: 'You have mail', created: '2024-05-06T07:08:00Z' },
    },
    wanted: ['(2948)', 'application/vnd.wap.sic', 'You have mail', '<indication'],
  },
];
