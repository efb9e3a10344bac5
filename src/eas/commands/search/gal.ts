// The users of the caller's own domain as the global address list shows them: what this server knows and nothing else.
// MS-ASCMD 2.2.3.139.3 Properties (Search), MS-ASCMD 2.2.3.139.1 Properties (Find)

import { type Found, type ResultPage, searchUsers } from '../../../store/search.js';
import type { User } from '../../../store/tables.js';
import { GAL } from '../../../wbxml/airsync/gal.js';
import { type Element, element } from '../../../wbxml/element.js';
import type { Exchange } from '../../exchange.js';
import { limits } from '../../limits.js';
import { CommonStatus } from '../../statuses.js';

/** `undefined` where there is nothing to look for, or too much. */
export async function searchAddressList(
  { services, user }: Exchange,
  text: string,
  page: ResultPage,
): Promise<Found<User> | undefined> {
  if (text.trim() === '' || text.length > limits.searchCharacters) return undefined;
  return searchUsers(services.store, { domain: user.domain, text }, page);
}

/** `isPictured`: the device asked for pictures, of which there are none. */
export function writeUser(user: User, { isPictured }: { isPictured: boolean }): Element[] {
  const { address, displayName, phoneNumber } = user;
  const properties = [
    element(GAL.DisplayName, displayName ?? address),
    phoneNumber === null ? undefined : element(GAL.Phone, phoneNumber),
    element(GAL.Alias, address.slice(0, address.lastIndexOf('@'))),
    phoneNumber === null ? undefined : element(GAL.MobilePhone, phoneNumber),
    element(GAL.EmailAddress, address),
    isPictured ? element(GAL.Picture, [element(GAL.Status, String(CommonStatus.NoPicture))]) : undefined,
  ];
  return properties.filter((each) => each !== undefined);
}
