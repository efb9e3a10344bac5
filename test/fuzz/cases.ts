// One case: a recorded request that is changed by chance, and who sends it. Seed and number say all of it.

import { offeredCommands } from '../../src/eas/command-table.js';
import { protocolVersions } from '../../src/eas/versions.js';
import { type Element, element } from '../../src/wbxml/element.js';
import { encode } from '../../src/wbxml/encode.js';
import { WbxmlError } from '../../src/wbxml/errors.js';
import { AirSync } from '../../src/wbxml/airsync/air-sync.js';
import { Chance } from './chance.js';
import { type Known, resolve } from './live.js';
import { changeOctets } from './octets.js';
import { type Recorded, readRecorded } from './recorded.js';
import { changeTree, enliven } from './trees.js';

/** One for each version; now and then one speaks another. */
export const fuzzDevices = protocolVersions.map((version, index) => ({ deviceId: `FUZZ${index}`, version }));

export interface Case {
  /** The recording it was made of. */
  from: string;
  command: string;
  deviceId: string;
  version: string;
  query: string;
  /** Without it the request carries a key that was never issued. */
  carriesPolicyKey: boolean;
  /** Draws what the marks stand for. */
  draw: () => number;
  octets: (known: Known) => Uint8Array;
}

const recorded = readRecorded();
const documents = recorded.filter((each): each is Recorded & { root: Element } => each.root !== undefined);

export function makeCase(seed: number, number: number): Case {
  const chance = new Chance(seed, number);
  const origin = chance.pick(recorded);
  const device = chance.pick(fuzzDevices);
  const version = chance.isWithin(0.1) ? chance.pick(protocolVersions) : device.version;
  const command = chance.isWithin(0.03) ? chance.pick(offeredCommands) : origin.command;
  return {
    from: origin.name,
    command,
    deviceId: device.deviceId,
    version,
    query: changeQuery(`Cmd=${command}&User=ann%40example.com&DeviceId=${device.deviceId}&DeviceType=Phone`, chance),
    carriesPolicyKey: chance.isWithin(0.95),
    draw: () => chance.fraction(),
    octets: bodyOf(origin, chance),
  };
}

function bodyOf({ octets, root }: Recorded, chance: Chance): Case['octets'] {
  const other = chance.pick(documents);
  const changesTree = root !== undefined && chance.isWithin(0.65);
  const changesOctets = !changesTree || chance.isWithin(0.2);
  const living = root && enliven(root, chance);
  const tree = living && changesTree ? changeTree(living, chance, other.root) : living;
  return (known) => {
    const whole = (tree && encoded(resolve(tree, known))) ?? octets;
    return changesOctets ? changeOctets(whole, chance, other.octets) : whole;
  };
}

// What cannot be written, for it is nested too deep, goes out as a document of the same depth that can be read nowhere.
function encoded(tree: Element): Uint8Array {
  try {
    return encode(tree);
  } catch (error) {
    if (!(error instanceof WbxmlError)) throw error;
    const head = encode(element(AirSync.Sync)).subarray(0, 4);
    return Uint8Array.from([...head, ...new Array<number>(80).fill(0x45), ...new Array<number>(80).fill(0x01)]);
  }
}

const querySigns = ['&', '=', '%', '+', '%00', '%40', '%FF', '%E2%82', '?', 'Cmd=Ping', '&Cmd=Sync', 'DeviceId=', 'x'];

function changeQuery(query: string, chance: Chance): string {
  if (!chance.isWithin(0.02)) return query;
  const at = chance.below(query.length);
  const rest = chance.isWithin(0.5) ? query.slice(at + chance.below(8)) : query.slice(at);
  return query.slice(0, at) + chance.pick(querySigns) + rest;
}
