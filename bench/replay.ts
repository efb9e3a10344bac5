// What wrk sends: files of whole requests for wrk/replay.lua, and files of one request that goes on for wrk/walk.lua.

import { writeFile } from 'node:fs/promises';

/** Requests that are sent one after the other, over and over. */
export async function writeReplay(path: string, requests: readonly Uint8Array[]): Promise<void> {
  await writeFile(path, Buffer.concat(requests.flatMap((each) => [Buffer.from(`${each.length}\n`), each])));
}

/** Where a walk has its SyncKey, and where a number of which no two requests have the same. */
export const marker = { syncKey: '@KEY@', number: '@NUMBER@' } as const;

export interface Walk {
  /** The key that was issued last. Each answer issues the next number. */
  syncKey: string;
  /** After so many answers the walk begins anew with key 0; 0: never. */
  lap: number;
  firstNumber: number;
  /** With the markers. */
  request: Uint8Array;
}

/** One walk for each connection: `path` with the number of the connection behind it. */
export async function writeWalks(path: string, walks: readonly Walk[]): Promise<void> {
  for (const [index, { syncKey, lap, firstNumber, request }] of walks.entries())
    await writeFile(`${path}.${index}`, Buffer.concat([Buffer.from(`${syncKey} ${lap} ${firstNumber}\n`), request]));
}
