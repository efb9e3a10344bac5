// The sent-messages list: which numbers somebody wrote to, so that an answer finds its way back while the link lasts.
// A text that a bearer has may be answered before the bearer has said so.

import { and, desc, eq, gt, lte, sql } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import type { Message, ReplyLink } from './tables.js';
import { run, type Steps } from './transaction.js';

const upsertLink = prepared((db, { replyLinks }) => {
  const renewed = {
    mailId: sql.placeholder('mailId'),
    sentAt: sql.placeholder('sentAt'),
    expiresAt: sql.placeholder('expiresAt'),
  };
  return db
    .insert(replyLinks)
    .values({ number: sql.placeholder('number'), target: sql.placeholder('target'), ...renewed })
    .onConflictDoUpdate({
      target: [replyLinks.number, replyLinks.target],
      set: {
        mailId: sql`excluded.mail_id`,
        sentAt: sql`excluded.sent_at`,
        expiresAt: sql`excluded.expires_at`,
        conflicts: 0,
      },
    });
});

/** A link that is there already begins anew. */
export function* keepLink(tx: Transaction, link: Omit<ReplyLink, 'conflicts'>): Steps<void> {
  yield* run(upsertLink(tx, { ...link }));
}

const linksOf = prepared((db, { replyLinks }) =>
  db
    .select()
    .from(replyLinks)
    .where(
      and(eq(replyLinks.number, sql.placeholder('number')), gt(replyLinks.expiresAt, sql`${sql.placeholder('at')}`)),
    ),
);

/** Those that have not expired at that instant, the newest first. */
export function* getLinks(session: Session, number: string, at: number): Steps<ReplyLink[]> {
  const links = yield* run(linksOf(session, { number, at }));
  return links.sort((a, b) => b.sentAt - a.sentAt);
}

const begun = prepared((db, { messages }) =>
  db
    .select({ recipient: messages.recipient, userId: messages.userId, properties: messages.properties })
    .from(messages)
    .where(eq(messages.state, 'sending'))
    .orderBy(desc(messages.id))
    .limit(sql.placeholder('limit')),
);

/** Texts that may have left and are not known to, the newest first. */
export function* getBegun(
  session: Session,
  limit: number,
): Steps<Pick<Message, 'recipient' | 'userId' | 'properties'>[]> {
  return yield* run(begun(session, { limit }));
}

/** The other side was told once more that several may be meant. */
export function* countConflict(tx: Transaction, number: string): Steps<void> {
  const { replyLinks } = tx.tables;
  yield* run(
    tx.db
      .update(replyLinks)
      .set({ conflicts: sql`${replyLinks.conflicts} + 1` })
      .where(eq(replyLinks.number, number)),
  );
}

export function* forgetLinks(tx: Transaction, before: number): Steps<void> {
  const { replyLinks } = tx.tables;
  yield* run(tx.db.delete(replyLinks).where(lte(replyLinks.expiresAt, before)));
}
