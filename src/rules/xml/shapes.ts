// How actions stand in XML: which attributes and, in their order, which elements each has. schemas/rules.xsd says the same.

import type { ActionType } from '../rule.js';

export interface Shape {
  readonly attribute?: { readonly name: string; readonly values: readonly string[] };
  readonly elements: readonly ElementShape[];
}

export interface ElementShape {
  readonly name: string;
  /** A text, several texts, or a text or number. */
  readonly kind: 'text' | 'texts' | 'value';
  readonly isOptional?: boolean;
}

const none: Shape = { elements: [] };
const to: Shape = { elements: [{ name: 'to', kind: 'text' }] };

export const actionShapes: Readonly<Record<ActionType, Shape>> = {
  accept: none,
  delete: none,
  stop: none,
  reject: { elements: [{ name: 'reason', kind: 'text', isOptional: true }] },
  forward: to,
  copy: to,
  send: {
    elements: [
      { name: 'to', kind: 'text' },
      { name: 'text', kind: 'text' },
      { name: 'subject', kind: 'text', isOptional: true },
    ],
  },
  header: {
    attribute: { name: 'mode', values: ['edit', 'add', 'remove'] },
    elements: [
      { name: 'header', kind: 'text' },
      { name: 'value', kind: 'text', isOptional: true },
      { name: 'pattern', kind: 'text', isOptional: true },
    ],
  },
  priority: { elements: [{ name: 'value', kind: 'value' }] },
  gateway: { elements: [{ name: 'gateway', kind: 'text' }] },
  move: { elements: [{ name: 'folder', kind: 'text' }] },
  execute: {
    attribute: { name: 'kind', values: ['program', 'url'] },
    elements: [
      { name: 'target', kind: 'text' },
      { name: 'arguments', kind: 'texts', isOptional: true },
    ],
  },
  sql: {
    elements: [
      { name: 'connection', kind: 'text' },
      { name: 'statement', kind: 'text' },
      { name: 'parameters', kind: 'texts', isOptional: true },
    ],
  },
  webhook: { elements: [{ name: 'url', kind: 'text' }] },
};

export const rulesNamespace = 'urn:easms:rules:1';
