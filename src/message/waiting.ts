// What a message on its way waits for, in words: no state is without a reason.

import { anyGateway } from '../store/lanes.js';
import type { Message } from '../store/tables.js';

const byState: Partial<Record<Message['state'], string>> = {
  queued: 'its turn has not come',
  offered: 'the phone has not fetched it from its Outbox',
  sending: 'the outcome is awaited',
};

/** `pace` is why the gateway that it was routed to lets nothing through for now. */
export function whyWaiting({ state, gateway, error }: Message, pace: string | undefined): string {
  // What it waited for before it was routed is over.
  const isRouted = state === 'queued' && gateway !== null && gateway !== anyGateway;
  return (isRouted ? pace : error) ?? byState[state] ?? 'nothing';
}
