// What makers do in their own way, as data. A template says what is different from `generic`; what it does not name is as there.
// The names are those of the document's list of products that it was tested with.

import type { pinCounters } from './commands/cpin.js';

export interface Template {
  title: string;
  /** Maker and model as the modem tells them, where nobody chose a template. */
  matches: RegExp | undefined;
  baudRate: number;
  /** RTS and CTS. */
  hardwareFlowControl: boolean;
  /** Before all else, each of which the modem may refuse. */
  setUp: readonly string[];
  /** Whether it gives out received messages at all. */
  receives: boolean;
  /** Whether it gives out status reports. */
  reports: boolean;
  /** Where messages may lie, the one that received ones are put in first. */
  memories: readonly string[];
  /** `list` asks for all at once, `index` for one after the other. */
  reading: 'list' | 'index';
  pinCounter: keyof typeof pinCounters | undefined;
  hangUp: string;
  /** The modem starts anew; absent where it does not come back by itself. */
  restart: string | undefined;
  /** Until it is there again. */
  restartSeconds: number;
  /** How it writes codes and their answers: in letters, or as packed septets in hexadecimal. */
  ussd: 'text' | 'packed';
}

const generic: Template = {
  title: 'any modem that follows TS 27.005 and TS 27.007',
  matches: undefined,
  baudRate: 115_200,
  hardwareFlowControl: false,
  // A port that loses DTR for a moment is not to hang up or to reset anything.
  setUp: ['AT&D0'],
  receives: true,
  reports: true,
  memories: ['SM', 'ME'],
  reading: 'list',
  pinCounter: 'standard',
  hangUp: 'AT+CHUP',
  restart: 'AT+CFUN=1,1',
  restartSeconds: 15,
  ussd: 'text',
};

// It stops answering a list after some twenty minutes, and talks of its radio all the time.
const huawei: Template = {
  ...generic,
  setUp: ['AT&D0', 'AT^CURC=0'],
  reading: 'index',
  pinCounter: 'huawei',
  ussd: 'packed',
};

export const templates = {
  generic,
  'siemens-es75': {
    ...generic,
    title: 'Siemens ES75',
    matches: /\b(siemens|cinterion)\b/i,
    pinCounter: 'siemens',
    hangUp: 'ATH',
  },
  'huawei-e220': { ...huawei, title: 'Huawei E220', matches: /huawei.*\bE2\d\d\b/i, memories: ['SM'] },
  'huawei-e1556': { ...huawei, title: 'Huawei E1556', matches: /\bhuawei\b/i, memories: ['SM', 'ME'] },
  'mtcba-g-f2': {
    ...generic,
    title: 'MultiTech MTCBA-G-F2',
    matches: /\b(multi-?tech|wavecom|mtcba)\b/i,
    hardwareFlowControl: true,
    memories: ['SM'],
    pinCounter: undefined,
    hangUp: 'ATH',
    restart: 'AT+CFUN=1',
  },
  'nokia-e51': {
    ...generic,
    title: 'Nokia E51, sends only',
    matches: /\bnokia\b/i,
    receives: false,
    reports: false,
    memories: [],
    pinCounter: undefined,
    // A phone in somebody's hand.
    restart: undefined,
  },
  '2n-voiceblue': {
    ...generic,
    title: '2N VoiceBlue, over Ethernet or its serial port',
    matches: /\b(2N|voiceblue)\b/i,
    setUp: [],
    memories: ['SM'],
    pinCounter: undefined,
    hangUp: 'ATH',
    restart: undefined,
  },
} as const satisfies Record<string, Template>;

export type TemplateName = keyof typeof templates;

export function isTemplate(name: string): name is TemplateName {
  return Object.hasOwn(templates, name);
}

/** By what the modem says it is; `generic` where no other fits. */
export function templateFor(model: string): Template {
  return Object.values<Template>(templates).find(({ matches }) => matches?.test(model)) ?? generic;
}
