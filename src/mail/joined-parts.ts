// The parser joins the lines of a part by a Blob, which takes the thread pool and as long as all else that a short mail
// costs. It has no option for that: its class is reached through a parser that reads nothing, and joins in memory.

import PostalMime from 'postal-mime';

/** Keeps the lines of a part that is not encoded. */
interface LineKeeper {
  chunks: readonly (Uint8Array | string)[];
  finalize(): Promise<ArrayBuffer>;
}

interface WithParts {
  root: { contentDecoder: LineKeeper; setupContentDecoder(transferEncoding: string): void };
}

export function joinPartsInMemory(): void {
  const { root } = new PostalMime() as unknown as WithParts;
  root.setupContentDecoder('8bit');
  const keepers = Object.getPrototypeOf(root.contentDecoder) as LineKeeper;
  keepers.finalize = function (this: LineKeeper): Promise<ArrayBuffer> {
    return Promise.resolve(joined(this.chunks));
  };
}

function joined(chunks: LineKeeper['chunks']): ArrayBuffer {
  let octets = 0;
  for (const chunk of chunks) octets += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length;
  const whole = new Uint8Array(octets);
  let at = 0;
  for (const chunk of chunks) {
    // Between the lines stands a line feed.
    if (chunk === '\n') whole[at++] = 0x0a;
    else {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      whole.set(bytes, at);
      at += bytes.length;
    }
  }
  return whole.buffer;
}
