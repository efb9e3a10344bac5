// The readable twin where a person wrote it, and where it cannot be read.

import test from 'ava';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { ComposeMail } from '../../src/wbxml/airsync/compose-mail.js';
import { Email } from '../../src/wbxml/airsync/email.js';
import { Ping } from '../../src/wbxml/airsync/ping.js';
import { element } from '../../src/wbxml/element.js';
import { WbxmlError } from '../../src/wbxml/errors.js';
import { limits } from '../../src/wbxml/limits.js';
import { fromXml, toXml } from '../../src/wbxml/xml.js';

const refused: Record<string, readonly [xml: string, code: string]> = {
  'an entity declaration': ['<!DOCTYPE Ping [<!ENTITY x "y">]><Ping xmlns="Ping">&x;</Ping>', 'BAD_XML'],
  'an internal subset without entities': ['<!DOCTYPE Ping [<!ELEMENT Ping ANY>]><Ping xmlns="Ping"/>', 'BAD_XML'],
  'an entity that nothing declares': ['<Ping xmlns="Ping">&x;</Ping>', 'BAD_XML'],
  'an element that is not closed': ['<Ping xmlns="Ping">', 'BAD_XML'],
  'two root elements': ['<Ping xmlns="Ping"/><Ping xmlns="Ping"/>', 'BAD_XML'],
  'an empty text': ['', 'BAD_XML'],
  'a name without namespace': ['<Ping/>', 'UNKNOWN_NAME'],
  'a name of another namespace': ['<Ping xmlns="AirSync"/>', 'UNKNOWN_NAME'],
  'text beside elements': ['<Ping xmlns="Ping">5<Folders/></Ping>', 'MIXED_CONTENT'],
  'elements deeper than the limit': [
    `<Sync xmlns="AirSync">${'<Sync>'.repeat(limits.depth)}${'</Sync>'.repeat(limits.depth)}</Sync>`,
    'TOO_DEEP',
  ],
  'more characters than the limit': [' '.repeat(limits.documentOctets + 1), 'DOCUMENT_TOO_LONG'],
};

for (const [title, [xml, code]] of Object.entries(refused)) {
  test(`refuses ${title}`, (t) => {
    t.throws(() => fromXml(xml), { instanceOf: WbxmlError, code });
  });
}

test('refuses to write a tag without a name', (t) => {
  t.throws(() => toXml(element(0x002a)), { instanceOf: WbxmlError, code: 'UNKNOWN_TOKEN' });
});

test('skips a plain doctype, comments and the space between elements', (t) => {
  const xml = `<!DOCTYPE Ping PUBLIC "-//MICROSOFT//DTD ActiveSync//EN" "http://www.microsoft.com/">
    <Ping xmlns="Ping"> <!-- none --> <Folders/> </Ping>`;
  t.deepEqual(fromXml(xml), element(Ping.Ping, [element(Ping.Folders)]));
});

test('reads prefixes and CDATA', (t) => {
  const xml = '<a:Add xmlns:a="AirSync" xmlns:e="Email"><e:To><![CDATA[<1>]]></e:To></a:Add>';
  t.deepEqual(fromXml(xml), element(AirSync.Add, [element(Email.To, '<1>')]));
});

test('keeps the blanks, the ends of line and the markup of a text', (t) => {
  const text = ' <a href="x">&amp;</a> ]]> \r\n\t\r \u0085\u2028 ';
  t.is(fromXml(toXml(element(Email.Subject, text))).content, text);
});

test('shows characters that XML cannot hold as U+FFFD', (t) => {
  t.is(fromXml(toXml(element(Email.Subject, 'a\0b\uD800c\uFFFF'))).content, 'a\uFFFDb\uFFFDc\uFFFD');
});

test('marks opaque content and reads it back', (t) => {
  const mail = element(ComposeMail.Mime, Uint8Array.of(0, 255, 10));
  const xml = '<?xml version="1.0" encoding="UTF-8"?>\n<Mime xmlns="ComposeMail" opaque="base64">AP8K</Mime>\n';
  t.is(toXml(mail), xml);
  t.deepEqual(fromXml(xml), mail);
});
