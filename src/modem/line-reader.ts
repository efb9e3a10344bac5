// The octets of a modem as lines and prompts, wherever they are cut.
// V.250 5.7 DCE responses; TS 27.005 3.5.1 Send Message +CMGS, for the prompt
//
//    CR LF OK CR LF            a line, as it should be
//    CR OK CR,  OK LF          a line too: some send one of the two alone
//    CR LF > SP                the prompt: nothing ends it, and the space may be missing

import { limits } from './limits.js';

export interface LineSink {
  /** Without its end, spaces around it dropped; never empty. */
  line(text: string): void;
  prompt(): void;
}

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const PROMPT = 0x3e;
// Left by a port that is being set up, and by flow control: XON, XOFF.
const noise = new Set([0x00, 0x11, 0x13, 0x7f, 0xff]);

export class LineReader {
  readonly #sink: LineSink;
  readonly #octets = Buffer.alloc(limits.lineOctets);
  #length = 0;
  #isTooLong = false;
  /** Only then is `>` at the beginning of a line a prompt: texts may begin with it. */
  awaitsPrompt = false;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    for (const octet of chunk) this.#take(octet);
  }

  #take(octet: number): void {
    if (octet === CR || octet === LF) return this.#end();
    if (noise.has(octet) || (octet === SPACE && this.#length === 0)) return;
    if (octet === PROMPT && this.#length === 0 && this.awaitsPrompt) {
      this.awaitsPrompt = false;
      return this.#sink.prompt();
    }
    if (this.#length === limits.lineOctets) this.#isTooLong = true;
    else this.#octets[this.#length++] = octet;
  }

  #end(): void {
    const line = this.#isTooLong ? '' : this.#octets.toString('latin1', 0, this.#length).trimEnd();
    this.#length = 0;
    this.#isTooLong = false;
    if (line !== '') this.#sink.line(line);
  }
}
