// What is done with a request to `/sms/` beside the store: its sender is found, its texts are on disk, and it is told so.

import { submit } from '../message/submit.js';
import { noteRefusal } from './refuse.js';
import type { HttpServices } from './services.js';
import { findSender } from './sms-sender.js';
import type { SmsOutcome, SmsWish } from './sms.js';

/** Resolves when the texts are on disk, or with what the peer is told instead. */
export async function acceptTexts(services: HttpServices, wish: SmsWish): Promise<SmsOutcome> {
  const { submission, claim } = wish;
  try {
    submission.user = await findSender(services, claim);
    const accepted = await submit(services, submission);
    const { ids, reusedMsgids } = accepted;
    if (reusedMsgids !== undefined)
      services.log.warn({ messages: ids, reusedMsgids }, 'a msgid stands for more than one message');
    return accepted;
  } catch (error) {
    return noteRefusal(error, wish, services.log).answer;
  }
}
