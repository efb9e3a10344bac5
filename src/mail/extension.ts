// Addresses with an extension, `NAME:EXTENSION@domain`, and the member of a list that the extension is put into:
// `sms:%%extensionnosep%%?maxmsgs=7`. The document, *Sending SMS from Email Clients*.

import { readTextRecipient, type TextRecipient } from './address.js';

export interface Extended {
  /** Without the extension, in lower case. */
  address: string;
  extension: string;
}

const whole = /^(?:"((?:[^"\\]|\\[^])*)"|([^"@]+(?:@[^"@]+)*))@([^"@]+)$/;

/** `undefined` for an address without one. */
export function readExtension(address: string): Extended | undefined {
  const [, quoted, plain = '', domain = ''] = whole.exec(address.trim()) ?? [];
  const local = quoted === undefined ? plain : quoted.replace(/\\([^])/g, '$1');
  const colon = local.indexOf(':');
  if (colon <= 0 || colon === local.length - 1) return undefined;
  return { address: `${local.slice(0, colon)}@${domain}`.toLowerCase(), extension: local.slice(colon + 1) };
}

const variable = /^("?)(sms(?:to)?:)%%extensionnosep%%(?=$|[?@"])/i;

/** Whether the number is that of the extension. */
export function isForExtension(target: string): boolean {
  return variable.test(target);
}

/** `undefined` where what the target holds beside is no address of a number. What the target says itself counts before what the extension says. */
export function fillExtension(target: string, extension: string): TextRecipient | undefined {
  const given = readTextRecipient(target.replace(variable, '$1$20'));
  const asked = readTextRecipient(`sms:${extension}`);
  if (!given || !asked) return undefined;
  return { number: asked.number, parameters: new Map([...asked.parameters, ...given.parameters]) };
}
