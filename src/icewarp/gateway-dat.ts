// smsgateway.dat: the gateways as XML. The document shows the tag CLIENTCERT alone; the others are assumptions after the
// labels of its dialogs.

import { DOMParser, type Element as XmlElement } from '@xmldom/xmldom';

export interface GatewayItem {
  id: string;
  active: boolean;
  type: 'http' | 'gsm-modem';
  device: string;
  template: string;
  description: string;
  pin: string;
  from: string;
  center: string;
  clientCert: string;
}

export interface ReadGateways {
  items: GatewayItem[];
  complaints: string[];
}

// In the order in which they are written.
const tags = {
  ACTIVE: 'active',
  ID: 'id',
  TYPE: 'type',
  DEVICE: 'device',
  TEMPLATE: 'template',
  DESCRIPTION: 'description',
  PIN: 'pin',
  FROM: 'from',
  CENTER: 'center',
  CLIENTCERT: 'clientCert',
} as const satisfies Record<string, keyof GatewayItem>;
type Tag = keyof typeof tags;

const mostOctets = 4 * 1024 * 1024;

/** Throws Error, whose sentence says what is wrong, for what is no such document. */
export function readGatewayDat(text: string): ReadGateways {
  if (text.length > mostOctets) throw new Error('it is larger than 4 MB');
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new Error('it has a document type');
  const root = parse(text.replace(/^\ufeff/, ''));
  const complaints: string[] = [];
  const items: GatewayItem[] = [];
  for (const element of elementsOf(root)) {
    if (element.tagName.toUpperCase() !== 'ITEM') complaints.push(`<${element.tagName}> is not known`);
    else readItem(element, { items, complaints });
  }
  return { items, complaints };
}

function parse(text: string): XmlElement {
  const onError = (level: string): void => {
    throw new Error(level);
  };
  try {
    return new DOMParser({ onError }).parseFromString(text, 'text/xml').documentElement!;
  } catch (cause) {
    // What the parser throws is no error of the language.
    throw new Error('it is no well-formed XML', { cause });
  }
}

function readItem(element: XmlElement, { items, complaints }: ReadGateways): void {
  const values = new Map<Tag, string>();
  const unknown: string[] = [];
  for (const child of elementsOf(element)) {
    const tag = child.tagName.toUpperCase();
    if (Object.hasOwn(tags, tag)) values.set(tag as Tag, child.textContent ?? '');
    else unknown.push(child.tagName);
  }
  const of = (tag: Tag): string => (values.get(tag) ?? '').trim();
  const id = of('ID');
  const type = readType(of('TYPE'), of('DEVICE'));
  complaints.push(...unknown.map((tag) => `gateway ${id}: <${tag}> is not known`));
  if (id === '') complaints.push('a gateway without an ID');
  else if (!type) complaints.push(`gateway ${id}: the type ${of('TYPE')} is not known`);
  else
    items.push({
      ...{ id, type, active: of('ACTIVE') !== '0', device: of('DEVICE'), template: of('TEMPLATE') },
      ...{ description: of('DESCRIPTION'), pin: of('PIN'), from: of('FROM'), center: of('CENTER') },
      clientCert: of('CLIENTCERT'),
    });
}

/** By its name in the dialog, by the number that may stand for it, else by what its device looks like. */
function readType(written: string, device: string): GatewayItem['type'] | undefined {
  if (/^(http( request)?|1)$/i.test(written)) return 'http';
  if (/^(gsm( modem)?|gsm-modem|modem|0)$/i.test(written)) return 'gsm-modem';
  if (written !== '') return undefined;
  return /^https?:/i.test(device) ? 'http' : 'gsm-modem';
}

function elementsOf(parent: XmlElement): XmlElement[] {
  return [...parent.childNodes].filter((node): node is XmlElement => node.nodeType === 1);
}

const typeNames = { http: 'HTTP Request', 'gsm-modem': 'GSM Modem' } as const;

/** Tags that hold nothing are left out. */
export function writeGatewayDat(items: readonly GatewayItem[]): string {
  const lines = items.flatMap((item) => [
    '  <ITEM>',
    ...Object.keys(tags).flatMap((tag) => writeTag(tag as Tag, item)),
    '  </ITEM>',
  ]);
  return ['<?xml version="1.0" encoding="utf-8"?>', '<GATEWAYS>', ...lines, '</GATEWAYS>', ''].join('\n');
}

function writeTag(tag: Tag, item: GatewayItem): string[] {
  const value = item[tags[tag]];
  const text = tag === 'TYPE' ? typeNames[item.type] : typeof value === 'boolean' ? String(Number(value)) : value;
  return text === '' ? [] : [`    <${tag}>${escape(text)}</${tag}>`];
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, '');
}
