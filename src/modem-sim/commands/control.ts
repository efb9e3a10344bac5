// Commands that set how the modem answers.
// V.250 6.1 Generic DCE control commands, 6.2 DTE-DCE interface commands

import { accepted, type CommandRow, type CommandRows, type Handler, say } from '../command-row.js';
import type { Switchable } from '../settings.js';

const reset: Handler = ({ modem }) => {
  modem.factoryReset();
  return 'OK';
};

/** Of a basic command: its number, 0 where none is written. */
function basic(key: Switchable, highest: number): CommandRow {
  return {
    action: ({ modem, command }) => {
      const value = Number(command.value);
      if (value > highest) return 'ERROR';
      modem.settings[key] = value;
      return 'OK';
    },
  };
}

function register(key: Switchable): CommandRow {
  return {
    read: say(({ modem }) => String(modem.settings[key]).padStart(3, '0')),
    set: ({ modem, command }) => {
      const value = Number(command.value);
      if (command.value === '' || value > 127) return 'ERROR';
      modem.settings[key] = value;
      return 'OK';
    },
  };
}

const ignored: CommandRow = { action: accepted };

// Of calls that nobody makes here: rings before answering, escape character, waits.
const otherRegisters = ['S0', 'S1', 'S2', 'S6', 'S7', 'S8', 'S9', 'S10', 'S12'];
const unusedRegister: CommandRow = { set: accepted, read: say(() => '000') };

export const controlCommands: CommandRows = {
  E: basic('echo', 1),
  V: basic('verbose', 1),
  Q: basic('quiet', 1),
  Z: { action: reset },
  '&F': { action: reset },
  S3: register('s3'),
  S4: register('s4'),
  S5: register('s5'),
  ...Object.fromEntries(otherRegisters.map((name) => [name, unusedRegister])),
  ...Object.fromEntries(['X', 'L', 'M', '&C', '&D', '&K', '&S', '&W', '&V', '\\Q'].map((name) => [name, ignored])),
  '+CMEE': {
    test: say(() => '+CMEE: (0,1,2)'),
    read: say(({ modem }) => `+CMEE: ${modem.settings.cmee}`),
    set: ({ modem, command }) => {
      const value = Number(command.value);
      if (![0, 1, 2].includes(value)) return { cme: 50 };
      modem.settings.cmee = value;
      return 'OK';
    },
  },
  '+IPR': { test: say(() => '+IPR: (),(0,9600,19200,38400,57600,115200)'), read: say(() => '+IPR: 0'), set: accepted },
  '+ICF': { read: say(() => '+ICF: 3,3'), set: accepted },
  // A line without hardware flow control refuses to use it.
  '+IFC': {
    test: say(() => '+IFC: (0),(0)'),
    read: say(() => '+IFC: 0,0'),
    set: ({ command }) => (/^0?(,0?)?$/.test(command.value) ? 'OK' : 'ERROR'),
  },
};
