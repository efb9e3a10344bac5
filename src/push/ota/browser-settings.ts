// Browser settings and bookmarks as phones took them before client provisioning. Nothing proves them: the owner is asked.
// Nokia/Ericsson Over The Air Settings Specification 7.0

import { attributed, element, type Element } from '../../wbxml/element.js';
import { Ota } from '../../wbxml/ota/document.js';
import { PushError } from '../errors.js';
import type { Parameter, Values } from '../parameters.js';
import type { Profile } from '../profile.js';

const addressParameters: readonly Parameter[] = [
  {
    name: 'bearer',
    title: 'GPRS, or GSM/CSD for a call',
    wire: 'BEARER',
    values: ['GPRS', 'GSM/CSD', 'GSM/SMS', 'GSM/USSD', 'IS-136/CSD'],
  },
  { name: 'proxy', title: 'address of the proxy', wire: 'PROXY' },
  { name: 'port', title: '9200 to 9203, or AUTO', wire: 'PORT', values: ['9200', '9201', '9202', '9203'] },
  { name: 'proxyType', title: 'MSISDN_NO or IPV4', wire: 'PROXY_TYPE', values: ['MSISDN_NO', 'IPV4'] },
  { name: 'proxyUser', title: 'user name at the proxy', wire: 'PROXY_AUTHNAME' },
  { name: 'proxyPassword', title: 'password there', wire: 'PROXY_AUTHSECRET', isSecret: true },
  { name: 'proxyLogin', title: 'whether the owner is asked', wire: 'PROXY_LOGINTYPE', values: ['AUTOMATIC', 'MANUAL'] },
  { name: 'smsc', title: 'number of the service centre', wire: 'SMS_SMSC_ADDRESS' },
  { name: 'ussdCode', title: 'service code of USSD', wire: 'USSD_SERVICE_CODE' },
  { name: 'apn', title: 'access point of the network', wire: 'GPRS_ACCESSPOINTNAME' },
  { name: 'dialNumber', title: 'number that is called', wire: 'CSD_DIALSTRING' },
  { name: 'login', title: 'whether the owner is asked', wire: 'PPP_LOGINTYPE', values: ['AUTOMATIC', 'MANUAL'] },
  { name: 'authType', title: 'how the password is told', wire: 'PPP_AUTHTYPE', values: ['PAP', 'CHAP', 'MS_CHAP'] },
  { name: 'user', title: 'user name', wire: 'PPP_AUTHNAME' },
  { name: 'password', title: 'password', wire: 'PPP_AUTHSECRET', isSecret: true },
  { name: 'callType', title: 'kind of the call', wire: 'CSD_CALLTYPE', values: ['ANALOGUE', 'ISDN'] },
  {
    name: 'callSpeed',
    title: 'its speed',
    wire: 'CSD_CALLSPEED',
    values: ['AUTO', '9600', '14400', '19200', '28800', '38400', '43200', '57600'],
  },
  { name: 'provider', title: 'name of the provider', wire: 'ISP_NAME' },
];

export const otaBrowser: Profile = {
  name: 'browser',
  format: 'ota',
  title: 'browser settings of Nokia and Ericsson',
  parameters: [
    { name: 'name', title: 'what the owner sees', isRequired: true },
    { name: 'homepage', title: 'the first page' },
    { name: 'mmsUrl', title: 'where picture messages go' },
    ...addressParameters,
  ],
  write: (values) =>
    element(Ota['CHARACTERISTIC-LIST'], [
      writeAddress(values),
      writeUrl('URL', values.text('homepage')),
      writeUrl('MMSURL', values.text('mmsUrl')),
      writeName('NAME', [['NAME', values.text('name')]]),
    ]),
};

export const otaBookmark: Profile = {
  name: 'bookmark',
  format: 'ota',
  title: 'bookmarks for phones of Nokia and Ericsson',
  parameters: [
    { name: 'name', title: 'what the owner sees' },
    { name: 'url', title: 'the page' },
    {
      name: 'bookmarks',
      title: 'several',
      entries: [
        { name: 'name', title: 'what the owner sees' },
        { name: 'url', title: 'the page', isRequired: true },
      ],
    },
  ],
  write: (values) => {
    const all = [...(values.has('url') ? [values] : []), ...values.list('bookmarks')];
    if (all.length === 0) throw new PushError('BAD_FIELD', { field: 'parameters.url' });
    const write = (each: Values) =>
      writeName('BOOKMARK', [
        ['NAME', each.text('name')],
        ['URL', each.text('url')],
      ]);
    return element(Ota['CHARACTERISTIC-LIST'], all.map(write));
  },
};

function writeAddress(values: Values): Element | undefined {
  const given = addressParameters.filter(({ name }) => values.has(name));
  if (given.length === 0) return undefined;
  return writeName(
    'ADDRESS',
    given.map(({ name, wire }) => [wire!, values.text(name)]),
  );
}

function writeUrl(type: string, url: string | undefined): Element | undefined {
  return url === undefined ? undefined : attributed(Ota.CHARACTERISTIC, { TYPE: type, VALUE: url });
}

function writeName(type: string, parms: readonly (readonly [string, string | undefined])[]): Element {
  const given = parms.flatMap(([NAME, VALUE]) => (VALUE === undefined ? [] : [attributed(Ota.PARM, { NAME, VALUE })]));
  return attributed(Ota.CHARACTERISTIC, { TYPE: type }, given);
}
