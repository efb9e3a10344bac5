// A rule as an administrator writes it, as the store keeps it and as the API and XML carry it: plain JSON.

export type Direction = 'outgoing' | 'incoming';

/** Rules of one direction are tried in the order of their list, from the first to the last. */
export interface Rule {
  title: string;
  /** Only enabled rules are tried. */
  enabled: boolean;
  /** All of them must hold; a rule without any matches every message. */
  conditions: Condition[];
  /** Done in this order once the rule matches. */
  actions: Action[];
}

export type Condition = AllCondition | MatchCondition | GroupCondition;

/** Holds for every message. */
export interface AllCondition {
  type: 'all';
}

export interface MatchCondition {
  type: 'match';
  field: Field;
  op: Op;
  /**
   * What the field is held against. Of `list`, the entries, or one string with an entry in each line; of `less` and
   * `greater`, a number, also written as a string, or `HH:MM`.
   */
  value?: string | number | boolean | string[];
  /** Of `list`: a file with an entry in each line, in place of a value. */
  file?: string;
  /** Holds where the field does not match. */
  not?: boolean;
}

/** AND and OR of other conditions. */
export interface GroupCondition {
  type: 'all-of' | 'any-of';
  conditions: Condition[];
  not?: boolean;
}

export const fieldNames = [
  'from',
  'to',
  'body',
  'subject',
  'gateway',
  'user',
  'group',
  'domain',
  'country', // of the number at the other end: ISO 3166-1, two letters
  'size', // octets of the text in UTF-8, or of the binary data
  'parts',
  'encoding', // `gsm7`, `unicode` or `binary`
  'time', // of the day where the server stands, `HH:MM` or `HH:MM-HH:MM`
  'weekday', // `mon` to `sun`
  'authenticated',
] as const;

export type FieldName = (typeof fieldNames)[number];
export type Field = FieldName | `header:${string}`;

export const ops = ['contains', 'equals', 'begins', 'ends', 'regex', 'list', 'less', 'greater'] as const;
export type Op = (typeof ops)[number];

export type Action =
  | { type: 'accept' }
  | { type: 'reject'; reason?: string }
  | { type: 'delete' }
  /** Mail addresses or `sms:` addresses, separated by commas. */
  | { type: 'forward'; to: string }
  | { type: 'copy'; to: string }
  | { type: 'send'; to: string; text: string; subject?: string }
  | HeaderAction
  | { type: 'priority'; value: PriorityName | number }
  | { type: 'gateway'; gateway: string }
  /** A folder's name, or `address/Folder path`. */
  | { type: 'move'; folder: string }
  | { type: 'execute'; kind: 'program' | 'url'; target: string; arguments?: string[] }
  /** Variables in the statement become bound parameters; `parameters` are those of its own `?` or `$1` marks. */
  | { type: 'sql'; connection: string; statement: string; parameters?: string[] }
  | { type: 'webhook'; url: string }
  /** No later rule is tried. */
  | { type: 'stop' };

export type ActionType = Action['type'];

export interface HeaderAction {
  type: 'header';
  /** `edit` sets the header, and adds it where it is not there. */
  mode: 'edit' | 'add' | 'remove';
  header: string;
  /** Of `edit` and `add`. */
  value?: string;
  /** RE2: the value takes the place of what it finds, `$1` or `$$1` standing for its groups; else the action is skipped. */
  pattern?: string;
}

/** X-Priority: 1 is the highest. */
export const priorities = { highest: 1, high: 2, normal: 3, low: 4, lowest: 5 } as const;
export type PriorityName = keyof typeof priorities;
