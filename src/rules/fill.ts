// Fills values in, each escaped for where it stands: what a message holds becomes data there, never structure.

import type { Template } from './template.js';
import { valueOf, type FillContext, type VariableName } from './variables.js';

export interface Filling extends FillContext {
  /** What a pattern found. */
  readonly groups?: readonly (string | undefined)[] | undefined;
}

export type Place = keyof typeof escapes;

const escapes = {
  /** Of a message or mail. */
  text: (value) => value.replaceAll(controls, ''),
  /** One line: a line end would begin another header. */
  header: oneLine,
  /** To of an outgoing message: the marks that divide it are written as %40 and so on. */
  destination: (value, name) =>
    isAddress(name) ? oneLine(value) : oneLine(value).replaceAll(/[%@&?=]/g, encodeURIComponent),
  /** One mail address of several: what would make two of it, or a comment, is left out. */
  address: (value) => oneLine(value).replaceAll(/[\s,;:<>()[\]"\\]/g, ''),
  /** An `sms:` address, with parameters behind it. */
  uri: (value) =>
    encodeURIComponent(wellFormed(oneLine(value)))
      .replaceAll('%2B', '+')
      .replaceAll('%40', '@'),
  url: (value) => encodeURIComponent(wellFormed(value)).replaceAll(/[!'()*]/g, percentEncoded),
  /** Of a program, or bound to an SQL statement: no shell and no parser reads it, but no zero passes through. */
  parameter: (value) => value.replaceAll('\0', ''),
  /** One folder: a slash would make two of it. */
  folder: (value) => oneLine(value).replaceAll(/[/\\]/g, '_'),
} satisfies Record<string, (value: string, name: VariableName | undefined) => string>;

// Everything but tab and line feed.
const controls = /[\u0000-\u0008\u000B-\u001F\u007F]/g;

function oneLine(value: string): string {
  return value.replaceAll(/[\u0000-\u001F\u007F\u2028\u2029]+/g, ' ');
}

// Half a surrogate pair has no octets.
function wellFormed(value: string): string {
  return value.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
}

function isAddress(name: VariableName | undefined): boolean {
  return name === undefined || name === 'to' || name === 'to_alias' || name === 'number';
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

export function fill(template: Template, place: Place, filling: Filling): string {
  return template
    .map((piece) => {
      switch (piece.kind) {
        case 'literal':
          return piece.text;
        case 'variable':
          return escapes[place](valueOf(piece.name, filling), piece.name);
        case 'group':
          return escapes[place](filling.groups?.[piece.number - 1] ?? '', undefined);
      }
    })
    .join('');
}
