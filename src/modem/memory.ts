// What has to be known of a modem when this process begins anew. Whoever owns the modem keeps it.

export interface ModemMemory {
  /** Of the modem that was there last. */
  imei?: string | undefined;
  imsi?: string | undefined;
  /** Where it was found, if that is not where it is configured. */
  device?: string | undefined;
  /** The PIN that was entered and not yet known to be right, or known to be wrong; as a digest. */
  triedPin?: string | undefined;
  pinFailed?: boolean | undefined;
}

export interface MemoryKeeper {
  read(): Promise<ModemMemory>;
  /** On disk before it resolves; what is not named stays. */
  write(change: ModemMemory): Promise<void>;
}
