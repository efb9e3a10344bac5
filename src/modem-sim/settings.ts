// What commands set and AT&F sets back.
// V.250 6 DCE control, TS 27.005 3 Message service, TS 27.007 7 Network service related commands

import type { Profile } from './profile.js';

export interface Settings {
  echo: number;
  quiet: number;
  verbose: number;
  /** Registers S3, S4, S5: the characters that end a line, follow it, and delete. */
  s3: number;
  s4: number;
  s5: number;
  cmee: number;
  creg: number;
  cgreg: number;
  cereg: number;
  cmgf: number;
  csdh: number;
  csms: number;
  cmms: number;
  clip: number;
  crc: number;
  cusd: number;
  cscs: string;
  /** mode, mt, bm, ds, bfr. TS 27.005 3.4.1 New Message Indications to TE +CNMI */
  cnmi: [number, number, number, number, number];
  /** fo, vp, pid, dcs. TS 27.005 3.2.7 Set Text Mode Parameters +CSMP */
  csmp: [number, number, number, number];
}

export function factorySettings(profile: Profile): Settings {
  return {
    ...{ echo: profile.echo, quiet: 0, verbose: 1, s3: 13, s4: 10, s5: 8 },
    ...{ cmee: 0, creg: 0, cgreg: 0, cereg: 0 },
    ...{ cmgf: 0, csdh: 0, csms: 0, cmms: 0, clip: 0, crc: 0, cusd: 0, cscs: profile.charsets[0]! },
    ...{ cnmi: [0, 0, 0, 0, 0], csmp: [17, 167, 0, 0] },
  };
}

/** Those that are one number. */
export type Switchable = { [K in keyof Settings]: Settings[K] extends number ? K : never }[keyof Settings];
