// Septets in octets, the first one in the lowest bits.
// TS 23.038 6.1.2.1.1 Packing of 7-bit characters
//
//    octet 1   2g 1a 1b 1c 1d 1e 1f 1g      bits 7 … 0; 1a is the highest bit of the first septet
//    octet 2   3f 3g 2a 2b 2c 2d 2e 2f
//
// `hello` is E8 32 9B FD 06. Behind a header, fill bits come first, so that the text begins on a septet.

/** @param fillBits 0 to 6 bits of 0 before the first septet */
export function packSeptets(septets: Uint8Array, fillBits = 0): Uint8Array {
  const octets = new Uint8Array(Math.ceil((fillBits + septets.length * 7) / 8));
  for (let n = 0; n < septets.length; n++) {
    const bit = fillBits + n * 7;
    const at = bit >> 3;
    const shifted = septets[n]! << (bit & 7);
    octets[at]! |= shifted & 0xff;
    if (shifted > 0xff) octets[at + 1]! |= shifted >> 8;
  }
  return octets;
}

/** As many septets as there are, but not more than `count`. */
export function unpackSeptets(octets: Uint8Array, count: number, fillBits = 0): Uint8Array {
  const there = Math.max(0, Math.floor((octets.length * 8 - fillBits) / 7));
  const septets = new Uint8Array(Math.min(count, there));
  for (let n = 0; n < septets.length; n++) {
    const bit = fillBits + n * 7;
    const at = bit >> 3;
    septets[n] = ((octets[at]! | ((octets[at + 1] ?? 0) << 8)) >> (bit & 7)) & 0x7f;
  }
  return septets;
}

/** Bits between a header of so many octets, its length octet counted, and the first septet. */
// TS 23.040 9.2.3.24 TP-User Data (TP-UD)
export function fillBitsBehind(headerOctets: number): number {
  return (7 - ((headerOctets * 8) % 7)) % 7;
}
