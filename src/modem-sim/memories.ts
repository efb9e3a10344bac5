// The memories a modem keeps messages in: SM on the SIM, ME in the modem, SR for status reports; MT is SM and ME as one.
// TS 27.005 3.1 Parameter Definitions <mem1>, <index>, <stat>

import type { FaultSwitches } from './fault-switches.js';

/** TS 27.005 3.1 <stat>, PDU mode */
export const Stat = { Unread: 0, Read: 1, Unsent: 2, Sent: 3 } as const;
export type Stat = (typeof Stat)[keyof typeof Stat];

export type MemoryName = 'SM' | 'ME' | 'MT' | 'SR';

export interface StoredMessage {
  stat: Stat;
  /** With the address of the service centre in front. */
  readonly pdu: Uint8Array;
}

export interface MemoryLayout {
  readonly capacities: Readonly<Partial<Record<'SM' | 'ME' | 'SR', number>>>;
  /** 0 or 1. */
  readonly firstIndex: number;
}

export class Memories {
  readonly firstIndex: number;
  readonly #capacities: MemoryLayout['capacities'];
  readonly #faults: FaultSwitches;
  readonly #slots = new Map<string, Map<number, StoredMessage>>();

  constructor({ capacities, firstIndex }: MemoryLayout, faults: FaultSwitches) {
    this.#capacities = capacities;
    this.firstIndex = firstIndex;
    this.#faults = faults;
    for (const name of Object.keys(capacities)) this.#slots.set(name, new Map());
  }

  has(name: string): name is MemoryName {
    return name === 'MT' ? this.has('SM') && this.has('ME') : this.#slots.has(name);
  }

  capacity(name: MemoryName): number {
    return name === 'MT' ? this.capacity('SM') + this.capacity('ME') : (this.#capacities[name] ?? 0);
  }

  used(name: MemoryName): number {
    return name === 'MT' ? this.used('SM') + this.used('ME') : this.#of(name).size;
  }

  /** Every message with its index, lowest first. */
  list(name: MemoryName): [number, StoredMessage][] {
    if (name !== 'MT') return [...this.#of(name)].sort(([a], [b]) => a - b);
    return [
      ...this.list('SM'),
      ...this.list('ME').map(([index, each]) => [index + this.capacity('SM'), each] as [number, StoredMessage]),
    ];
  }

  get(name: MemoryName, index: number): StoredMessage | undefined {
    const at = this.#place(name, index);
    return this.#of(at.name).get(at.index);
  }

  remove(name: MemoryName, index: number): boolean {
    const at = this.#place(name, index);
    return this.#of(at.name).delete(at.index);
  }

  /** Where it lies now; `undefined` where there is no room. MT stands for the first of its two that has room. */
  store(name: MemoryName, message: StoredMessage): { name: MemoryName; index: number } | undefined {
    if (this.#faults.strike('memory-full')) return undefined;
    const index = this.#freeIndex(name === 'MT' ? 'SM' : name);
    if (index === undefined) return name === 'MT' ? this.store('ME', message) : undefined;
    const real = name === 'MT' ? 'SM' : name;
    this.#of(real).set(index, message);
    return { name: real, index };
  }

  #freeIndex(name: Exclude<MemoryName, 'MT'>): number | undefined {
    const slots = this.#of(name);
    if (slots.size >= this.capacity(name)) return undefined;
    const end = this.firstIndex + this.capacity(name);
    const jump = this.#faults.strike('index-jumps')?.values['by'] ?? 0;
    const start = jump === 0 ? this.firstIndex : Math.max(this.firstIndex - 1, ...slots.keys()) + 1 + jump;
    for (const from of [start, this.firstIndex]) {
      for (let index = from; index < end; index++) if (!slots.has(index)) return index;
    }
    return undefined;
  }

  #place(name: MemoryName, index: number): { name: Exclude<MemoryName, 'MT'>; index: number } {
    if (name !== 'MT') return { name, index };
    const inSim = this.capacity('SM');
    return index < this.firstIndex + inSim ? { name: 'SM', index } : { name: 'ME', index: index - inSim };
  }

  #of(name: MemoryName): Map<number, StoredMessage> {
    return this.#slots.get(name) ?? new Map<number, StoredMessage>();
  }
}
