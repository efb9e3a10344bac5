// What Autodiscover answers: where the server is, or why it does not say.
// MS-ASCMD 2.2.3.153.1 Response (Autodiscover), 2.2.3.64 ErrorCode

import { type Document, DOMImplementation, type Element, XMLSerializer } from '@xmldom/xmldom';

export const mobileSyncSchema = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006';
const frameSchema = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006';

// MS-ASCMD 2.2.3.64 ErrorCode
export const AutodiscoverErrorCode = {
  InvalidRequest: 600,
  NoProvider: 601, // for the AcceptableResponseSchema
} as const;

// MS-ASCMD 2.2.3.177.1 Status (Autodiscover)
export const AutodiscoverStatus = {
  ProtocolError: 2,
} as const;

export interface Settings {
  address: string;
  displayName: string | undefined;
  url: string;
}

/** MS-ASCMD 2.2.3.168 Server: for MobileSync the Name is the Url. */
export function writeSettings({ address, displayName, url }: Settings): string {
  const name = displayName === undefined ? [] : [part('DisplayName', displayName)];
  const server = [part('Type', 'MobileSync'), part('Url', url), part('Name', url)];
  return writeResponse(mobileSyncSchema, [
    part('Culture', 'en:us'),
    part('User', [...name, part('EMailAddress', address)]),
    part('Action', [part('Settings', [part('Server', server)])]),
  ]);
}

/** That nothing is told of an address. */
export function writeRefusal(address: string): string {
  const error = [
    part('Status', String(AutodiscoverStatus.ProtocolError)),
    part('Message', 'The address is not one of the user who asks.'),
    part('DebugData', 'MailUser'),
  ];
  return writeResponse(mobileSyncSchema, [
    part('Culture', 'en:us'),
    part('User', [part('EMailAddress', address)]),
    part('Action', [part('Error', error)]),
  ]);
}

export interface RequestError {
  code: number;
  message: string;
  now: number;
}

export function writeError({ code, message, now }: RequestError): string {
  const content = [part('ErrorCode', String(code)), part('Message', message), part('DebugData')];
  // The Id tells one machine of a farm from another; here is one.
  const attributes = { Time: new Date(now).toISOString().slice(11, 23), Id: '1' };
  return writeResponse(frameSchema, [{ name: 'Error', attributes, content }]);
}

interface Part {
  name: string;
  attributes?: Readonly<Record<string, string>>;
  content?: string | readonly Part[] | undefined;
}

function part(name: string, content?: string | readonly Part[]): Part {
  return { name, content };
}

function writeResponse(schema: string, content: readonly Part[]): string {
  const document = new DOMImplementation().createDocument(frameSchema, 'Autodiscover');
  document.documentElement!.appendChild(toDom(document, schema, { name: 'Response', content }));
  return `<?xml version="1.0" encoding="utf-8"?>\n${new XMLSerializer().serializeToString(document)}`;
}

function toDom(document: Document, schema: string, { name, attributes = {}, content = '' }: Part): Element {
  const made = document.createElementNS(schema, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  if (typeof content === 'string') made.appendChild(document.createTextNode(cleaned(content)));
  else for (const each of content) made.appendChild(toDom(document, schema, each));
  return made;
}

// The serializer writes what XML cannot hold as it is. XML 1.0 2.2 Characters
function cleaned(text: string): string {
  return text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu, '');
}
