// Until a modem and we agree on what is asked: from whatever state it was left in, at a prompt or in the middle of a line.
// Decision D33: ESC leaves the prompt. Ctrl-Z, the document's way, would send what waits behind it, and is used only where
// ESC got no answer and nothing can wait there.

import type { Clock } from './clock.js';
import type { FinalResult } from './result-code.js';

export interface ResyncSetup {
  clock: Clock;
  write: (text: string, end?: string) => void;
  /** Whether Ctrl-Z may be tried. */
  mayConfirm: boolean;
}

const ESC = '\x1b';
const CTRL_Z = '\x1a';

/** How often each way out of a prompt is tried. */
const rounds = 3;
/** Where it says something, but not OK alone. */
const roundsWhileItTalks = 6;
const answerMilliseconds = 1_000;
/** An answer to an earlier command comes as well, if it comes. */
const quietMilliseconds = 30;

export class Resync {
  readonly #setup: ResyncSetup;
  #finals: FinalResult[] = [];
  #wake: (() => void) | undefined;
  #isEnded = false;
  hasRead = false;

  constructor(setup: ResyncSetup) {
    this.#setup = setup;
  }

  take(final: FinalResult): void {
    this.#finals.push(final);
    this.#wake?.();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  /** Whether it answered AT with one OK. */
  async run(): Promise<boolean> {
    const ways = this.#setup.mayConfirm ? [ESC, CTRL_Z] : [ESC];
    for (const way of ways) {
      for (let round = 0; round < (this.hasRead ? roundsWhileItTalks : rounds); round++)
        if (await this.#try(way)) return true;
      if (this.hasRead) return false;
    }
    return false;
  }

  async #try(way: string): Promise<boolean> {
    if (this.#isEnded) return false;
    this.#setup.write('', `${way}\r`);
    await this.#wait(quietMilliseconds);
    for (let again = 0; again < roundsWhileItTalks; again++) {
      this.#finals = [];
      this.#setup.write('AT', '\r');
      await this.#wait(answerMilliseconds);
      if (this.#finals.length === 0 || this.#isEnded) return false;
      await this.#wait(quietMilliseconds);
      if (this.#finals.length === 1 && this.#finals[0] === 'OK') return true;
    }
    return false;
  }

  /** Until something comes, at most so long. */
  #wait(milliseconds: number): Promise<void> {
    if (this.#isEnded) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#setup.clock.after(milliseconds, () => this.#wake?.());
      this.#wake = () => {
        cancel();
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
