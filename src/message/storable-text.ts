// What of a text both databases can keep.

// Half of a surrogate pair is no character, and PostgreSQL keeps no U+0000.
const unstorable = /[\0\p{Surrogate}]/gu;

/** What is unreadable is marked, never refused: its sender would not send it again. */
export function storable(text: string): string {
  return text.replaceAll(unstorable, '\ufffd');
}

export function isStorable(text: string): boolean {
  return text.search(unstorable) < 0;
}
