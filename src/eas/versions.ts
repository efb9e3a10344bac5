// The protocol versions this server speaks.

/** Offered in OPTIONS, oldest first. MS-ASHTTP 2.2.3.1.1 MS-ASProtocolVersions */
export const protocolVersions = ['14.0', '14.1', '16.0', '16.1'] as const;
export type ProtocolVersion = (typeof protocolVersions)[number];

export function isProtocolVersion(version: string): version is ProtocolVersion {
  return (protocolVersions as readonly string[]).includes(version);
}

/** Versions compare as texts: they all have the form `nn.n`. */
export function isSince(version: ProtocolVersion, since: ProtocolVersion): boolean {
  return version >= since;
}
