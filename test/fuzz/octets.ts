// Changes of octets, as a broken radio or somebody with a hex editor makes them.

import type { Chance } from './chance.js';

type Change = (octets: Uint8Array, chance: Chance, other: Uint8Array) => Uint8Array;

const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

function range(octets: Uint8Array, chance: Chance): [number, number] {
  const start = chance.below(octets.length + 1);
  return [start, Math.min(octets.length, start + chance.below(24))];
}

/** Puts octets in at a place by chance. */
const insert = (octets: Uint8Array, chance: Chance, foreign: Uint8Array): Uint8Array => {
  const at = chance.below(octets.length + 1);
  return join(octets.subarray(0, at), foreign, octets.subarray(at));
};

// OPAQUE, or an attribute's multi-byte integer, that announces far more than there is.
const hugeLengths = [
  [0xc3, 0xff, 0xff, 0xff, 0x7f],
  [0xc3, 0x8f, 0xff, 0xff, 0xff, 0x7f],
  [0xc3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [0x83, 0xff, 0xff, 0x7f],
  [0xc3, 0x80, 0x80, 0x80, 0x00],
].map((each) => Uint8Array.from(each));

const changes: readonly Change[] = [
  (octets, chance) => octets.subarray(0, chance.below(octets.length + 1)),
  (octets, chance) => flipped(octets, chance, 1),
  (octets, chance) => flipped(octets, chance, 1 + chance.below(16)),
  (octets, chance) => {
    const [start, end] = range(octets, chance);
    return join(octets.subarray(0, start), octets.subarray(end));
  },
  (octets, chance) => {
    const [start, end] = range(octets, chance);
    return join(octets.subarray(0, end), octets.subarray(start));
  },
  (octets, chance) => insert(octets, chance, chance.octets(1 + chance.below(12))),
  (octets, chance) => insert(octets, chance, Uint8Array.of(0x00, chance.below(30))),
  (octets, chance) => insert(octets, chance, chance.pick(hugeLengths)),
  (octets, chance, other) => {
    const [start, end] = range(other, chance);
    return insert(octets, chance, other.subarray(start, end));
  },
  (octets, chance) => {
    const position = chance.below(Math.max(1, octets.length));
    return octets.map((octet, at) =>
      at === position ? chance.pick([0x00, 0x01, 0x03, 0x83, 0xc3, 0x44, 0xff]) : octet,
    );
  },
  (octets, chance) =>
    insert(octets, chance, new Uint8Array(chance.below(20_000)).fill(chance.pick([0x05, 0x45, 0x5c]))),
];

function flipped(octets: Uint8Array, chance: Chance, bits: number): Uint8Array {
  const copy = Uint8Array.from(octets);
  for (let each = 0; each < bits && copy.length > 0; each++) copy[chance.below(copy.length)]! ^= 1 << chance.below(8);
  return copy;
}

/** One to three changes; `other` is a document to take pieces of. */
export function changeOctets(octets: Uint8Array, chance: Chance, other: Uint8Array): Uint8Array {
  let changed = octets;
  for (let left = 1 + chance.below(3); left > 0; left--) changed = chance.pick(changes)(changed, chance, other);
  return changed;
}
