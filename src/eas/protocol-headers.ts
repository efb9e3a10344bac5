// What the server says of itself in headers, and when.
// MS-ASHTTP 2.2.3 HTTP OPTIONS Command, MS-ASHTTP 2.2.2.1.2 Response Headers

import { offeredCommands } from './command-table.js';
import { protocolVersions } from './versions.js';

export type Headers = Readonly<Record<string, string>>;

/** In every answer. The first server version that spoke 16.1: some clients look here before they look at the versions. */
export const serverHeaders: Headers = { 'MS-Server-ActiveSync': '15.1' };

const versions = protocolVersions.join(',');

/** In the answer to OPTIONS. */
export const offer: Headers = {
  ...serverHeaders,
  'MS-ASProtocolVersions': versions,
  'MS-ASProtocolCommands': offeredCommands.join(','),
};

/** In answers after which a device begins anew, so that it may choose its version anew as well: X-MS-RP asks it to. */
export const beginAnew: Headers = { ...offer, 'X-MS-RP': versions };
