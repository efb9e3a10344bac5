// What is done with a request to `/sms/` beside the store: its sender is found, its texts are on disk, and it is told so.

import { termsOf } from '../accounts/sending.js';
import { submit } from '../message/submit.js';
import { noteRefusal } from './refuse.js';
import type { HttpServices } from './services.js';
import { findSender } from './sms-sender.js';
import type { SmsOutcome, SmsWish } from './sms.js';

/** Resolves when the texts are on disk, or with what the peer is told instead. */
export async function acceptTexts(services: HttpServices, wish: SmsWish): Promise<SmsOutcome> {
  const { submission, claim } = wish;
  try {
    services.credentials.rates.countAddress(claim.address);
    const sender = await findSender(services, claim);
    const terms = termsOf(services.store, sender, services.now());
    submission.user = sender.user;
    submission.terms = terms instanceof Promise ? await terms : terms;
    services.credentials.rates.countSender(submission.terms);
    const accepted = await submit(services, submission);
    const { ids, reusedMsgids } = accepted;
    if (reusedMsgids !== undefined)
      services.log.warn({ messages: ids, reusedMsgids }, 'a msgid stands for more than one message');
    return accepted;
  } catch (error) {
    const { answer, step } = noteRefusal(error, wish, services.log);
    return { answer, step };
  }
}
