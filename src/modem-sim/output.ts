// What the modem says on its line, in order, and the ways in which a bad line spoils it.
// V.250 5.7.1 Responses: <CR><LF>text<CR><LF>

import type { Duplex } from 'node:stream';
import type { Clock } from './clock.js';
import type { FaultSwitches, Occasion } from './fault-switches.js';
import { limits } from './limits.js';

export interface Surroundings {
  readonly clock: Clock;
  readonly faults: FaultSwitches;
}

interface Piece {
  readonly text: string;
  /** Milliseconds before it, and the octets it is cut into. */
  readonly delay: number;
  readonly octets: number;
}

export class Output {
  readonly #stream: Duplex;
  readonly #around: Surroundings;
  readonly #waiting: Piece[] = [];
  #inOnePiece = '';

  constructor(stream: Duplex, around: Surroundings) {
    this.#stream = stream;
    this.#around = around;
  }

  /** Text with the line ends it needs. `occasion` is that of the command it answers. */
  say(text: string, occasion: Occasion = {}): void {
    const { faults } = this.#around;
    const delay = faults.strike('late-answers', occasion)?.values['ms'] ?? 0;
    const octets = faults.strike('split-lines', occasion)?.values['octets'] ?? 0;
    const spoiled = this.#spoil(text, occasion);
    if (this.#waiting.length === 0 && delay === 0 && octets === 0) return this.#write(spoiled);
    this.#waiting.push({ text: spoiled, delay, octets });
    if (this.#waiting.length === 1) this.#next();
  }

  /** What was typed, sent back. */
  echo(text: string): void {
    if (this.#waiting.length > 0) this.#waiting.push({ text, delay: 0, octets: 0 });
    else this.#write(text);
  }

  #spoil(text: string, occasion: Occasion): string {
    const { faults } = this.#around;
    let spoiled = text;
    if (faults.strike('no-space', occasion)) spoiled = spoiled.replace(/^([+^*][A-Z ]+:) /gm, '$1');
    if (faults.strike('bare-prompt', occasion)) spoiled = spoiled.replace(/> $/, '>');
    if (faults.strike('glued-lines', occasion)) spoiled = spoiled.replace(/^(\r\n)+/, '');
    if (faults.strike('noise', occasion)) spoiled = `\x00\xff~\x80${spoiled}`;
    if (faults.strike('cr-only', occasion)) spoiled = spoiled.replaceAll('\n', '');
    if (faults.strike('lf-only', occasion)) spoiled = spoiled.replaceAll('\r', '');
    return spoiled;
  }

  #next(): void {
    const piece = this.#waiting[0];
    if (piece === undefined) return;
    this.#around.clock.after(piece.delay, () => (piece.octets === 0 ? this.#whole(piece) : this.#cut(piece, 0)));
  }

  #whole({ text }: Piece): void {
    this.#write(text);
    this.#done();
  }

  #cut(piece: Piece, at: number): void {
    if (at >= piece.text.length) return this.#done();
    this.#flush();
    this.#stream.write(piece.text.slice(at, at + piece.octets), 'latin1');
    this.#around.clock.after(0, () => this.#cut(piece, at + piece.octets));
  }

  #done(): void {
    this.#waiting.shift();
    this.#next();
  }

  // What is said in one turn goes out in one piece.
  #write(text: string): void {
    if (this.#inOnePiece === '') process.nextTick(() => this.#flush());
    this.#inOnePiece += text;
  }

  #flush(): void {
    const text = this.#inOnePiece;
    this.#inOnePiece = '';
    if (text === '' || !this.#stream.writable) return;
    this.#stream.write(text, 'latin1');
    if (this.#stream.writableLength > limits.unreadOutput) this.#stream.destroy();
  }
}
