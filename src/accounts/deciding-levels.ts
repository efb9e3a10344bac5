// What can decide whether somebody may send, and on which terms.

/** The level that decided, in the words of the answer. */
export const decidingLevels = {
  'user-access': 'the access of the user',
  'domain-access': 'the access of the domain',
  'sms-account': 'the SMS account',
  'user-settings': 'the SMS settings of the user',
  'domain-settings': 'the SMS settings of the domain',
  'server-settings': 'the SMS settings of the server',
  defaults: 'the defaults',
} as const;
export type DecidingLevel = keyof typeof decidingLevels;
