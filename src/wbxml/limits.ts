// What one document may cost; each row names the attack it stops.

export const limits = {
  /** Octets of a whole document. Stops: a body that is read, copied and searched for seconds. */
  documentOctets: 21 * 1024 * 1024,
  /** Elements within one another; ActiveSync itself needs about ten. Stops: exhausting the stack of whoever walks the tree. */
  depth: 64,
  /** Elements of a document. Stops: one octet `05` on the wire that becomes a hundred octets of heap. */
  nodes: 100_000,
  /** Attributes of a document. Stops: the same by attributes of two octets. */
  attributes: 10_000,
  /** Octets of one text. Stops: a text that is stored, matched against rules and logged as a whole. */
  textOctets: 1024 * 1024,
  /** Octets of all STR_T texts of a document. Stops: a long string in the table, repeated by three octets each. */
  referencedOctets: 1024 * 1024,
  /** Octets of one opaque content. Stops: an announced length that makes us hold or allocate it. */
  opaqueOctets: 20 * 1024 * 1024,
} as const;
