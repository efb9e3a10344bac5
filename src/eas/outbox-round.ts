// A round over Outbox with class SMS: one of the three things that make a phone the gateway, and what the election
// hears of.

import type { Exchange } from './exchange.js';

export function noteOutboxRound({ services, device, user, now }: Exchange): void {
  services.store.presence.outboxRound(device.id, now);
  services.store.changes.publish({ topic: 'device', userId: user.id });
}
