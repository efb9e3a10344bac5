// How messages are written and sent.
// TS 27.005 3.2 General Configuration Commands, 3.3 Message Configuration Commands, 3.5.6 More Messages to Send +CMMS

import { readInteger, readParameters } from '../command-line.js';
import { accepted, type CommandRows, type Handler, rangeText, say, switchRow } from '../command-row.js';
import { fromCharset, inCharset } from '../text-mode.js';

const service: Handler = ({ modem, line, command }) => {
  const value = readInteger(command.value, 0);
  if (!modem.profile.csms.includes(value)) return { cms: 303 };
  modem.settings.csms = value;
  line.inform(['+CSMS: 1,1,1']);
  return 'OK';
};

const format: Handler = ({ modem, command }) => {
  const value = readInteger(command.value, 0);
  if (value !== 0 && !(value === 1 && modem.profile.textMode)) return { cms: 303 };
  modem.settings.cmgf = value;
  return 'OK';
};

const setServiceCentre: Handler = ({ modem, command }) => {
  const [written = '', type] = readParameters(command.value);
  const number = fromCharset(written, modem.settings);
  if (!/^\+?\d{1,20}$/.test(number)) return { cms: 304 };
  modem.ownServiceCentre = type === '145' && !number.startsWith('+') ? `+${number}` : number;
  return 'OK';
};

const setTextParameters: Handler = ({ modem, command }) => {
  const before = modem.settings.csmp;
  const given = readParameters(command.value).map((each, n) => readInteger(each, before[n]));
  if (given.length > 4 || given.some((value) => !(value >= 0 && value <= 255))) return { cms: 305 };
  modem.settings.csmp = before.map((value, n) => given[n] ?? value) as typeof before;
  return 'OK';
};

export const messageSettingCommands: CommandRows = {
  '+CSMS': {
    family: 'cms',
    test: say(({ modem }) => `+CSMS: ${rangeText(modem.profile.csms)}`),
    read: say(({ modem }) => `+CSMS: ${modem.settings.csms},1,1,1`),
    set: service,
  },
  '+CMGF': {
    family: 'cms',
    test: say(({ modem }) => `+CMGF: ${rangeText(modem.profile.textMode ? [0, 1] : [0])}`),
    read: say(({ modem }) => `+CMGF: ${modem.settings.cmgf}`),
    set: format,
    action: format,
  },
  '+CSCA': {
    needs: 'pin',
    family: 'cms',
    test: say(() => []),
    read: say(({ modem: { serviceCentre, settings } }) => {
      const number = serviceCentre === undefined ? '' : inCharset(serviceCentre, settings);
      return `+CSCA: "${number}",${serviceCentre?.startsWith('+') ? 145 : 129}`;
    }),
    set: setServiceCentre,
  },
  '+CSMP': {
    family: 'cms',
    test: say(() => []),
    read: say(({ modem }) => `+CSMP: ${modem.settings.csmp.join(',')}`),
    set: setTextParameters,
  },
  '+CSDH': switchRow('+CSDH', 'csdh', [0, 1]),
  '+CMMS': switchRow('+CMMS', 'cmms', [0, 1, 2]),
  '+CSAS': { set: accepted, action: accepted },
  '+CRES': { set: accepted, action: accepted },
};
