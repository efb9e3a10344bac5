// What an administrator should know of the server, in sentences: as modems are told of.

export interface Finding {
  readonly about: string;
  /** False where it keeps texts from going or coming, or soon will. */
  readonly isWell: boolean;
  readonly says: string;
}

export function well(about: string, says: string): Finding {
  return { about, isWell: true, says };
}

export function bad(about: string, says: string): Finding {
  return { about, isWell: false, says };
}

export function counted(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

export function sized(octets: number): string {
  const megabytes = octets / 2 ** 20;
  if (megabytes < 1) return `${Math.ceil(octets / 1024)} KiB`;
  return megabytes < 2048 ? `${Math.round(megabytes)} MiB` : `${Math.round(megabytes / 1024)} GiB`;
}
