// One connection to the modem: what is typed becomes command lines, prompts and answers.
// V.250 5.2 DTE commands to DCE, TS 27.005 3.5.1 Send Message +CMGS
//
//    typed   AT+CMGS=24 CR   ──►  command line  ──►  prompt: > and what is typed up to Ctrl-Z or ESC  ──►  answer

import type { Duplex } from 'node:stream';
import type { Occasion } from './fault-switches.js';
import { limits } from './limits.js';
import { Output, type Surroundings } from './output.js';
import { type Answer, type FinalResult, numericResult, resultText } from './result-codes.js';
import type { Settings } from './settings.js';

/** What a line asks of its modem. */
export interface LineHost extends Surroundings {
  readonly settings: Settings;
  /** The body of a command line: what stands behind `AT`. */
  run(body: string, line: Line): Answer;
  /** Told of each command line, of what is answered and what is said unasked. */
  overhear(from: 'modem' | 'peer', text: string): void;
  /** What the maker's modems say by themselves, for faults. */
  chatter(): string;
  closed(line: Line): void;
}

/** What was typed at a prompt, and how it ended. */
export interface Typed {
  readonly text: string;
  readonly end: 'ctrl-z' | 'escape' | 'gone';
}

const CTRL_Z = '\x1a';
const ESC = '\x1b';

export class Line {
  readonly #stream: Duplex;
  readonly #host: LineHost;
  readonly #output: Output;
  #input = '';
  #typed = '';
  #lastBody = '';
  #isRunning = false;
  #isHung = false;
  #prompt: ((typed: Typed) => void) | undefined;
  readonly #held: string[] = [];
  /** Of the command that runs. */
  occasion: Occasion = {};

  constructor(stream: Duplex, host: LineHost) {
    this.#stream = stream;
    this.#host = host;
    this.#output = new Output(stream, host);
    stream.on('data', (chunk: Buffer) => this.#take(chunk.toString('latin1')));
    stream.on('close', () => this.#gone());
    // A peer that resets the connection has only closed it in a hurry.
    stream.on('error', () => stream.destroy());
  }

  /** Lines of information, as one block. */
  inform(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const { verbose } = this.#host.settings;
    this.#host.overhear('modem', lines.join('\n'));
    this.#output.say(`${verbose ? '\r\n' : ''}${lines.join('\r\n')}\r\n`, this.occasion);
    if (this.#host.faults.strike('urc-in-answers', this.occasion)) this.announce(this.#host.chatter(), 'at once');
  }

  /** An unsolicited result; it waits for the end of an answer unless it is to come at once. */
  announce(text: string, when: 'in turn' | 'at once' = 'in turn'): void {
    if (this.#isHung) return;
    if (this.#isRunning && when === 'in turn') {
      this.#held.push(text);
      return;
    }
    this.#host.overhear('modem', text);
    this.#output.say(`\r\n${text.replaceAll('\n', '\r\n')}\r\n`);
  }

  /** Waits for what is typed. */
  prompt(isShown: boolean): Promise<Typed> {
    return new Promise((resolve) => {
      this.#typed = '';
      this.#prompt = resolve;
      if (isShown) this.#output.say('\r\n> ', this.occasion);
      this.#work();
    });
  }

  /** Nothing is heard or said any more. */
  hang(): void {
    this.#isHung = true;
  }

  close(): void {
    this.#stream.destroy();
  }

  #take(text: string): void {
    if (this.#isHung) return;
    const isFull = this.#input.length + text.length > limits.waitingInput;
    this.#input += isFull ? text.slice(0, limits.waitingInput - this.#input.length) : text;
    this.#work();
  }

  #work(): void {
    while (this.#input !== '' && !this.#isHung) {
      if (this.#prompt) this.#typeAtPrompt();
      else if (this.#isRunning) return;
      else this.#typeCommand();
    }
  }

  #typeAtPrompt(): void {
    const end = this.#input.search(/[\x1a\x1b]/);
    const typed = end === -1 ? this.#input : this.#input.slice(0, end);
    this.#echo(this.#host.settings.cmgf === 1 ? typed.replaceAll('\r', '\r\n> ') : typed);
    this.#typed = (this.#typed + typed).slice(0, limits.lineCharacters);
    const mark = this.#input[end];
    this.#input = end === -1 ? '' : this.#input.slice(end + 1);
    if (mark === undefined) return;
    const resolve = this.#prompt!;
    this.#prompt = undefined;
    this.#host.overhear('peer', this.#typed + (mark === CTRL_Z ? '<Ctrl-Z>' : '<ESC>'));
    resolve({ text: this.#typed, end: mark === CTRL_Z ? 'ctrl-z' : 'escape' });
    this.#typed = '';
  }

  // V.250 5.2.1 Command line general format
  #typeCommand(): void {
    if (this.#repeats()) return this.#run(this.#lastBody);
    const { s3 } = this.#host.settings;
    const end = this.#input.indexOf(String.fromCharCode(s3));
    const typed = end === -1 ? this.#input : this.#input.slice(0, end + 1);
    this.#input = this.#input.slice(typed.length);
    this.#echo(typed);
    this.#typed = (this.#typed + typed).slice(-limits.lineCharacters);
    if (end === -1) return;
    const line = this.#edited(this.#typed.slice(0, -1));
    this.#typed = '';
    const start = line.search(/AT/i);
    // What is no command line gets no answer: the rest of a PDU that nobody asked for, an ESC to leave a prompt.
    if (start === -1) return;
    this.#host.overhear('peer', line.slice(start));
    this.#lastBody = line.slice(start + 2);
    this.#run(this.#lastBody);
  }

  // A/ is the last command line once more, without a line end. V.250 5.2.4 Repeating a command line
  #repeats(): boolean {
    const before = this.#typed.trimStart();
    const found = before.length < 2 ? /^\s*A\//i.exec(before + this.#input) : null;
    if (found === null) return false;
    const typed = this.#input.slice(0, found[0].length - before.length);
    this.#input = this.#input.slice(typed.length);
    this.#typed = '';
    this.#echo(typed);
    return true;
  }

  // V.250 6.2.3 Command line editing character S5
  #edited(typed: string): string {
    const { s5 } = this.#host.settings;
    const deletion = String.fromCharCode(s5);
    const kept = typed.slice(typed.lastIndexOf(ESC) + 1);
    if (!kept.includes(deletion)) return kept;
    const characters: string[] = [];
    for (const each of kept)
      if (each === deletion) characters.pop();
      else characters.push(each);
    return characters.join('');
  }

  #echo(text: string): void {
    const { faults, settings } = this.#host;
    const isOn = faults.strike('echo-on') ? true : faults.strike('echo-off') ? false : settings.echo === 1;
    if (!isOn || text === '') return;
    if (text.length < 2 || !faults.strike('echo-urc')) return this.#output.echo(text);
    this.#output.echo(text.slice(0, text.length >> 1));
    this.announce(this.#host.chatter(), 'at once');
    this.#output.echo(text.slice(text.length >> 1));
  }

  #run(body: string): void {
    this.#isRunning = true;
    this.occasion = {};
    const answer = this.#host.run(body, this);
    if (!(answer instanceof Promise)) return this.#finish(answer);
    void answer.then((result) => {
      this.#finish(result);
      this.#work();
    });
  }

  #finish(result: FinalResult): void {
    if (result !== 'silent' && !this.#host.faults.strike('missing-final', this.occasion)) this.#conclude(result);
    this.#isRunning = false;
    this.occasion = {};
    for (const text of this.#held.splice(0)) this.announce(text);
  }

  #conclude(result: Exclude<FinalResult, 'silent'>): void {
    const { faults, settings } = this.#host;
    const spoiled = faults.strike('error-and-ok', this.occasion) ? 'ERROR' : undefined;
    for (const each of spoiled === undefined ? [result] : (['ERROR', 'OK'] as const)) {
      const text = resultText(each, settings.cmee);
      this.#host.overhear('modem', text);
      if (settings.quiet) continue;
      this.#output.say(settings.verbose ? `\r\n${text}\r\n` : `${numericResult(text)}\r`, this.occasion);
    }
  }

  #gone(): void {
    this.#isHung = true;
    this.#prompt?.({ text: '', end: 'gone' });
    this.#prompt = undefined;
    this.#host.closed(this);
  }
}
