// The protocol versions this server speaks.

/** Offered in OPTIONS, oldest first; 12.1 knows mail only. MS-ASHTTP 2.2.3.1.1 MS-ASProtocolVersions */
export const protocolVersions = ['12.1', '14.0', '14.1', '16.0', '16.1'] as const;
export type ProtocolVersion = (typeof protocolVersions)[number];

export function isProtocolVersion(version: string): version is ProtocolVersion {
  return (protocolVersions as readonly string[]).includes(version);
}

/** Versions compare as texts: they all have the form `nn.n`. */
export function isSince(version: ProtocolVersion, since: ProtocolVersion): boolean {
  return version >= since;
}

export function isUntil(version: ProtocolVersion, until: ProtocolVersion): boolean {
  return version <= until;
}

/** Class SMS came with 14.0. MS-ASMS 2.2.2 Elements */
export function hasTexts(version: ProtocolVersion): boolean {
  return isSince(version, '14.0');
}

/** Statuses above 100 came with 14.0; before it their place is taken by HTTP codes. MS-ASCMD 2.2.2 Common Status Codes */
export function hasCommonStatuses(version: ProtocolVersion): boolean {
  return isSince(version, '14.0');
}
