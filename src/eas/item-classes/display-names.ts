// Recipients as a list of mails shows them: names, and addresses of those who have none, separated by semicolons.
// MS-ASEMAIL 2.2.2.29 DisplayTo

import { readAddresses } from '../../mail/address.js';

/** Characters of the value, and of the list that is read for it. */
const mostCharacters = 1024;
const charactersRead = 2 * mostCharacters;

export function displayNames(addresses: string): string {
  return readAddresses(addresses.slice(0, charactersRead))
    .map(({ name, address }) => name ?? address)
    .join('; ')
    .slice(0, mostCharacters);
}
