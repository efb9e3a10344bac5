// SyncML settings of Nokia. The numbers of the tokens and the port are told by one program alone, and the values of AuthLevel and
// ConType by nobody.
// Nokia OTA SyncML Settings 1.0

import { element, type Element } from '../../wbxml/element.js';
import { SyncSet } from '../../wbxml/ota/document.js';
import type { Values } from '../parameters.js';
import type { Profile } from '../profile.js';

const S = SyncSet;

export const otaSync: Profile = {
  name: 'sync',
  format: 'ota',
  title: 'SyncML settings of Nokia',
  aliases: ['syncset', 'syncml'],
  parameters: [
    { name: 'name', title: 'what the owner sees', wire: 'Name' },
    { name: 'version', title: 'version of SyncML', wire: 'Version' },
    { name: 'url', title: 'address of the server', wire: 'HostAddr', isRequired: true },
    { name: 'port', title: 'its port', wire: 'Port' },
    { name: 'user', title: 'user name', wire: 'Username' },
    { name: 'password', title: 'password', wire: 'Cred', isSecret: true },
    { name: 'authLevel', title: 'AuthLevel, 1 where it is not given', wire: 'AuthLevel' },
    { name: 'authScheme', title: '1 basic, 2 digest', wire: 'AuthScheme', values: ['1', '2'] },
    {
      name: 'databases',
      title: 'what is synchronized',
      wire: 'RemoteDB',
      isRequired: true,
      entries: [
        { name: 'uri', title: 'the database on the server', wire: 'URI', isRequired: true },
        { name: 'name', title: 'what the owner sees', wire: 'Name' },
        { name: 'accept', title: 'its MIME type', wire: 'CTType' },
        { name: 'version', title: 'version of that type', wire: 'CTVer' },
      ],
    },
    {
      name: 'connections',
      title: 'connections of the phone',
      wire: 'ConRef',
      entries: [
        { name: 'type', title: 'ConType', wire: 'ConType' },
        { name: 'id', title: 'RefID', wire: 'RefID' },
      ],
    },
  ],
  write: (values) =>
    element(S.SyncSettings, [
      element(S.Version, values.text('version') ?? '1.0'),
      written(S.HostAddr, values.text('url')),
      written(S.Port, values.text('port')),
      ...values.list('databases').map(writeDatabase),
      written(S.Name, values.text('name')),
      writeAuthentication(values),
      ...values
        .list('connections')
        .map((each) => element(S.ConRef, [written(S.ConType, each.text('type')), written(S.RefID, each.text('id'))])),
    ]),
};

function writeDatabase(database: Values): Element {
  return element(S.RemoteDB, [
    written(S.CTType, database.text('accept')),
    written(S.CTVer, database.text('version')),
    written(S.URI, database.text('uri')),
    written(S.Name, database.text('name')),
  ]);
}

function writeAuthentication(values: Values): Element | undefined {
  const password = values.text('password');
  if (!values.has('user') && password === undefined) return undefined;
  return element(S.Auth, [
    element(S.AuthLevel, values.text('authLevel') ?? '1'),
    element(S.AuthScheme, values.text('authScheme') ?? '1'),
    written(S.Username, values.text('user')),
    written(S.Cred, password && Buffer.from(password, 'utf8').toString('base64')),
  ]);
}

function written(tag: number, text: string | undefined): Element | undefined {
  return text === undefined ? undefined : element(tag, text);
}
