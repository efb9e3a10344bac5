// Calls, as far as a driver for messages meets them, and USSD.
// V.250 6.3 Call control, TS 27.007 6.5 Hang up call +CHUP, 7.15 +CUSD

import { readInteger, readParameters } from '../command-line.js';
import { type CommandRows, type Handler, say, switchRow } from '../command-row.js';
import { fromCharset } from '../text-mode.js';

const hangUp: Handler = ({ modem }) => {
  modem.calls.end();
  return 'OK';
};

// +CUSD=n[,string[,dcs]]: n is 2 to end a dialogue, else whether answers are told.
const ussd: Handler = ({ modem, command }) => {
  const [written, text, scheme] = readParameters(command.value);
  const n = readInteger(written, 0);
  if (!(n >= 0 && n <= 2)) return { cme: 50 };
  if (n === 2) {
    modem.ussd.end();
    return 'OK';
  }
  modem.settings.cusd = n;
  if (text === undefined || text === '') return 'OK';
  if (!modem.radio.isReachable) return { cme: 30 };
  const isGsm = modem.settings.cscs === 'GSM' && !modem.profile.packedUssd;
  const said = isGsm ? fromCharset(text, modem.settings) : text;
  return modem.ussd.say(said, readInteger(scheme, 15)) ? 'OK' : { cme: 50 };
};

export const callCommands: CommandRows = {
  A: { needs: 'pin', action: ({ modem }) => (modem.calls.answer() ? 'OK' : 'NO CARRIER') },
  // Nobody here takes calls.
  D: { needs: 'pin', action: () => 'NO CARRIER' },
  H: { action: hangUp },
  '+CHUP': { action: hangUp, test: say(() => []) },
  '+CLIP': { ...switchRow('+CLIP', 'clip', [0, 1]), read: say(({ modem }) => `+CLIP: ${modem.settings.clip},1`) },
  '+CRC': switchRow('+CRC', 'crc', [0, 1]),
  '+CLCC': {
    action: say(({ modem }) => {
      const call = modem.calls.current;
      return call ? `+CLCC: 1,1,${call.isAnswered ? 0 : 4},0,0,"${call.from}",145` : [];
    }),
  },
  '+CUSD': {
    needs: 'pin',
    test: say(() => '+CUSD: (0-2)'),
    read: say(({ modem }) => `+CUSD: ${modem.settings.cusd}`),
    set: ussd,
  },
};
