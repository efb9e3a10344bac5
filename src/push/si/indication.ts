// A service indication: a line of text and a page to open.
// WAP-167-ServiceInd The indication Element

import { attributed, type Attribute, child, element, type Element } from '../../wbxml/element.js';
import { Si } from '../../wbxml/si/document.js';
import { PushError } from '../errors.js';
import type { Profile } from '../profile.js';

const actions = ['signal-none', 'signal-low', 'signal-medium', 'signal-high', 'delete'];
/** What is kept as octets. */
const dates = new Set(['created', 'si-expires']);

export const indication: Profile = {
  name: 'indication',
  format: 'si',
  title: 'a line of text and a page to open (service indication)',
  aliases: ['si', 'link'],
  parameters: [
    { name: 'url', title: 'the page', wire: 'href' },
    { name: 'text', title: 'what the owner reads', isRequired: true },
    { name: 'id', title: 'the next one with this id takes its place', wire: 'si-id' },
    { name: 'action', title: 'how loudly', wire: 'action', values: actions },
    { name: 'created', title: 'when it was written, such as 2026-01-31T12:00:00Z', wire: 'created' },
    { name: 'expires', title: 'when it is forgotten', wire: 'si-expires' },
  ],
  write: (values) => {
    const created = readDate(values.text('created'), 'parameters.created');
    const expires = readDate(values.text('expires'), 'parameters.expires');
    return element(Si.si, [
      attributed(
        Si.indication,
        {
          href: values.text('url'),
          'si-id': values.text('id'),
          action: values.text('action'),
          created,
          'si-expires': expires,
        },
        values.text('text'),
      ),
    ]);
  },
};

const instant = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?Z$/;

// A date as an indication keeps it: two digits an octet, zeros at the end left out. In UTC.
//
//    2024-05-06T07:08:00Z   20 24 05 06 07 08
//    2024-06-01T00:00:00Z   20 24 06 01
//
// WAP-167-ServiceInd Encoding of dates
function readDate(written: string | undefined, field: string): Uint8Array | undefined {
  if (written === undefined) return undefined;
  const [, ...digits] = instant.exec(written) ?? [];
  if (digits.length === 0 || Number.isNaN(Date.parse(written))) throw new PushError('BAD_FIELD', { field });
  return Buffer.from(digits.join('').replace(/(00)+$/, ''), 'hex');
}

function writeDate(octets: Uint8Array): string {
  const digits = Buffer.from(octets).toString('hex').slice(0, 14).padEnd(14, '0');
  const [year, month, day, hour, minute, second] = [0, 4, 6, 8, 10, 12].map((at, n) =>
    digits.slice(at, n === 0 ? 4 : at + 2),
  );
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

/** With the dates as octets, as they go, of a document written as XML. @throws PushError BAD_FIELD, BAD_DOCUMENT */
export function withPackedDates(document: Element): Element {
  return withDates(document, ({ name, value }) =>
    typeof value === 'string' ? { name, value: readDate(value, name)! } : { name, value },
  );
}

/** With the dates as texts, for people. @throws PushError BAD_DOCUMENT */
export function withWrittenDates(document: Element): Element {
  return withDates(document, ({ name, value }) =>
    typeof value === 'string' ? { name, value } : { name, value: writeDate(value) },
  );
}

function withDates(document: Element, change: (attribute: Attribute) => Attribute): Element {
  const found = child(document, Si.indication);
  if (document.tag !== Si.si || !found) throw new PushError('BAD_DOCUMENT');
  const { attributes = [] } = found;
  const changed = attributes.map((attribute) => (dates.has(attribute.name) ? change(attribute) : attribute));
  const content = Array.isArray(document.content) ? (document.content as readonly Element[]) : [];
  return {
    ...document,
    content: content.map((each) =>
      each === found ? { ...found, ...(changed.length > 0 && { attributes: changed }) } : each,
    ),
  };
}
