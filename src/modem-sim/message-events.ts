// What a TPDU says, as an event.

import { TpduError } from '../sms/errors.js';
import { writtenAddress } from '../sms/tpdu/address.js';
import { decodeIncoming } from '../sms/tpdu/pdu.js';
import type { UserData } from '../sms/tpdu/user-data.js';
import { concatenationOf } from '../sms/user-data-header.js';
import type { Part, Place, SimEvent } from './events.js';
import type { SubmittedMessage } from './network.js';

export function arrivalEvent(tpdu: Uint8Array, where: Place): SimEvent {
  try {
    const found = decodeIncoming(tpdu);
    if (found.type === 'SMS-DELIVER') {
      return { event: 'received', from: writtenAddress(found.originator), where, ...contentOf(found) };
    }
    const { messageReference: reference, status } = found;
    return { event: 'report', to: writtenAddress(found.recipient), reference, status, where };
  } catch (error) {
    if (!(error instanceof TpduError)) throw error;
    return { event: 'received', from: '', where, data: Buffer.from(tpdu).toString('hex') };
  }
}

export function sentEvent({ to, reference, submit }: SubmittedMessage): SimEvent {
  return { event: 'sent', to, reference, reportWanted: submit.reportWanted, ...contentOf(submit) };
}

function contentOf(content: UserData): { part?: Part; text?: string; data?: string } {
  const part = concatenationOf(content.header);
  const { text, data } = content;
  return { ...(part && { part }), ...(data ? { data: Buffer.from(data).toString('hex') } : { text }) };
}
