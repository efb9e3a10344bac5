// One IMAP connection as lines: commands with their tags, and what comes back until the tag does.
// RFC 9051 2.2 Commands and Responses

import type { Socket } from 'node:net';
import { limits } from './limits.js';

export interface ImapAnswer {
  status: 'OK' | 'NO' | 'BAD';
  text: string;
  untagged: string[];
}

interface Waiting {
  resolve: (line: string) => void;
  reject: (error: Error) => void;
}

export class ImapLines {
  readonly #socket: Socket;
  readonly #lines: string[] = [];
  readonly #deadline: NodeJS.Timeout;
  #partial = '';
  #waiting: Waiting | undefined;
  #failure: Error | undefined;
  #tag = 0;

  constructor(socket: Socket, milliseconds: number) {
    this.#socket = socket;
    this.#deadline = setTimeout(() => this.#fail(new Error('no answer in time')), milliseconds);
    socket.setEncoding('latin1');
    socket.on('data', this.#take);
    socket.on('error', this.#fail);
    socket.on('close', this.#end);
  }

  readonly #take = (chunk: string): void => {
    const lines = (this.#partial + chunk).split('\r\n');
    this.#partial = lines.pop()!;
    if (this.#partial.length > limits.answerOctets || lines.length > 1000) this.#fail(new Error('too long an answer'));
    for (const line of lines) this.#give(line);
  };

  readonly #fail = (error: Error): void => {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
    this.#waiting = undefined;
    this.#socket.destroy();
  };

  readonly #end = (): void => this.#fail(new Error('the connection ended'));

  #give(line: string): void {
    if (!this.#waiting) return void this.#lines.push(line);
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    resolve(line);
  }

  next(): Promise<string> {
    const line = this.#lines.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  /** A command; each of `continuations` is sent when the server asks for it. */
  async ask(command: string, continuations: readonly string[] = []): Promise<ImapAnswer> {
    const tag = `a${++this.#tag}`;
    const left = [...continuations];
    const untagged: string[] = [];
    this.#socket.write(`${tag} ${command}\r\n`);
    for (;;) {
      const line = await this.next();
      const [, status, text = ''] = new RegExp(`^${tag} (OK|NO|BAD)\\b ?(.*)$`, 'i').exec(line) ?? [];
      if (status !== undefined) return { status: status.toUpperCase() as ImapAnswer['status'], text, untagged };
      if (!line.startsWith('+')) untagged.push(line);
      else if (left.length > 0) this.#socket.write(`${left.shift()}\r\n`);
      else throw new Error('the server asks for more than there is');
      if (untagged.length > 1000) throw new Error('too long an answer');
    }
  }

  /** A command whose arguments may hold any character. RFC 9051 4.3 String */
  askWithLiterals(command: string, texts: readonly string[]): Promise<ImapAnswer> {
    const lengths = texts.map((text) => `{${Buffer.byteLength(text)}}`);
    const continuations = texts.map((text, n) => (n + 1 < texts.length ? `${text} ${lengths[n + 1]}` : text));
    return this.ask(`${command} ${lengths[0]}`, continuations);
  }

  /** The socket for whoever goes on with it. */
  release(): Socket {
    clearTimeout(this.#deadline);
    this.#socket.off('data', this.#take).off('error', this.#fail).off('close', this.#end);
    return this.#socket;
  }

  close(): void {
    clearTimeout(this.#deadline);
    if (!this.#failure) this.#socket.end('a0 LOGOUT\r\n');
    this.#failure ??= new Error('closed');
    setTimeout(() => this.#socket.destroy(), 1000).unref();
  }
}
