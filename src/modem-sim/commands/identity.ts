// Who the modem and its SIM are.
// TS 27.007 5 General commands, V.250 6.1.3 Request identification information

import { readParameters } from '../command-line.js';
import { type CommandRow, type CommandRows, say } from '../command-row.js';
import type { Modem } from '../modem.js';

function fixed(lines: (modem: Modem) => string | readonly string[]): CommandRow {
  return { action: say(({ modem }) => lines(modem)), test: say(() => []) };
}

const manufacturer = fixed(({ profile }) => profile.manufacturer);
const model = fixed(({ profile }) => profile.model);
const revision = fixed(({ profile }) => profile.revision);
const serialNumber = fixed(({ parts }) => parts.imei);

export const identityCommands: CommandRows = {
  I: fixed(({ profile }) => [
    profile.manufacturer,
    profile.model,
    `REVISION ${profile.revision.replace(/^REVISION /, '')}`,
  ]),
  '+CGMI': manufacturer,
  '+GMI': manufacturer,
  '+CGMM': model,
  '+GMM': model,
  '+CGMR': revision,
  '+GMR': revision,
  '+CGSN': serialNumber,
  '+GSN': serialNumber,
  '+GCAP': fixed(() => '+GCAP: +CGSM'),
  '+CIMI': { ...fixed(({ sim }) => sim.imsi), needs: 'pin' },
  '+CCID': { ...fixed(({ sim }) => `+CCID: "89${sim.imsi}000"`), needs: 'sim' },
  '+CNUM': { ...fixed(({ number }) => `+CNUM: "","${number}",145`), needs: 'pin' },
  '+CBC': fixed(() => '+CBC: 0,100'),
  '+CPAS': fixed(({ calls }) => `+CPAS: ${calls.current === undefined ? 0 : calls.current.isAnswered ? 4 : 3}`),
  '+CCLK': { read: say(({ modem }) => `+CCLK: "${clockText(modem.clock.now())}"`), set: () => 'OK' },
  // TS 27.007 5.5 Select TE character set +CSCS
  '+CSCS': {
    test: say(({ modem }) => `+CSCS: (${modem.profile.charsets.map((name) => `"${name}"`).join(',')})`),
    read: say(({ modem }) => `+CSCS: "${modem.settings.cscs}"`),
    set: ({ modem, command }) => {
      const [name = ''] = readParameters(command.value);
      if (!modem.profile.charsets.includes(name)) return { cme: 4 };
      modem.settings.cscs = name;
      return 'OK';
    },
  },
};

function clockText(now: number): string {
  const utc = new Date(now).toISOString();
  return `${utc.slice(2, 10).replaceAll('-', '/')},${utc.slice(11, 19)}+00`;
}
