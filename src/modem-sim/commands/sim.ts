// PIN and PUK.
// TS 27.007 8.3 Enter PIN +CPIN, 8.65 Remaining PIN retries +CPINR, 7.4 Facility lock +CLCK, 7.5 Change password +CPWD

import { readParameters } from '../command-line.js';
import { type CommandRows, type Handler, say } from '../command-row.js';
import type { FinalResult } from '../result-codes.js';

const incorrectPassword: FinalResult = { cme: 16 };

const readPin: Handler = (call) => {
  const { modem, line, occasion } = call;
  const state = modem.sim.pinState;
  const isQuoted = state === 'READY' && modem.faults.strike('cpin-quoted', occasion);
  line.inform([`+CPIN: ${isQuoted ? `"${state}"` : state}`]);
  return 'OK';
};

const enterPin: Handler = ({ modem, command }) => {
  const { sim } = modem;
  const [code = '', newPin] = readParameters(command.value);
  const state = sim.pinState;
  if (state === 'READY') return { cme: 3 };
  if (state === 'SIM PUK' && newPin === undefined) return { cme: 12 };
  const isRight = newPin === undefined ? sim.enterPin(code) : sim.enterPuk(code, newPin);
  if (!isRight) return sim.pinState === 'SIM PUK' ? { cme: 12 } : incorrectPassword;
  modem.comeBack();
  return 'OK';
};

// +CLCK="SC",mode,password: 0 off, 1 on, 2 asked
const lock: Handler = ({ modem, line, command }) => {
  const [facility, mode, password = ''] = readParameters(command.value);
  if (facility !== 'SC') return { cme: 4 };
  if (mode === '2') {
    line.inform([`+CLCK: ${modem.sim.isLocked ? 1 : 0}`]);
    return 'OK';
  }
  if (mode !== '0' && mode !== '1') return { cme: 50 };
  return modem.sim.setLock(mode === '1', password) ? 'OK' : incorrectPassword;
};

const changePassword: Handler = ({ modem, command }) => {
  const [facility, old = '', newPin = ''] = readParameters(command.value);
  if (facility !== 'SC') return { cme: 4 };
  return modem.sim.changePin(old, newPin) ? 'OK' : incorrectPassword;
};

export const simCommands: CommandRows = {
  '+CPIN': { needs: 'sim', read: readPin, set: enterPin, test: say(() => []) },
  '+CPINR': {
    needs: 'sim',
    action: say(({ modem: { sim } }) => [
      `+CPINR: SIM PIN,${sim.pinLeft},3`,
      `+CPINR: SIM PUK,${sim.pukLeft},10`,
      '+CPINR: SIM PIN2,3,3',
      '+CPINR: SIM PUK2,10,10',
    ]),
    set: say(({ modem: { sim }, command }) => {
      const [which = ''] = readParameters(command.value);
      return which === 'SIM PUK' ? `+CPINR: SIM PUK,${sim.pukLeft},10` : `+CPINR: SIM PIN,${sim.pinLeft},3`;
    }),
    test: say(() => []),
  },
  // Huawei: state, tries of the state, of PUK, PIN, PUK2, PIN2
  '^CPIN': {
    needs: 'sim',
    read: say(({ modem: { sim } }) => {
      const state = sim.pinState;
      const left = state === 'READY' ? '' : state === 'SIM PIN' ? sim.pinLeft : sim.pukLeft;
      return `^CPIN: ${state},${left},${sim.pukLeft},${sim.pinLeft},10,3`;
    }),
  },
  // Siemens: tries of what is wanted now
  '^SPIC': {
    needs: 'sim',
    action: say(({ modem: { sim } }) => `^SPIC: ${sim.pinState === 'SIM PUK' ? sim.pukLeft : sim.pinLeft}`),
  },
  '+CLCK': { needs: 'sim', set: lock, test: say(() => '+CLCK: ("SC")') },
  '+CPWD': { needs: 'sim', set: changePassword, test: say(() => '+CPWD: ("SC",8)') },
};
