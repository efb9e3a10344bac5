// A provider that hangs, cuts, answers twice or too late, and writes down what it saw: the evidence from outside. It
// outlives the servers that ask it.

import { createServer, type Server, type Socket } from 'node:net';
import { misbehave, type Fate, type Misbehaviour, type MisbehaviourName, misbehaviours } from './misbehaviour.js';
import { RequestReader, type SeenRequest } from './request-reader.js';

export interface JournalEntry {
  text: string;
  gateway: string;
  what: MisbehaviourName;
  fate: Fate;
}

/** More than the gateways wait. */
const lateMilliseconds = 1500;

/** The part of all connections that end before anything was read. */
const cutConnections = 0.1;

export class HostileSink {
  readonly journal: JournalEntry[] = [];
  /** Requests that only one who follows redirects makes, or who makes up requests. */
  readonly strange: string[] = [];
  /** From now on it takes everything, so that what waits comes to its end. */
  isFriendly = false;
  /** Called with each text that came. */
  onText: () => void = () => undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #chance: () => number;

  private constructor(chance: () => number) {
    this.#chance = chance;
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  static async open(chance: () => number): Promise<HostileSink> {
    const sink = new HostileSink(chance);
    await new Promise<void>((resolve) => sink.#server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    if (!this.isFriendly && this.#chance() < cutConnections) return void socket.resetAndDestroy();
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // Who asked may be killed at any instant.
    socket.on('error', () => undefined);
    const reader = new RequestReader();
    socket.on('data', (chunk) => {
      for (const request of reader.read(chunk)) this.#answer(socket, request);
    });
  }

  #answer(socket: Socket, { gateway, text, target }: SeenRequest): void {
    if (gateway === undefined || text === undefined) {
      this.strange.push(target);
      return void socket.destroy();
    }
    const what = this.isFriendly ? 'takes it' : misbehave(this.#chance);
    const misbehaviour: Misbehaviour = misbehaviours[what];
    this.journal.push({ text, gateway, what, fate: misbehaviour.fate });
    this.onText();
    if (misbehaviour.isLate) setTimeout(() => reply(socket, misbehaviour), lateMilliseconds).unref();
    else reply(socket, misbehaviour);
  }
}

function reply(socket: Socket, { answer, cuts }: Misbehaviour): void {
  if (cuts === 'unread') return void socket.resetAndDestroy();
  if (cuts === 'afterwards') return void socket.end(answer ?? '');
  if (answer !== undefined && socket.writable) socket.write(answer);
}
