// The browser, application w2, with the way into the network where it is told: an access point, and a proxy on it.
// OMNA AC w2; OMA-WAP-ProvCont NAPDEF, PXLOGICAL

import type { Values } from '../parameters.js';
import type { Profile } from '../profile.js';
import { characteristic, mark, parm, provisioningDocument } from './characteristic.js';

const ACCESS_POINT = 'NAP1';
const PROXY = 'PROXY1';

export const browser: Profile = {
  name: 'browser',
  format: 'oma',
  title: 'browser (w2), with access point and proxy where they are given',
  aliases: ['w2'],
  parameters: [
    { name: 'name', title: 'what the owner sees', wire: 'NAME', isRequired: true },
    { name: 'homepage', title: 'the first page', wire: 'STARTPAGE' },
    { name: 'apn', title: 'access point of the network', wire: 'NAP-ADDRESS' },
    { name: 'apnUser', title: 'user name at the access point', wire: 'AUTHNAME' },
    { name: 'apnPassword', title: 'password there', wire: 'AUTHSECRET', isSecret: true },
    { name: 'apnAuthType', title: 'how they are told', wire: 'AUTHTYPE', values: ['PAP', 'CHAP'] },
    { name: 'proxy', title: 'address of the proxy', wire: 'PXADDR' },
    { name: 'proxyPort', title: 'its port', wire: 'PORTNBR' },
    {
      name: 'bookmarks',
      title: 'bookmarks',
      wire: 'RESOURCE',
      entries: [
        { name: 'name', title: 'what the owner sees', wire: 'NAME' },
        { name: 'url', title: 'the page', wire: 'URI', isRequired: true },
      ],
    },
  ],
  write: (values) =>
    provisioningDocument([
      values.has('apn') ? writeAccessPoint(values) : undefined,
      values.has('proxy') ? writeProxy(values) : undefined,
      characteristic('APPLICATION', [
        parm('APPID', 'w2'),
        parm('NAME', values.text('name')),
        values.has('proxy') ? parm('TO-PROXY', PROXY) : parm('TO-NAPID', values.has('apn') ? ACCESS_POINT : 'INTERNET'),
        ...values.list('bookmarks').map((bookmark) => writePage(bookmark.text('url'), bookmark.text('name'))),
        writeHomepage(values),
      ]),
    ]),
};

function writePage(url: string | undefined, name: string | undefined) {
  return characteristic('RESOURCE', [parm('NAME', name), parm('URI', url)]);
}

function writeHomepage(values: Values) {
  const homepage = values.text('homepage');
  if (homepage === undefined) return undefined;
  return characteristic('RESOURCE', [
    parm('NAME', values.text('name')),
    parm('URI', homepage),
    mark('STARTPAGE', true),
  ]);
}

function writeAccessPoint(values: Values) {
  const name = values.text('apnUser');
  return characteristic('NAPDEF', [
    parm('NAPID', ACCESS_POINT),
    parm('BEARER', 'GSM-GPRS'),
    parm('NAME', values.text('name')),
    parm('NAP-ADDRESS', values.text('apn')),
    parm('NAP-ADDRTYPE', 'APN'),
    name === undefined
      ? undefined
      : characteristic('NAPAUTHINFO', [
          parm('AUTHTYPE', values.text('apnAuthType') ?? 'PAP'),
          parm('AUTHNAME', name),
          parm('AUTHSECRET', values.text('apnPassword')),
        ]),
  ]);
}

function writeProxy(values: Values) {
  const proxy = values.text('proxy')!;
  return characteristic('PXLOGICAL', [
    parm('PROXY-ID', PROXY),
    parm('NAME', values.text('name')),
    characteristic('PXPHYSICAL', [
      parm('PHYSICAL-PROXY-ID', PROXY),
      parm('PXADDR', proxy),
      parm('PXADDRTYPE', /^\d+(\.\d+){3}$/.test(proxy) ? 'IPV4' : 'ALPHA'),
      parm('TO-NAPID', values.has('apn') ? ACCESS_POINT : 'INTERNET'),
      characteristic('PORT', [parm('PORTNBR', values.text('proxyPort'))]),
    ]),
  ]);
}
