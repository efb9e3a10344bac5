// Programs on phones that are known to want something otherwise than most.

import { Port } from './ports.js';
import type { Carriage } from './push-message.js';

/** By the name that a device gives its client, in lower case. */
const clients: Readonly<Record<string, Carriage>> = {
  // Funambol's client in Java listens to a port of its own.
  'funambol-j2me': { destinationPort: Port.FunambolClient },
};

export function carriageOf(client: string | undefined): Carriage {
  const name = client?.toLowerCase() ?? '';
  return Object.hasOwn(clients, name) ? clients[name]! : {};
}
