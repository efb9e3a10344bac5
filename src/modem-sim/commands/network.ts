// Network and power.
// TS 27.007 7.2 Network registration +CREG, 7.3 PLMN selection +COPS, 8.2 +CFUN, 8.5 Signal quality +CSQ

import { readInteger, readParameters } from '../command-line.js';
import { type Call, type CommandRow, type CommandRows, type Handler, say } from '../command-row.js';
import { Registration } from '../radio.js';
import { inCharset } from '../text-mode.js';

// Of area and cell, in hexadecimal digits.
const place = ',"00C3","0B2F"';

function registration(name: '+CREG' | '+CGREG' | '+CEREG', key: 'creg' | 'cgreg' | 'cereg'): CommandRow {
  return {
    test: say(() => `${name}: (0-2)`),
    read: say(({ modem }) => {
      const mode = modem.settings[key];
      const stat = modem.radio.registration();
      const isThere = mode === 2 && stat !== Registration.None && stat !== Registration.Searching;
      return `${name}: ${mode},${stat}${isThere ? place : ''}`;
    }),
    set: ({ modem, command }) => {
      const mode = readInteger(command.value, 0);
      if (!(mode >= 0 && mode <= 2)) return { cme: 50 };
      modem.settings[key] = mode;
      return 'OK';
    },
  };
}

const operatorName = (call: Call): string => {
  const { modem } = call;
  return modem.radio.isReachable ? `+COPS: 0,0,"${inCharset('Testnet', modem.settings)}",0` : '+COPS: 0';
};

// 0 and 4 switch the radio off, 1 on; with 1 behind it the modem restarts.
const setFunctionality: Handler = ({ modem, command }) => {
  const [written, reset] = readParameters(command.value);
  const value = readInteger(written);
  if (![0, 1, 4].includes(value) || (reset !== undefined && !/^[01]?$/.test(reset))) return { cme: 50 };
  if (reset === '1') modem.clock.after(0, () => modem.restart());
  else modem.radio.setFunctionality(value);
  return 'OK';
};

export const networkCommands: CommandRows = {
  '+CREG': registration('+CREG', 'creg'),
  '+CGREG': registration('+CGREG', 'cgreg'),
  '+CEREG': registration('+CEREG', 'cereg'),
  '+CGATT': {
    read: say(({ modem }) => `+CGATT: ${modem.radio.isReachable ? 1 : 0}`),
    set: () => 'OK',
    test: say(() => '+CGATT: (0,1)'),
  },
  '+COPS': {
    needs: 'pin',
    read: say(operatorName),
    set: ({ command }) => (/^[0-4](,|$)/.test(command.value) ? 'OK' : { cme: 50 }),
    test: say(() => '+COPS: (2,"Testnet","Test","00101"),,(0-4),(0,2)'),
  },
  '+CSQ': {
    action: say(({ modem }) => `+CSQ: ${modem.radio.signal()},99`),
    test: say(() => '+CSQ: (0-31,99),(0-7,99)'),
  },
  '+CFUN': {
    test: say(() => '+CFUN: (0,1,4),(0,1)'),
    read: say(({ modem }) => `+CFUN: ${modem.radio.functionality}`),
    set: setFunctionality,
  },
};
