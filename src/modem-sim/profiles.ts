// The modems that can be emulated. "generic" comes first and says what the others change.
// docs/modem-sim.md says what each of them is good for.

import type { Profile } from './profile.js';

const generic: Profile = {
  manufacturer: 'easms',
  model: 'Emulated modem',
  revision: '1.0',
  echo: 1,
  charsets: ['GSM', 'IRA', 'UCS2', 'HEX', '8859-1'],
  cnmi: [
    [0, 1, 2, 3],
    [0, 1, 2, 3],
    [0, 2],
    [0, 1, 2],
    [0, 1],
  ],
  csms: [0, 1],
  textMode: true,
  memories: {
    capacities: { SM: 50, ME: 255, SR: 50 },
    firstIndex: 1,
    choices: [
      ['SM', 'ME', 'MT', 'SR'],
      ['SM', 'ME'],
      ['SM', 'ME', 'MT'],
    ],
  },
  receives: true,
  unknown: [],
  own: {},
  boot: [],
  chatter: ['+CIEV: 2,4'],
  packedUssd: false,
  restartCutsLine: false,
  emptyListIsError: false,
};

const huawei: Profile = {
  ...generic,
  manufacturer: 'huawei',
  charsets: ['IRA', 'GSM', 'UCS2'],
  cnmi: [
    [0, 1, 2],
    [0, 1, 2, 3],
    [0, 2],
    [0, 1, 2],
    [0, 1],
  ],
  memories: {
    capacities: { SM: 20, ME: 100, SR: 20 },
    firstIndex: 0,
    choices: [
      ['SM', 'ME', 'SR'],
      ['SM', 'ME', 'SR'],
      ['SM', 'ME', 'SR'],
    ],
  },
  own: {
    '^SYSINFO': ['^SYSINFO:2,3,0,5,1'],
    '^CURC': [],
    '^SYSCFG': ['^SYSCFG:2,2,3FFFFFFF,1,2'],
    '^HCSQ': ['^HCSQ:"WCDMA",45,40,50'],
  },
  boot: ['^SIMST:1', '^SRVST:2', '^MODE:5,4'],
  chatter: ['^RSSI:20', '^BOOT:21364012,0,0,0,6', '^MODE:5,4'],
  packedUssd: true,
  restartCutsLine: true,
};

const siemens: Profile = {
  ...generic,
  manufacturer: 'SIEMENS',
  charsets: ['GSM', 'UCS2'],
  // No indication of status reports from memory, and bfr 1 alone.
  cnmi: [[0, 1, 2], [0, 1, 2], [0, 2], [0, 1], [1]],
  memories: {
    capacities: { SM: 20, ME: 25 },
    firstIndex: 1,
    choices: [
      ['MT', 'SM', 'ME'],
      ['SM', 'ME'],
      ['MT', 'SM'],
    ],
  },
  own: { '^SMSO': ['^SMSO: MS OFF'], '^SCFG': [], '^SSMSS': [] },
  boot: ['^SYSSTART'],
  chatter: ['^SCKS: 1', '+CIEV: rssi,4'],
};

/** By the name that `--profile` has for them. */
export const profiles: Readonly<Record<string, Profile>> = {
  generic,
  'huawei-e220': { ...huawei, model: 'E220', revision: '11.117.09.00.00' },
  'huawei-e1556': { ...huawei, model: 'E1556', revision: '11.609.10.02.00', unknown: ['+CMMS'] },
  'siemens-es75': { ...siemens, model: 'ES75', revision: 'REVISION 03.001' },
  'mtcba-g-f2': {
    ...generic,
    manufacturer: 'MULTITECH',
    model: 'MTCBA-G-F2',
    revision: '641_09gg.Q2403A',
    // Wavecom inside: stored messages alone, ds 2 is refused.
    cnmi: [
      [0, 1, 2],
      [0, 1, 2, 3],
      [0, 1, 2],
      [0, 1],
      [0, 1],
    ],
    memories: {
      capacities: { SM: 20, SR: 10 },
      firstIndex: 1,
      choices: [['SM', 'SR'], ['SM'], ['SM']],
    },
    own: { '+WIND': [], '+WOPEN': ['+WOPEN: 0'] },
    boot: ['+WIND: 3', '+WIND: 4'],
    chatter: ['+WIND: 7'],
    emptyListIsError: true,
  },
  'nokia-e51': {
    ...generic,
    manufacturer: 'Nokia',
    model: 'Nokia E51',
    revision: 'V 400.34.011',
    cnmi: [[0, 1], [0], [0], [0], [0]],
    csms: [0],
    receives: false,
    unknown: ['+CMGL', '+CMGR', '+CNMA', '+CSCS', '+CUSD'],
    chatter: ['*ECAV: 1'],
  },
  '2n-voiceblue': {
    ...generic,
    manufacturer: '2N Telekomunikace a.s.',
    model: 'VoiceBlue',
    revision: '3.14',
    echo: 0,
    cnmi: [[0, 1, 2], [0, 1, 2], [0], [0, 1, 2], [0]],
    textMode: false,
    unknown: ['+CMMS', '+CPINR'],
    chatter: ['*smsinc: 1'],
  },
  'simcom-sim800': {
    ...generic,
    manufacturer: 'SIMCOM_Ltd',
    model: 'SIMCOM_SIM800L',
    revision: '1418B05SIM800L24',
    memories: {
      capacities: { SM: 30, ME: 100 },
      firstIndex: 1,
      choices: [
        ['SM', 'ME', 'MT'],
        ['SM', 'ME'],
        ['SM', 'ME', 'MT'],
      ],
    },
    boot: ['RDY', '+CFUN: 1', '+CPIN: READY', 'Call Ready', 'SMS Ready'],
    chatter: ['*PSUTTZ: 2026,11,30,14,3,0,"+4",0', '+CREG: 1'],
  },
};
