// SendMail and SmartReply: in elements from 14.0 on, at 12.1 the mail as it is and the rest in the query.
// MS-ASCMD 2.2.1.17 SendMail; MS-ASCMD 2.2.1.20 SmartReply

import { ComposeMail } from '../wbxml/airsync/compose-mail.js';
import type { Element } from '../wbxml/element.js';
import { element, text } from '../wbxml/element.js';
import type { MailCommand } from './events.js';
import type { Settled } from './options.js';
import { request } from './request.js';
import type { Line, Request } from './request.js';
import { refusal, statusNumber } from './statuses.js';

export interface Letter {
  readonly command: MailCommand;
  /** Makes a repeated letter the same one. */
  readonly clientId: string;
  readonly mime: Uint8Array;
  /** The item that is answered. */
  readonly source?: { readonly collectionId: string; readonly itemId: string } | undefined;
}

/** Resolves when the server has taken it. @throws PhoneError */
export async function sendLetter(line: Line, letter: Letter, device: Pick<Settled, 'protocolVersion'>): Promise<void> {
  const { command } = letter;
  const answer = await request(line, device.protocolVersion === '12.1' ? bare(letter) : written(letter));
  // Taken is an answer without body.
  if (answer !== undefined) throw refusal(command, statusNumber(text(answer, ComposeMail.Status)));
}

function bare({ command, mime, source }: Letter): Request {
  return { command, mail: mime, parameters: { saveInSent: true, source }, root: ComposeMail[command] };
}

function written({ command, clientId, mime, source }: Letter): Request {
  const root = ComposeMail[command];
  const document = element(root, [
    element(ComposeMail.ClientId, clientId),
    source && writeSource(source),
    element(ComposeMail.SaveInSentItems),
    element(ComposeMail.Mime, mime),
  ]);
  return { command, document, root };
}

// MS-ASCMD 2.2.3.170 Source
function writeSource({ collectionId, itemId }: NonNullable<Letter['source']>): Element {
  return element(ComposeMail.Source, [
    element(ComposeMail.FolderId, collectionId),
    element(ComposeMail.ItemId, itemId),
  ]);
}
