// What SmartReply and SmartForward share: the item that is answered or forwarded joins the mail and remembers it.

import { composeMail } from '../../mail/compose.js';
import type { MailAttachment, ParsedMail } from '../../mail/parse.js';
import { mailViewOf } from '../../mail/text-mail.js';
import { type Original, withOriginal } from '../../mail/with-original.js';
import { wasAccepted } from '../../message/mail.js';
import { wordsOf } from '../../message/mail-words.js';
import { getAttachment, getContent, listAttachments } from '../../store/contents.js';
import { changeItem, getItem } from '../../store/items.js';
import type { Session, Transaction } from '../../store/session.js';
import type { Item } from '../../store/tables.js';
import type { Steps } from '../../store/transaction.js';
import { StatusError } from '../errors.js';
import type { Exchange } from '../exchange.js';
import { CommonStatus } from '../statuses.js';
import { findItem, findItemAnywhere, type VisibleItem } from '../visible-item.js';
import { type ComposeRequest, readComposeRequest, type SourceName } from './compose-request.js';
import { parseComposed, submitComposed } from './compose-submission.js';

type Viewer = Pick<Exchange, 'user' | 'device' | 'version'>;
type AnswerCommand = 'SmartReply' | 'SmartForward';

/** Throws StatusError. */
export async function answerOriginal(exchange: Exchange, command: AnswerCommand): Promise<void> {
  const asked = readComposeRequest(exchange, command);
  const item = await findSource(exchange, asked);
  if (!item) return;
  const mail = await parseComposed(asked.mime);
  await submitComposed(exchange, {
    octets: await octetsOf(exchange, { asked, command, item, mail }),
    saveInSent: asked.saveInSent,
    // To a number goes what is new; of a text that is passed on without a word, the text.
    words:
      wordsOf(mail, exchange.services.store.settings.current.mail) || (command === 'SmartForward' ? item.text : ''),
    request: asked.request,
    alongside: (tx) => noteVerb(tx, item, { verb: verbOf(command, mail), now: exchange.now }),
  });
}

/** `undefined` where the mail has left already, and the source went after it. */
async function findSource({ services, ...viewer }: Exchange, asked: ComposeRequest): Promise<Item | undefined> {
  const { source, request } = asked;
  const found = source && (await services.store.read((session) => lookUp(session, viewer, source)));
  if (found) return found.item;
  if (await services.store.read((session) => wasAccepted(session, request))) return undefined;
  throw new StatusError(CommonStatus.ItemNotFound, 'the source is not there');
}

function lookUp(session: Session, exchange: Viewer, source: SourceName): Steps<VisibleItem | undefined> {
  if ('longId' in source) return findItemAnywhere(session, exchange, source.longId);
  return findItem(session, exchange, source.itemId);
}

interface Answering {
  asked: ComposeRequest;
  command: AnswerCommand;
  item: Item;
  mail: ParsedMail;
}

// MS-ASCMD 2.2.3.149 ReplaceMime. What is signed or encrypted cannot be added to.
async function octetsOf(exchange: Exchange, { asked, command, item, mail }: Answering): Promise<Uint8Array> {
  const { mime, replaceMime, forwardees } = asked;
  if (mail.isSecured || (replaceMime && forwardees.length === 0)) return mime;
  const isReply = command === 'SmartReply';
  const { services, user, now } = exchange;
  const kind = { isReply, asHtml: mail.html !== undefined };
  const original = replaceMime ? undefined : await readOriginal(exchange, item, kind);
  const messageId = `<${services.newId()}@${user.domain}>`;
  return composeMail(withOriginal(mail, { original, isReply, alsoTo: forwardees, messageId, date: now }));
}

interface AnswerKind {
  isReply: boolean;
  asHtml: boolean;
}

async function readOriginal({ services, user }: Exchange, item: Item, kind: AnswerKind): Promise<Original> {
  const view = mailViewOf(item, user);
  const { date, text } = item;
  const html = await services.store.read((session) => getContent(session, item.id)).then((content) => content?.html);
  const attachments = await services.store.read((session) => attachmentsOf(session, item, kind));
  return { view, date, text, html, attachments };
}

// An answer takes along the pictures that the page it quotes shows.
function* attachmentsOf(session: Session, item: Item, { isReply, asHtml }: AnswerKind): Steps<MailAttachment[]> {
  const heads = yield* listAttachments(session, item.id);
  const wanted = isReply ? heads.filter(({ isInline }) => isInline && asHtml) : heads;
  const attachments: MailAttachment[] = [];
  for (const { id, contentId, ...head } of wanted) {
    const found = yield* getAttachment(session, id);
    if (found) attachments.push({ ...head, contentId: contentId ?? undefined, octets: found.octets });
  }
  return attachments;
}

// MS-ASEMAIL 2.2.2.43 LastVerbExecuted
const Verb = { ReplyToSender: 1, ReplyToAll: 2, Forward: 3 } as const;

function verbOf(command: AnswerCommand, { to, cc }: ParsedMail): number {
  if (command === 'SmartForward') return Verb.Forward;
  return to.length + cc.length > 1 ? Verb.ReplyToAll : Verb.ReplyToSender;
}

function* noteVerb(tx: Transaction, source: Item, { verb, now }: { verb: number; now: number }): Steps<void> {
  // As it is in this commit: it may have been changed or moved since.
  const item = yield* getItem(tx, source.folderId, source.id);
  if (!item) return;
  yield* changeItem(tx, item, { properties: { ...item.properties, lastVerb: verb, lastVerbAt: now } });
}
