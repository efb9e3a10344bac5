// The ports that say which program of a phone a message is for.
// TS 23.040 9.2.3.24.4 Application Port Addressing Scheme, 16 bit address

export interface Ports {
  readonly destination: number;
  readonly source: number;
}

export const Port = {
  /** WAP push: notifications, client provisioning, indications. */
  WapPush: 2948,
  WspConnectionless: 9200,
  /** Nokia and Ericsson: browser settings and bookmarks. */
  OtaSettings: 49999,
  /** Nokia: SyncML settings. Told by one program alone. */
  OtaSyncSettings: 49996,
  /** Funambol's client in Java. */
  FunambolClient: 50001,
  /** What servers send from. */
  Sender: 49154,
} as const;
