// One line of a list of results: who, what, when, and the first words.
// MS-ASCMD 2.2.3.139.1 Properties (Find)

import { mailViewOf, type Surroundings } from '../../../mail/text-mail.js';
import type { ItemClass } from '../../../store/states.js';
import type { Item, User } from '../../../store/tables.js';
import { Email } from '../../../wbxml/airsync/email.js';
import { Email2 } from '../../../wbxml/airsync/email2.js';
import { Find } from '../../../wbxml/airsync/find.js';
import { type Element, element } from '../../../wbxml/element.js';
import { writeDate } from '../../item-classes/date.js';
import { displayNames } from '../../item-classes/display-names.js';

/** MS-ASCMD 2.2.3.137 Preview: as many characters at most. */
const previewCharacters = 255;

export interface ListingWish {
  as: ItemClass;
  owner: User;
  surroundings: Surroundings;
}

export function writeListing(item: Item, { as, owner, surroundings }: ListingWish): Element[] {
  const { properties } = item;
  const view = mailViewOf(item, owner, surroundings);
  const listing = [
    element(Email.Subject, view.subject),
    element(Email.DateReceived, writeDate(item.date)),
    element(Email.DisplayTo, displayNames(view.to)),
    view.cc === undefined ? undefined : element(Find.DisplayCc, displayNames(view.cc)),
    properties.bcc === undefined ? undefined : element(Find.DisplayBcc, displayNames(properties.bcc)),
    element(Email.Importance, String(item.importance)),
    element(Email.Read, item.read ? '1' : '0'),
    element(Email2.IsDraft, properties.isDraft ? '1' : '0'),
    element(Find.Preview, previewOf(item.text)),
    element(Find.HasAttachments, properties.hasAttachments ? '1' : '0'),
    element(Email.From, as === 'SMS' ? item.from : view.from),
  ];
  return listing.filter((each) => each !== undefined);
}

function previewOf(text: string): string {
  const words = text
    .slice(0, previewCharacters * 4)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return [...words].slice(0, previewCharacters).join('');
}
