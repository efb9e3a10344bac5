// What the dialog of a gateway says of a modem, in the words of a gateway here: products by the names that the document and its
// list have for them, a PIN that is one, a number of the service centre without what people write between its digits.

import type { GatewayItem } from './gateway-dat.js';

/** The document, *Tested and Supported Products*, and two that stand in its pictures. */
const products = {
  'Siemens ES75': 'siemens-es75',
  'Huawei E220': 'huawei-e220',
  'Huawei E1556': 'huawei-e1556',
  'MTCBA-G-F2': 'mtcba-g-f2',
  'Nokia E51': 'nokia-e51',
  '2N Voiceblue': '2n-voiceblue',
} as const;

export interface ModemFields {
  template?: string;
  smsCenter?: string;
  pin?: string;
  /** What is no PIN of a SIM: the same field is the password for incoming texts. */
  password?: string;
  /** What stands in the file and says nothing here. */
  lost: string[];
}

export function modemFieldsOf({ template, center, pin }: GatewayItem): ModemFields {
  const fields: ModemFields = { lost: [] };
  const product = templateNamed(template);
  if (product !== undefined) fields.template = product;
  else if (template !== '')
    fields.lost.push(`the template ${template}, which is not known: the modem is asked what it is`);
  const number = center.replace(/[\s().-]/g, '');
  if (/^\+?\d{3,20}$/.test(number)) fields.smsCenter = number;
  else if (center !== '') fields.lost.push('the SMS center, which is no number: the one of the SIM counts');
  if (/^\d{4,8}$/.test(pin)) fields.pin = pin;
  else if (pin !== '') fields.password = pin;
  return fields;
}

/** By its name in the dialog or here, whatever stands between letters and digits. */
function templateNamed(written: string): string | undefined {
  const entries = Object.entries(products);
  return entries.find(([title, name]) => [title, name].some((known) => bare(known) === bare(written)))?.[1];
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** As the dialog names it; others, such as `generic`, by their name here. */
export function titleOf(template: string): string {
  return Object.entries(products).find(([, name]) => name === template)?.[0] ?? template;
}

/** Where Windows has a serial port and this system has none. */
export function isPortOfWindows(device: string): boolean {
  return /^(?:\\\\\.\\)?COM\d+$/i.test(device);
}
