// The languages that have tables of their own, and the elements of a header that call for them.
// TS 23.038 6.2.1.2.4 National Language Identifier
// TS 23.040 9.2.3.24.15 National Language Single Shift, 9.2.3.24.16 National Language Locking Shift

import { type HeaderElement, InformationElement } from '../user-data-header.js';

export const NationalLanguage = {
  Turkish: 1,
  Spanish: 2, // single shift table only
  Portuguese: 3,
  Bengali: 4,
  Gujarati: 5,
  Hindi: 6,
  Kannada: 7,
  Malayalam: 8,
  Oriya: 9,
  Punjabi: 10,
  Tamil: 11,
  Telugu: 12,
  Urdu: 13,
} as const;

export type NationalLanguage = (typeof NationalLanguage)[keyof typeof NationalLanguage];

/** Which tables the septets of a text are read by; the default ones where nothing is said. */
export interface NationalTables {
  /** In place of the GSM 7 bit default alphabet. */
  locking?: number | undefined;
  /** In place of its extension table. */
  single?: number | undefined;
}

/** What the header of a text says; of several elements the last one holds. Identifiers that no table has are kept. */
export function nationalTablesOf(header: readonly HeaderElement[]): NationalTables {
  return {
    locking: languageIn(header, InformationElement.NationalLanguageLockingShift),
    single: languageIn(header, InformationElement.NationalLanguageSingleShift),
  };
}

export function nationalElements({ locking, single }: NationalTables): HeaderElement[] {
  return [
    ...languageElement(InformationElement.NationalLanguageSingleShift, single),
    ...languageElement(InformationElement.NationalLanguageLockingShift, locking),
  ];
}

function languageIn(header: readonly HeaderElement[], identifier: number): number | undefined {
  return header.findLast((element) => element.identifier === identifier && element.data.length === 1)?.data[0];
}

function languageElement(identifier: number, language: number | undefined): HeaderElement[] {
  return language === undefined ? [] : [{ identifier, data: Uint8Array.of(language) }];
}
