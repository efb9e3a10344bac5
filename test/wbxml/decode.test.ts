// Documents written by hand, one token per line, and the limits that no file can show.

import test from 'ava';
import { AirSync, AirSyncLegacy } from '../../src/wbxml/airsync/air-sync.js';
import { AirSyncBase } from '../../src/wbxml/airsync/air-sync-base.js';
import { ComposeMail } from '../../src/wbxml/airsync/compose-mail.js';
import { Email } from '../../src/wbxml/airsync/email.js';
import { Ping } from '../../src/wbxml/airsync/ping.js';
import { decode } from '../../src/wbxml/decode.js';
import { decodeDescribed } from '../../src/wbxml/described.js';
import { documentType } from '../../src/wbxml/document-type.js';
import { element, type Element } from '../../src/wbxml/element.js';
import { WbxmlError } from '../../src/wbxml/errors.js';
import { limits } from '../../src/wbxml/limits.js';

const plainHeader = '03 01 6a 00';

// Octets with their meaning behind a semicolon.
function octetsOf(lines: string): Uint8Array {
  const digits = lines.replaceAll(/;.*$/gm, '').replaceAll(/\s/g, '');
  return new Uint8Array(Buffer.from(digits, 'hex'));
}

function repeated(octets: string, times: number): Uint8Array {
  const one = Buffer.from(octets.replaceAll(/\s/g, ''), 'hex');
  return Buffer.concat(Array.from({ length: times }, () => one));
}

function document(...body: (Uint8Array | string)[]): Uint8Array {
  const parts = [plainHeader, ...body].map((part) => (typeof part === 'string' ? octetsOf(part) : part));
  return new Uint8Array(Buffer.concat(parts));
}

for (const decoder of [decode, decodeDescribed]) {
  const refuses = (title: string, octets: () => Uint8Array, expected: { code: string; offset: number }) =>
    test(`${decoder.name} refuses ${title}`, (t) => {
      const error = t.throws(() => decoder(octets()), { instanceOf: WbxmlError, code: expected.code });
      t.is(error?.offset, expected.offset);
    });

  const reads = (title: string, lines: string, expected: Element) =>
    test(`${decoder.name} reads ${title}`, (t) => {
      t.deepEqual(decoder(octetsOf(lines)), expected);
    });

  if (decoder === decode) {
    refuses('more elements than the limit', () => document('45', repeated('05', limits.nodes)), {
      code: 'TOO_MANY_NODES',
      offset: 5 + limits.nodes - 1,
    });
    refuses('a document longer than the limit', () => new Uint8Array(limits.documentOctets + 1), {
      code: 'DOCUMENT_TOO_LONG',
      offset: limits.documentOctets,
    });
  }

  refuses('a text longer than the limit', () => document('45 03', repeated('41', limits.textOctets + 1), '00 01'), {
    code: 'TEXT_TOO_LONG',
    offset: 6,
  });
  refuses(
    'pieces of text that are longer than the limit together',
    () => document('45 03', repeated('41', limits.textOctets), '00 03 41 00 01'),
    { code: 'TEXT_TOO_LONG', offset: 6 + limits.textOctets + 1 },
  );
  refuses(
    'a string of the table that is repeated beyond the limit',
    () => {
      const half = limits.referencedOctets / 2; // and its NUL: 80001 in hexadecimal, a0 80 01 as mb_u_int32
      return new Uint8Array(
        Buffer.concat([
          octetsOf('03 01 6a a0 80 01'),
          repeated('41', half),
          octetsOf('00 45 4b 83 00 01 4b 83 00 01 4b 83 00 01 01'),
        ]),
      );
    },
    { code: 'TEXT_TOO_LONG', offset: 6 + limits.referencedOctets / 2 + 1 + 1 + 9 },
  );

  reads(
    'a Ping on its own code page',
    `
    03 01 6a 00          ; WBXML 1.3, public id unknown, UTF-8, no string table
    00 0d                ; SWITCH_PAGE 13 Ping
    45                   ; <Ping>
      48 03 36 30 00 01  ;   <HeartbeatInterval> STR_I "60" END
      49                 ;   <Folders>
        4a               ;     <Folder>
          4b 03 35 00 01 ;       <Id> STR_I "5" END
          4c 03 53 4d 53 00 01 ; <Class> STR_I "SMS" END
        01               ;     END
      01                 ;   END
    01                   ; END
    `,
    element(Ping.Ping, [
      element(Ping.HeartbeatInterval, '60'),
      element(Ping.Folders, [element(Ping.Folder, [element(Ping.Id, '5'), element(Ping.Class, 'SMS')])]),
    ]),
  );

  reads(
    'texts of two code pages, one of them in UTF-8',
    `
    03 01 6a 00
    5d                        ; <ApplicationData>
      00 02                   ;   SWITCH_PAGE 2 Email
      56 03 22 22 00 01       ;   <To> STR_I '""' END
      00 11                   ;   SWITCH_PAGE 17 AirSyncBase
      4a                      ;   <Body>
        4b 03 68 c3 a9 f0 9f 91 8b 00 01 ; <Data> STR_I "hé👋" END
      01                      ;   END
    01                        ; END
    `,
    element(AirSync.ApplicationData, [
      element(Email.To, '""'),
      element(AirSyncBase.Body, [element(AirSyncBase.Data, 'hé👋')]),
    ]),
  );

  reads(
    'the empty forms of an element alike',
    `
    03 01 6a 00
    45              ; <Sync>
      13            ;   <GetChanges/>
      53 01         ;   <GetChanges> END
      53 03 00 01   ;   <GetChanges> STR_I "" END
      53 c3 00 01   ;   <GetChanges> OPAQUE of no octets END
      53 03 00 03 00 01 ; <GetChanges> STR_I "" STR_I "" END
    01              ; END
    `,
    element(
      AirSync.Sync,
      Array.from({ length: 5 }, () => element(AirSync.GetChanges)),
    ),
  );

  reads(
    'several STR_I in a row as one text, and an empty one beside an element as none',
    `
    03 01 6a 00
    45                             ; <Sync>
      03 00                        ;   STR_I ""
      4b 03 41 42 00 03 43 00 01   ;   <SyncKey> STR_I "AB" STR_I "C" END
    01                             ; END
    `,
    element(AirSync.Sync, [element(AirSync.SyncKey, 'ABC')]),
  );

  reads(
    'redundant SWITCH_PAGE before END and before the same page',
    `
    03 01 6a 00
    00 00           ; SWITCH_PAGE 0 AirSync
    00 02           ; SWITCH_PAGE 2 Email
    00 00           ; SWITCH_PAGE 0 AirSync
    45              ; <Sync>
      00 02         ;   SWITCH_PAGE 2 Email
      00 00         ;   SWITCH_PAGE 0 AirSync
      0b            ;   <SyncKey/>
      00 11         ;   SWITCH_PAGE 17 AirSyncBase
    01              ; END
    `,
    element(AirSync.Sync, [element(AirSync.SyncKey)]),
  );

  reads(
    'opaque octets after their length',
    `
    03 01 6a 00
    00 15                  ; SWITCH_PAGE 21 ComposeMail
    45                     ; <SendMail>
      50 c3 03 00 01 ff 01 ;   <Mime> OPAQUE of 3 octets END
      50 c3 80 80 01 2a 01 ;   <Mime> OPAQUE, its length of 1 in three octets, END
    01                     ; END
    `,
    element(ComposeMail.SendMail, [
      element(ComposeMail.Mime, Uint8Array.of(0x00, 0x01, 0xff)),
      element(ComposeMail.Mime, Uint8Array.of(0x2a)),
    ]),
  );

  reads(
    'a public id and texts from the string table',
    `
    03 00 00 6a             ; WBXML 1.3, public id at 0 of the string table, UTF-8
    06 2d 2f 2f 00 c3 a9    ; string table of 6 octets: "-//" NUL "é", which no NUL ends
    45                      ; <Sync>
      4b 83 01 01           ;   <SyncKey> STR_T 1 "//" END
      4b 83 03 03 41 00 01  ;   <SyncKey> STR_T 3 "" STR_I "A" END
    01                      ; END
    `,
    element(AirSync.Sync, [element(AirSync.SyncKey, '//'), element(AirSync.SyncKey, 'A')]),
  );

  reads(
    'the tags of protocol 2.5',
    `
    03 01 6a 00
    45                 ; <Sync>
      51 03 31 00 01   ;   <Version> STR_I "1" END
      59 03 34 00 01   ;   <Truncation> STR_I "4" END
      1a               ;   <RTFTruncation/>
      5f               ;   <NotifyGUID>
        59 01          ;     <Truncation> END
      01               ;   END
    01                 ; END
    `,
    element(AirSync.Sync, [
      element(AirSyncLegacy.Version, '1'),
      element(AirSyncLegacy.Truncation, '4'),
      element(AirSyncLegacy.RTFTruncation),
      element(AirSyncLegacy.NotifyGUID, [element(AirSyncLegacy.Truncation)]),
    ]),
  );

  reads('a header of WBXML 1.1', '01 01 6a 00 05', element(AirSync.Sync));
  reads('U+FFFD where it was written', '03 01 6a 00 45 03 ef bf bd 00 01', element(AirSync.Sync, '\uFFFD'));
  reads('an empty root element', '03 01 6a 00 05', element(AirSync.Sync));

  test(`${decoder.name} reads a document type that it is given`, (t) => {
    const type = documentType([{ page: 0, namespace: 'Other', tags: { Only: 0x0005 } }]);
    t.deepEqual(decoder(octetsOf('03 01 6a 00 05'), type), { tag: 0x0005, content: undefined });
    t.throws(() => decoder(octetsOf('03 01 6a 00 06'), type), { instanceOf: WbxmlError, code: 'UNKNOWN_TOKEN' });
  });
}

test('reads octets that begin within a larger buffer', (t) => {
  const inside = Buffer.concat([Buffer.from('4142', 'hex'), octetsOf('03 01 6a 00 45 03 68 69 00 01')]).subarray(2);
  t.deepEqual(decode(inside), element(AirSync.Sync, 'hi'));
});

test('says page and token of the element whose text is broken, and nothing of the text', (t) => {
  const error = t.throws(() => decode(octetsOf('03 01 6a 00 5d 00 02 56 03 34 35 ff 00 01 01')), {
    instanceOf: WbxmlError,
  });
  t.is(error?.message, 'a text is not valid UTF-8 (offset 9, page 2, token 0x16)');
});
