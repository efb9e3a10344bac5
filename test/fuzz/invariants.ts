// What always holds of a store, whatever anybody sends. Each check gives a sentence for each row that breaks it.

import type { Database } from 'better-sqlite3';
import type { Store } from '../../src/store/open.js';

/** Rows that break the rule, as `what` describes them. */
interface Invariant {
  holds: string;
  /** SQL whose rows are the breaches. */
  breaches: string;
}

const invariants: readonly Invariant[] = [
  {
    holds: 'an item lies in a folder of its user that is not deleted',
    breaches: `select items.id, items.folder_id from items left join folders on folders.id = items.folder_id
      where folders.id is null or folders.user_id <> items.user_id or folders.deleted`,
  },
  {
    holds: 'an item entered before it changed, and neither after the last change of the mailbox',
    breaches: `select items.id, items.sequence, items.entered_sequence, mailboxes.sequence as newest
      from items join mailboxes on mailboxes.user_id = items.user_id
      where items.entered_sequence > items.sequence or items.sequence > mailboxes.sequence`,
  },
  {
    holds: 'no two changes of a mailbox have one number',
    breaches: `select user_id, sequence, count(*) from (
        select user_id, sequence from items
        union all select folders.user_id, tombstones.sequence from tombstones join folders on folders.id = tombstones.folder_id
      ) group by user_id, sequence having count(*) > 1`,
  },
  {
    holds: "a folder's item sequence is the last change in it, and not after the mailbox's",
    breaches: `select folders.id, item_sequence, mailboxes.sequence as newest from folders join mailboxes using (user_id)
      where item_sequence > mailboxes.sequence
        or item_sequence < (select coalesce(max(sequence), 0) from items where folder_id = folders.id)
        or item_sequence < (select coalesce(max(sequence), 0) from tombstones where folder_id = folders.id)`,
  },
  {
    holds: 'the hierarchy sequence is the last change of a folder',
    breaches: `select mailboxes.user_id, hierarchy_sequence, sequence from mailboxes
      where hierarchy_sequence > sequence
        or hierarchy_sequence < (select max(sequence) from folders where folders.user_id = mailboxes.user_id)`,
  },
  {
    holds: 'a folder lies in a folder of the same user that is not deleted, and not within itself',
    breaches: `select folders.id, folders.parent_id from folders left join folders as parent on parent.id = folders.parent_id
      where folders.parent_id is not null and folders.parent_id <> 0 and not folders.deleted
        and (parent.id is null or parent.user_id <> folders.user_id or parent.deleted or parent.id = folders.id)`,
  },
  {
    holds: 'an item that came back to a folder entered it after it had left',
    breaches: `select items.id, tombstones.sequence from items join tombstones
      on tombstones.item_id = items.id and tombstones.folder_id = items.folder_id
      where tombstones.sequence >= items.entered_sequence`,
  },
  {
    holds: 'a text is one item, offered to at most one device, which is of the same user',
    breaches: `select items.message_id, count(*) from items where message_id is not null group by message_id having count(*) > 1
      union all select items.id, items.offered_to from items left join devices on devices.id = items.offered_to
      where items.offered_to is not null and (devices.id is null or devices.user_id <> items.user_id)`,
  },
  {
    holds: 'what is offered is a text in an Outbox',
    breaches: `select items.id, folders.type from items join folders on folders.id = items.folder_id
      where items.offered_to is not null and (folders.type <> 6 or items.class <> 'SMS')`,
  },
  {
    holds: 'a device syncs folders of its user',
    breaches: `select collections.device_id, collections.folder_id from collections
      join devices on devices.id = collections.device_id left join folders on folders.id = collections.folder_id
      where folders.id is null or folders.user_id <> devices.user_id`,
  },
  {
    holds: 'no device has read on further than the mailbox reaches',
    breaches: `select collections.device_id, collections.folder_id, marks from collections
      join devices on devices.id = collections.device_id join mailboxes on mailboxes.user_id = devices.user_id
      join folders on folders.id = collections.folder_id
      where settled_sequence > folders.item_sequence or exists (
        select 1 from json_each(marks) as mark where mark.key in ('Email', 'SMS') and (
          json_extract(mark.value, '$.entered') > mailboxes.sequence
          or json_extract(mark.value, '$.changed') > mailboxes.sequence
          or json_extract(mark.value, '$.started') > mailboxes.sequence))`,
  },
  {
    holds: 'a collection counts its keys from 1, and each answer that is kept belongs to a key',
    breaches: `select device_id, folder_id, sync_key from collections where sync_key < 1 or (answer is not null and sync_key < 2)`,
  },
  {
    holds: 'an item knows whether it has contents and attachments',
    breaches: `select attachments.id from attachments left join items on items.id = attachments.item_id where items.id is null
      union all select item_contents.item_id from item_contents left join items on items.id = item_contents.item_id
      where items.id is null`,
  },
];

/** Sentences; none where everything holds. */
export function checkStore(store: Store): string[] {
  const database = (store.db as unknown as { $client: Database }).$client;
  const broken = invariants.flatMap(({ holds, breaches }) => {
    const rows = database.prepare(breaches).all();
    return rows.length === 0 ? [] : [`${holds}: not so of ${rows.length}, ${JSON.stringify(rows.slice(0, 3))}`];
  });
  const foreign = database.pragma('foreign_key_check') as unknown[];
  const integrity = database.pragma('integrity_check', { simple: true });
  return [
    ...broken,
    ...(foreign.length > 0 ? [`foreign keys lead nowhere: ${JSON.stringify(foreign.slice(0, 3))}`] : []),
    ...(integrity === 'ok' ? [] : [`the database is damaged: ${String(integrity)}`]),
  ];
}
