// Device management: application w7. The phone proves itself to the server, and the server to the phone.
// OMNA AC w7: OMA DM

import type { Profile } from '../profile.js';
import { address, authentication, characteristic, mark, parm, provisioningDocument } from './characteristic.js';

const authTypes = ['HTTP-BASIC', 'HTTP-DIGEST', 'BASIC', 'DIGEST', 'HMAC', 'X509', 'TRANSPORT'];

export const deviceManagement: Profile = {
  name: 'device-management',
  format: 'oma',
  title: 'device management (OMA DM, w7)',
  aliases: ['w7', 'dm'],
  parameters: [
    { name: 'name', title: 'what the owner sees', wire: 'NAME' },
    { name: 'serverId', title: 'id of the server', wire: 'PROVIDER-ID', isRequired: true },
    { name: 'url', title: 'address of the server', wire: 'ADDR', isRequired: true },
    { name: 'port', title: 'port of the server', wire: 'PORTNBR' },
    { name: 'init', title: '1: the phone calls the server at once', wire: 'INIT', values: ['0', '1'] },
    { name: 'authType', title: 'how both prove themselves', wire: 'AAUTHTYPE', values: authTypes },
    { name: 'user', title: 'name of the phone at the server', wire: 'AAUTHNAME' },
    { name: 'password', title: 'password of the phone', wire: 'AAUTHSECRET', isSecret: true },
    { name: 'nonce', title: 'its first nonce, base64', wire: 'AAUTHDATA' },
    { name: 'serverPassword', title: 'password of the server at the phone', isSecret: true },
    { name: 'serverNonce', title: 'its first nonce, base64' },
  ],
  write: (values) => {
    const type = values.text('authType');
    return provisioningDocument([
      characteristic('APPLICATION', [
        parm('APPID', 'w7'),
        parm('PROVIDER-ID', values.text('serverId')),
        parm('NAME', values.text('name')),
        mark('INIT', values.text('init') === '1'),
        address(values.text('url'), values.text('port')),
        authentication({
          ...{ level: 'APPSRV', type, name: values.text('user') },
          ...{ secret: values.text('password'), data: values.text('nonce') },
        }),
        values.has('serverPassword')
          ? authentication({
              ...{ level: 'CLIENT', type, name: values.text('serverId') },
              ...{ secret: values.text('serverPassword'), data: values.text('serverNonce') },
            })
          : undefined,
      ]),
    ]);
  },
};
