// The list of device rules, and what a new list means for the devices that are there.

import { getDeviceRules, replaceDeviceRules, type WrittenRule } from '../store/device-rules.js';
import { getJudgedDevices } from '../store/devices.js';
import type { Store } from '../store/open.js';
import { judgeByRules, type Judging } from './device-state.js';

// Few enough that no phone waits long for its own commit.
const devicesPerCommit = 50;

export async function listDeviceRules(store: Store): Promise<WrittenRule[]> {
  return store.read(getDeviceRules);
}

/** Resolves when every device has been judged by the new list, but those that an administrator decided on. */
export async function saveDeviceRules(store: Store, rules: readonly WrittenRule[], judging: Judging): Promise<void> {
  await store.transact((tx) => replaceDeviceRules(tx, rules));
  let after: number | undefined = 0;
  while (after !== undefined) after = await judgeFrom(store, after, judging);
}

// By the rules as they are then: of two lists saved at once the later one has judged last.
async function judgeFrom(store: Store, after: number, judging: Judging): Promise<number | undefined> {
  return store.transact(function* (tx) {
    const rules = yield* getDeviceRules(tx);
    const page = yield* getJudgedDevices(tx, { after, limit: devicesPerCommit });
    for (const owned of page) yield* judgeByRules(tx, owned, { ...judging, rules });
    return page.length < devicesPerCommit ? undefined : page.at(-1)!.device.id;
  });
}
