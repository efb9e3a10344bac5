// The members of a mailing list, and the numbers that a notification goes to: each at whose expense its own address says,
// else at that of whoever wrote. See docs/decisions/0132.

import { readTextRecipient } from '../mail/address.js';
import { fillExtension, isForExtension } from '../mail/extension.js';
import type { Addressed } from '../message/addressed.js';
import type { Destination } from '../message/arrival.js';
import { checkNumber, findRecipient } from '../message/mail-recipients.js';
import type { Conversation } from './conversation.js';
import { SmtpError } from './errors.js';
import { orderText } from './order-text.js';
import { refusalOf } from './replies.js';
import type { SmtpServices } from './services.js';

/** Members that cannot be reached are left out and logged. Throws what the last was refused for, where none can. */
export async function expand(
  services: SmtpServices,
  conversation: Conversation,
  { distribution, extension }: Addressed,
): Promise<readonly Destination[]> {
  // What members pay for themselves is no reason to let anybody write to them.
  if (!conversation.sender && !conversation.isTrusted) throw new SmtpError('AUTHENTICATION_REQUIRED');
  const found: Destination[] = [];
  let failure: unknown = new SmtpError('RELAY_DENIED');
  for (const [n, target] of distribution.targets.entries()) {
    try {
      found.push(await reach(services, conversation, { target, template: distribution.template, extension }));
    } catch (error) {
      failure = error;
      services.log.warn(
        { session: conversation.id, member: n + 1, code: refusalOf(error).code },
        'a member was left out',
      );
    }
  }
  if (found.length === 0) throw failure;
  return found;
}

async function reach(
  services: SmtpServices,
  conversation: Conversation,
  { target, template, extension = '' }: { target: string; template: string | null; extension: string | undefined },
): Promise<Destination> {
  const text = isForExtension(target) ? fillExtension(target, extension) : readTextRecipient(target);
  if (text) {
    const mode = { isMember: true, template: template ?? undefined };
    return orderText(services, conversation, { recipient: checkNumber(text), ...mode });
  }
  const { smsDomains } = services.store.settings.current.mail;
  const found = await services.store.read((session) => findRecipient(session, target, smsDomains));
  if ('userId' in found) return { kind: 'user', userId: found.userId };
  if ('other' in found && services.hasRelay) return { kind: 'other', address: found.other };
  throw new SmtpError('RELAY_DENIED');
}
