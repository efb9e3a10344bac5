// A mailbox: one counter of changes, and the folders every mailbox has.

import { and, eq, gt, sql } from 'drizzle-orm';
import type { Session, Transaction } from './session.js';
import { prepared } from './statement.js';
import type { Folder, Mailbox } from './tables.js';
import { run, type Steps } from './transaction.js';

// MS-ASCMD 2.2.3.186.3 Type (FolderSync)
export const FolderType = {
  Generic: 1,
  Inbox: 2,
  Drafts: 3,
  DeletedItems: 4,
  SentItems: 5,
  Outbox: 6,
  UserMail: 12,
} as const;
export type FolderType = (typeof FolderType)[keyof typeof FolderType];

const defaultFolders = [
  { type: FolderType.Inbox, name: 'Inbox' },
  { type: FolderType.Drafts, name: 'Drafts' },
  { type: FolderType.DeletedItems, name: 'Deleted Items' },
  { type: FolderType.SentItems, name: 'Sent Items' },
  { type: FolderType.Outbox, name: 'Outbox' },
];

/** A new mailbox with its default folders; run in the transaction that makes the user. */
export function* createMailbox(tx: Transaction, userId: number): Steps<void> {
  yield* run(tx.db.insert(tx.tables.mailboxes).values({ userId }));
  for (const { type, name } of defaultFolders) {
    const sequence = yield* nextSequence(tx, userId);
    yield* run(tx.db.insert(tx.tables.folders).values({ userId, type, name, sequence, enteredSequence: sequence }));
  }
  yield* run(
    tx.db
      .update(tx.tables.mailboxes)
      .set({ hierarchySequence: defaultFolders.length })
      .where(eq(tx.tables.mailboxes.userId, userId)),
  );
}

const raiseSequence = prepared((db, { mailboxes }) =>
  db
    .update(mailboxes)
    .set({ sequence: sql`${mailboxes.sequence} + 1` })
    .where(eq(mailboxes.userId, sql.placeholder('userId')))
    .returning({ sequence: mailboxes.sequence }),
);

/** The number of the next change in this mailbox. */
export function* nextSequence(tx: Transaction, userId: number): Steps<number> {
  const [row] = yield* run(raiseSequence(tx, { userId }));
  if (!row) throw new RangeError(`no mailbox of user ${userId}`);
  return row.sequence;
}

const mailboxOf = prepared((db, { mailboxes }) =>
  db
    .select()
    .from(mailboxes)
    .where(eq(mailboxes.userId, sql.placeholder('userId'))),
);

export function* getMailbox(tx: Session, userId: number): Steps<Mailbox> {
  const [row] = yield* run(mailboxOf(tx, { userId }));
  if (!row) throw new RangeError(`no mailbox of user ${userId}`);
  return row;
}

const foldersOf = prepared((db, { folders }) =>
  db
    .select()
    .from(folders)
    .where(and(eq(folders.userId, sql.placeholder('userId')), eq(folders.deleted, false)))
    .orderBy(folders.id),
);

export async function listFolders(session: Session, userId: number): Promise<Folder[]> {
  return foldersOf(session, { userId });
}

export function* getFolders(tx: Session, userId: number): Steps<Folder[]> {
  return yield* run(foldersOf(tx, { userId }));
}

const folderById = prepared((db, { folders }) =>
  db
    .select()
    .from(folders)
    .where(and(eq(folders.id, sql.placeholder('id')), eq(folders.userId, sql.placeholder('userId')))),
);

/** A folder of this mailbox, deleted or not. */
export function* getFolder(tx: Session, userId: number, id: number): Steps<Folder | undefined> {
  const known = tx.recent.folder(id);
  if (known) return known.userId === userId ? known : undefined;
  const [folder] = yield* run(folderById(tx, { userId, id }));
  if (folder) tx.recent.keepFolder(folder);
  return folder;
}

/** One of the folders that exist once in every mailbox. */
export function* getFolderOfType(tx: Session, userId: number, type: FolderType): Steps<Folder> {
  const found = (yield* getFolders(tx, userId)).find((folder) => folder.type === type);
  if (!found) throw new RangeError(`no folder of type ${type} in the mailbox of user ${userId}`);
  return found;
}

/** Folders that changed after a sequence, deleted ones included, oldest change first. */
export function* getFoldersAfter(tx: Session, userId: number, after: number): Steps<Folder[]> {
  const { folders } = tx.tables;
  const changed = and(eq(folders.userId, userId), gt(folders.sequence, after));
  return yield* run(tx.db.select().from(folders).where(changed).orderBy(folders.sequence));
}
