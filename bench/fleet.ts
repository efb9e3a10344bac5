// Many users and many phones, set up as real ones set themselves up, and mailboxes full of texts.

import { Phone, receivedText, syncKeyIn } from './phone.js';
import type { EasmsUnderTest } from './easms-under-test.js';
import { HttpConnection, inParallel } from './http-connection.js';

// Each waits for commits most of the time, and those that arrive together share one.
const atATime = 64;
const textsPerUpload = 200;

export interface FleetWish {
  users: number;
  phonesPerUser: number;
}

/** Phones that have synced their Inbox and Outbox: user 0's first, those of user 1, and so on. */
export async function setUpFleet(easms: EasmsUnderTest, { users, phonesPerUser }: FleetWish): Promise<Phone[]> {
  const phonesOf = Array.from({ length: users }, (_, user) =>
    Array.from({ length: phonesPerUser }, (_, index) => new Phone(`user${user}@example.com`, `PHONE${index}`)),
  );
  await inParallel(phonesOf, { ...easms.process, connections: atATime }, async (connection, phones) => {
    await easms.putUser(phones[0]!.address);
    for (const phone of phones) {
      await phone.setUp(connection);
      for (const folder of ['Inbox', 'Outbox']) await phone.syncAll(connection, folder);
    }
  });
  return phonesOf.flat();
}

/** A new user whose Inbox holds so many texts. */
export async function fillInbox(
  easms: EasmsUnderTest,
  { address, texts }: { address: string; texts: number },
): Promise<void> {
  await easms.putUser(address);
  const connection = await HttpConnection.open(easms.process);
  const phone = new Phone(address, 'FILLER');
  await phone.setUp(connection);
  let syncKey = await phone.syncAll(connection, 'Inbox');
  for (let first = 0; first < texts; first += textsPerUpload) {
    const count = Math.min(textsPerUpload, texts - first);
    const commands = Array.from({ length: count }, (_, index) => receivedText(first + index));
    syncKey = syncKeyIn((await phone.post(connection, 'Sync', phone.sync('Inbox', syncKey, { commands })))!);
  }
  connection.close();
}

/** Phones of one user that know their folders and have synced none. */
export async function setUpPhones(
  easms: EasmsUnderTest,
  { address, count }: { address: string; count: number },
): Promise<Phone[]> {
  const phones = Array.from({ length: count }, (_, index) => new Phone(address, `PHONE${index}`));
  await inParallel(phones, { ...easms.process, connections: 4 }, (connection, phone) => phone.setUp(connection));
  return phones;
}
