// The closed word lists of the tables, kept beside them because both dialects spell them out.

/** States of an outbound message, as the API shows them. A claim by a dispatcher is still `queued`. */
export const messageStates = [
  'queued',
  'offered', // lies in the phone's Outbox, not fetched: may be withdrawn
  'sending', // fetched or handed to the bearer: never goes back by itself
  'sent',
  'delivered',
  'failed',
  'expired',
  'unknown', // may have been sent: told, never repeated
] as const;
export type MessageState = (typeof messageStates)[number];

export const deviceStates = ['allowed', 'blocked', 'quarantined'] as const;
export type DeviceState = (typeof deviceStates)[number];

export const accessModes = ['inherit', 'allowed', 'denied'] as const;
export type AccessMode = (typeof accessModes)[number];

export const gatewayTypes = ['gsm-modem', 'http', 'activesync', 'loopback'] as const;
export type GatewayType = (typeof gatewayTypes)[number];

export const itemClasses = ['SMS', 'Email'] as const;
export type ItemClass = (typeof itemClasses)[number];

/** How a phone said that it sent a text from its Outbox. */
export const confirmationWays = ['delete', 'move', 'add'] as const;
export type ConfirmationWay = (typeof confirmationWays)[number];

/** What one attempt of a bearer came to; absent while it is under way. */
export const attemptOutcomes = ['sent', 'refused', 'try-later', 'unknown', 'withdrawn'] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

/** `smsSettings` of a user, a domain or the server: the first level that has them replaces the others whole. */
export interface SmsSettings {
  gateway?: string;
  monthlyLimit?: number;
  expires?: string;
  active?: boolean;
}

/** The class filters a device asked for in a collection's Options, kept because Options are sticky. */
export interface StickyOptions {
  class: ItemClass;
  filterType?: number;
  truncationSize?: number;
}

export interface PingFolder {
  id: string;
  class: string;
}
