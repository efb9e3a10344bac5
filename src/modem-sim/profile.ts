// What differs between makers, as data: who a modem says it is, what it knows, what it says unasked.

import type { MemoryLayout, MemoryName } from './memories.js';

export interface Profile {
  /** +CGMI, +CGMM, +CGMR; ATI says all three. */
  readonly manufacturer: string;
  readonly model: string;
  readonly revision: string;
  /** ATE after power-on. */
  readonly echo: 0 | 1;
  /** The first is the one after power-on. */
  readonly charsets: readonly string[];
  /** The values +CNMI takes; all else is +CMS ERROR: 303. */
  readonly cnmi: readonly [
    mode: readonly number[],
    mt: readonly number[],
    bm: readonly number[],
    ds: readonly number[],
    bfr: readonly number[],
  ];
  /** The services +CSMS takes. */
  readonly csms: readonly number[];
  readonly textMode: boolean;
  readonly memories: MemoryLayout & {
    /** What each parameter of +CPMS takes; the first is the one after power-on. */
    readonly choices: readonly [
      read: readonly MemoryName[],
      write: readonly MemoryName[],
      receive: readonly MemoryName[],
    ];
  };
  /** False: messages that arrive stay in the network, as on phones that show them to nobody. */
  readonly receives: boolean;
  /** Commands that are answered ERROR. */
  readonly unknown: readonly string[];
  /** Commands of the maker's own with what they always answer. */
  readonly own: Readonly<Record<string, readonly string[]>>;
  /** What it says by itself when it is switched on, and from time to time. */
  readonly boot: readonly string[];
  readonly chatter: readonly string[];
  /** Strings of +CUSD in GSM 7 bit, packed and in hexadecimal digits. */
  readonly packedUssd: boolean;
  /** A restart takes the line away, as of everything on USB. */
  readonly restartCutsLine: boolean;
  /** A list without messages is +CMS ERROR: 321. */
  readonly emptyListIsError: boolean;
}
