// Data synchronization: application w5.
// OMNA AC w5: OMA DS

import type { Profile } from '../profile.js';
import { address, authentication, characteristic, parm, provisioningDocument } from './characteristic.js';

const authTypes = ['HTTP-BASIC', 'HTTP-DIGEST', 'BASIC', 'DIGEST', 'HMAC', 'X509', 'SECUREID', 'SAFEWORD', 'DIGIPASS'];

export const sync: Profile = {
  name: 'sync',
  format: 'oma',
  title: 'data synchronization with a SyncML server (OMA DS, w5)',
  aliases: ['w5'],
  parameters: [
    { name: 'name', title: 'what the owner sees', wire: 'NAME' },
    { name: 'serverId', title: 'id of the server, as notifications carry it', wire: 'PROVIDER-ID' },
    { name: 'url', title: 'address of the server', wire: 'ADDR', isRequired: true },
    { name: 'port', title: 'port of the server', wire: 'PORTNBR' },
    { name: 'user', title: 'user name', wire: 'AAUTHNAME' },
    { name: 'password', title: 'password', wire: 'AAUTHSECRET', isSecret: true },
    { name: 'authType', title: 'how the server asks for them', wire: 'AAUTHTYPE', values: authTypes },
    {
      name: 'databases',
      title: 'what is synchronized, one at least',
      wire: 'RESOURCE',
      isRequired: true,
      entries: [
        { name: 'uri', title: 'the database on the server, such as ./Contacts', wire: 'URI', isRequired: true },
        { name: 'name', title: 'what the owner sees', wire: 'NAME' },
        { name: 'accept', title: 'MIME types, separated by commas', wire: 'AACCEPT' },
        { name: 'syncType', title: 'how: 1 to 6', wire: 'SYNCTYPE', values: ['1', '2', '3', '4', '5', '6'] },
      ],
    },
  ],
  write: (values) =>
    provisioningDocument([
      characteristic('APPLICATION', [
        parm('APPID', 'w5'),
        parm('PROVIDER-ID', values.text('serverId')),
        parm('NAME', values.text('name')),
        address(values.text('url'), values.text('port')),
        authentication({
          level: 'APPSRV',
          type: values.text('authType'),
          name: values.text('user'),
          secret: values.text('password'),
        }),
        ...values
          .list('databases')
          .map((database) =>
            characteristic('RESOURCE', [
              parm('URI', database.text('uri')),
              parm('NAME', database.text('name')),
              parm('AACCEPT', database.text('accept')),
              parm('SYNCTYPE', database.text('syncType')),
            ]),
          ),
      ]),
    ]),
};
