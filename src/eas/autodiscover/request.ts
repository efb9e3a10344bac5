// An Autodiscover request: whose mailbox, and in what form the answer is wanted.
// MS-ASCMD 2.2.1.1 Autodiscover

import { DOMParser, type Document, type Element } from '@xmldom/xmldom';

export interface AutodiscoverRequest {
  /** Absent where the request does not say. */
  address: string | undefined;
  /** AcceptableResponseSchema. */
  schema: string | undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** `undefined` where the octets are no XML that is read here: a plain doctype is skipped, one that declares is refused. */
export function readAutodiscover(octets: Uint8Array): AutodiscoverRequest | undefined {
  const document = parse(octets);
  const root = document?.documentElement;
  if (!root || document.doctype?.internalSubset) return undefined;
  // Clients differ in the namespace, and in where they write it.
  const request = root.localName === 'Autodiscover' ? childOf(root, 'Request') : undefined;
  return {
    address: request && textIn(request, 'EMailAddress'),
    schema: request && textIn(request, 'AcceptableResponseSchema'),
  };
}

function parse(octets: Uint8Array): Document | undefined {
  const onError = () => {
    throw new SyntaxError('not well-formed');
  };
  try {
    return new DOMParser({ onError }).parseFromString(utf8.decode(octets), 'text/xml');
  } catch {
    return undefined;
  }
}

function childOf(parent: Element, name: string): Element | undefined {
  for (const node of parent.childNodes)
    if (node.nodeType === node.ELEMENT_NODE && (node as Element).localName === name) return node as Element;
  return undefined;
}

function textIn(parent: Element, name: string): string | undefined {
  const value = childOf(parent, name)?.textContent?.trim();
  return value === '' ? undefined : value;
}
