// Octets in PostgreSQL: the driver hands back a Buffer, PGlite a Uint8Array; the program sees a Buffer from both.

import { customType } from 'drizzle-orm/pg-core';

export const bytea = customType<{ data: Buffer; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (bytes) => Buffer.from(bytes),
});
