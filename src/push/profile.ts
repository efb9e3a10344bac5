// What a profile is: a kind of settings with its parameters, and the document they become.

import type { Element } from '../wbxml/element.js';
import type { Parameter, Values } from './parameters.js';

export const formats = ['oma', 'ota', 'si'] as const;
export type Format = (typeof formats)[number];

export interface Profile {
  readonly name: string;
  readonly format: Format;
  readonly title: string;
  /** Other names: those that the documents use. */
  readonly aliases?: readonly string[];
  readonly parameters: readonly Parameter[];
  /** @throws PushError BAD_FIELD */
  readonly write: (values: Values) => Element;
}
