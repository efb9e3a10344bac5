// The octets of a redo log: groups one after the other from the beginning of the file, each on disk when its promise
// resolves. A new generation begins at the beginning again and writes over the old one: the file is not cut, since blocks
// that are there already are written without a word to the file system's own journal.
//
// A group: magic, length, generation and number within it, checksum of those and of the octets that follow.

import { closeSync, constants, fsyncSync, openSync, readFileSync, write } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

interface Waiting {
  readonly group: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const magic = 0x45524544;
const headerOctets = 20;

export class RedoFile {
  readonly #descriptor: number;
  #generation = 0;
  #offset = 0;
  #number = 0;
  #waiting: Waiting[] = [];
  #underWay: Waiting[] = [];
  #isWriting = false;
  #whenIdle: (() => void)[] = [];

  constructor(path: string) {
    // Each write returns when it is on disk.
    this.#descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_DSYNC, 0o600);
    syncFolder(dirname(path));
  }

  /** What is whole of a generation, in its order. */
  read(generation: number): Buffer[] {
    const octets = readFileSync(this.#descriptor);
    const groups: Buffer[] = [];
    for (let offset = 0; ;) {
      const group = groupAt(octets, { offset, generation, number: groups.length });
      if (!group) return groups;
      groups.push(group);
      offset += headerOctets + group.length;
    }
  }

  /** Resolves when the group, and all before it, are on disk. Rejects with the file system's error. */
  append(group: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ group, resolve, reject });
      if (!this.#isWriting) this.#write();
    });
  }

  /** Whether a group that was given is not on disk yet. */
  get hasWaiting(): boolean {
    return this.#underWay.length > 0 || this.#waiting.length > 0;
  }

  /** All groups of the generation before are kept elsewhere: those that wait are resolved. */
  beginGeneration(generation: number): void {
    this.#generation = generation;
    this.#offset = 0;
    this.#number = 0;
    for (const { resolve } of [...this.#underWay.splice(0), ...this.#waiting.splice(0)]) resolve();
  }

  async close(): Promise<void> {
    if (this.#isWriting) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    closeSync(this.#descriptor);
  }

  #write(): void {
    const generation = this.#generation;
    this.#underWay = this.#waiting;
    this.#waiting = [];
    const octets = Buffer.concat(this.#underWay.flatMap(({ group }, n) => [this.#header(group, n), group]));
    this.#isWriting = true;
    write(this.#descriptor, octets, 0, octets.length, this.#offset, (error, written) => {
      this.#isWriting = false;
      // Of a generation that is kept elsewhere meanwhile nobody waits.
      if (generation === this.#generation) this.#finish(octets.length, shortfall(error, written, octets.length));
      if (this.#waiting.length > 0) this.#write();
      else for (const resolve of this.#whenIdle.splice(0)) resolve();
    });
  }

  #finish(octets: number, failure: unknown): void {
    const ended = this.#underWay.splice(0);
    if (failure) {
      // What was given after it rests on it.
      for (const { reject } of [...ended, ...this.#waiting.splice(0)]) reject(failure);
      return;
    }
    this.#offset += octets;
    this.#number += ended.length;
    for (const { resolve } of ended) resolve();
  }

  #header(group: Buffer, n: number): Buffer {
    const header = Buffer.alloc(headerOctets);
    header.writeUInt32LE(magic, 0);
    header.writeUInt32LE(group.length, 4);
    header.writeUInt32LE(this.#generation, 8);
    header.writeUInt32LE(this.#number + n, 12);
    header.writeUInt32LE(checksum(header, group), 16);
    return header;
  }
}

function shortfall(error: unknown, written: number, meant: number): unknown {
  return error ?? (written < meant ? new Error(`${written} of ${meant} octets were written`) : undefined);
}

function checksum(header: Buffer, group: Buffer): number {
  return crc32(group, crc32(header.subarray(4, 16)));
}

interface Place {
  offset: number;
  generation: number;
  number: number;
}

function groupAt(octets: Buffer, { offset, generation, number }: Place): Buffer | undefined {
  if (octets.length < offset + headerOctets) return undefined;
  const header = octets.subarray(offset, offset + headerOctets);
  const [begin, length, ofGeneration, ofNumber, sum] = [0, 4, 8, 12, 16].map((at) => header.readUInt32LE(at));
  if (begin !== magic || ofGeneration !== generation || ofNumber !== number) return undefined;
  const group = octets.subarray(offset + headerOctets, offset + headerOctets + length!);
  return group.length === length && checksum(header, group) === sum ? group : undefined;
}

// A file whose name is not on disk is not there after a power cut. Windows opens no folder, and needs none of it.
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, constants.O_RDONLY);
  fsyncSync(descriptor);
  closeSync(descriptor);
}
