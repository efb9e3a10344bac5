// What a hostile provider does with a request, and what may follow from it.

/** What its own journal says of one request. */
export type Fate =
  | 'taken' // it has the text, and may have said so
  | 'refused' // it said so completely, for good: another gateway may be asked, this one may not
  | 'put-off' // it said completely that it wants the text later: the same text may come again
  | 'doubtful'; // it has read the request and nobody can tell what it did with it

export interface Misbehaviour {
  /** How often, among the others. */
  weight: number;
  fate: Fate;
  /** Octets that go out at once, in one piece; nothing where it stays silent. */
  answer?: string;
  /** How long it thinks first, beyond the patience of who asks. */
  isLate?: true;
  /** What it does with the connection afterwards, or instead. */
  cuts?: 'unread' | 'afterwards';
}

const taken = response('200 OK', 'OK 1');

// Where "taken" is answered twice, the second answer says something else: who takes it for the answer to the next
// request sends that one again.
export const misbehaviours = {
  'takes it': { weight: 40, fate: 'taken', answer: taken },
  hangs: { weight: 4, fate: 'doubtful' },
  'cuts before it has read': { weight: 5, fate: 'doubtful', cuts: 'unread' },
  'cuts instead of an answer': { weight: 6, fate: 'doubtful', cuts: 'afterwards' },
  'cuts within the head of its answer': { weight: 3, fate: 'doubtful', answer: taken.slice(0, 20), cuts: 'afterwards' },
  'cuts within the body of its answer': { weight: 3, fate: 'doubtful', answer: taken.slice(0, -2), cuts: 'afterwards' },
  'refuses and cuts within its answer': {
    weight: 3,
    fate: 'doubtful',
    answer: response('503 Service Unavailable', 'busy').slice(0, -1),
    cuts: 'afterwards',
  },
  'answers twice': { weight: 6, fate: 'taken', answer: taken + response('503 Service Unavailable', 'later') },
  'answers too late': { weight: 4, fate: 'taken', answer: taken, isLate: true },
  'puts off too late': {
    weight: 2,
    fate: 'doubtful',
    answer: response('503 Service Unavailable', 'later'),
    isLate: true,
  },
  fails: { weight: 8, fate: 'put-off', answer: response('500 Internal Server Error', 'no') },
  'is busy and hangs up': {
    weight: 4,
    fate: 'put-off',
    answer: response('503 Service Unavailable', 'later', 'Connection: close'),
    cuts: 'afterwards',
  },
  'wants it later': {
    weight: 5,
    fate: 'put-off',
    answer: response('429 Too Many Requests', 'slow down', 'Retry-After: 1'),
  },
  'sends elsewhere': {
    weight: 4,
    fate: 'refused',
    answer: response('307 Temporary Redirect', '', 'Location: /elsewhere'),
  },
  refuses: { weight: 3, fate: 'refused', answer: response('400 Bad Request', 'never') },
} as const satisfies Record<string, Misbehaviour>;

export type MisbehaviourName = keyof typeof misbehaviours;

/** `chance` gives numbers from 0 to below 1. */
export function misbehave(chance: () => number): MisbehaviourName {
  const names = Object.keys(misbehaviours) as MisbehaviourName[];
  let left = chance() * names.reduce((sum, name) => sum + misbehaviours[name].weight, 0);
  return names.find((name) => (left -= misbehaviours[name].weight) < 0) ?? 'takes it';
}

function response(status: string, body: string, ...fields: string[]): string {
  const head = [`HTTP/1.1 ${status}`, 'Content-Type: text/plain', `Content-Length: ${body.length}`, ...fields];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
