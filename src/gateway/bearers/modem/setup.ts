// The options of a gateway of type `gsm-modem`.
//
//   device                the port: /dev/ttyUSB0, /dev/serial/by-id/…, COM3, tcp:host:port
//   template              a product that is known; without it the modem is asked what it is
//   pin                   of the SIM; else the password of the gateway
//   smsCenter             number of the service centre; else the one that the SIM knows
//   sendTimeoutSeconds    from Ctrl-Z to the word of the modem, default 60
//   baudRate              of a serial port, default as the template has it
//   statusReports         whether delivery reports are asked for, default true
//   nationalLanguages     whose letters may be written in GSM 7 bit where that makes fewer parts: turkish, hindi, …; default none
//   logContent            whether the trace shows numbers and texts, default false

import { isDeviceName } from '../../../modem/device-name.js';
import type { ModemSetup } from '../../../modem/modem.js';
import { isTemplate, templates } from '../../../modem/templates.js';
import { NationalLanguage } from '../../../sms/national/languages.js';
import { OptionError } from '../../errors.js';

export interface ModemOptions {
  device?: string;
  template?: string;
  pin?: string;
  smsCenter?: string;
  sendTimeoutSeconds?: number;
  baudRate?: number;
  statusReports?: boolean;
  nationalLanguages?: readonly string[];
  logContent?: boolean;
}

const languages: ReadonlyMap<string, NationalLanguage> = new Map(
  Object.entries(NationalLanguage).map(([name, language]) => [name.toLowerCase(), language]),
);
const baudRates = [1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600];
const pin = /^\d{4,8}$/;

const checks: Record<keyof ModemOptions, (value: unknown) => boolean> = {
  device: (value) => typeof value === 'string' && isDeviceName(value),
  template: (value) => typeof value === 'string' && isTemplate(value),
  pin: (value) => typeof value === 'string' && pin.test(value),
  smsCenter: (value) => typeof value === 'string' && /^\+?\d{3,20}$/.test(value),
  sendTimeoutSeconds: (value) => typeof value === 'number' && value >= 5 && value <= 600,
  baudRate: (value) => baudRates.includes(value as number),
  statusReports: (value) => typeof value === 'boolean',
  nationalLanguages: (value) => Array.isArray(value) && value.every((name) => languages.has(name as string)),
  logContent: (value) => typeof value === 'boolean',
};

const details: Partial<Record<keyof ModemOptions, string>> = {
  device: 'It is written /dev/ttyUSB0, COM3 or tcp:host:port.',
  template: `It is one of ${Object.keys(templates).join(', ')}.`,
  pin: 'It has four to eight digits.',
  nationalLanguages: `They are some of ${[...languages.keys()].join(', ')}.`,
};

export interface GatewaySetup {
  modem: ModemSetup;
  asksForReports: boolean;
  nationalLanguages: readonly NationalLanguage[];
}

/** `password` is that of the gateway. @throws OptionError */
export function readModemSetup(options: Record<string, unknown>, password?: string | null): GatewaySetup {
  const bad = Object.entries(options).find(([name, value]) => !Object.hasOwn(checks, name) || !isRight(name, value));
  if (bad) throw new OptionError(bad[0], details[bad[0] as keyof ModemOptions]);
  const { device, template, smsCenter, sendTimeoutSeconds = 60, baudRate, ...others } = options as ModemOptions;
  if (device === undefined) throw new OptionError('device', details.device);
  return {
    asksForReports: others.statusReports ?? true,
    nationalLanguages: (others.nationalLanguages ?? []).map((name) => languages.get(name)!),
    modem: {
      device,
      template: template === undefined ? undefined : templates[template as keyof typeof templates],
      baudRate,
      pin: others.pin ?? pinIn(password),
      serviceCentre: smsCenter,
      sendTimeoutMilliseconds: sendTimeoutSeconds * 1000,
      logsContent: others.logContent ?? false,
    },
  };
}

function isRight(name: string, value: unknown): boolean {
  return checks[name as keyof ModemOptions](value);
}

// The document has one field for both.
function pinIn(password: string | null | undefined): string | undefined {
  return typeof password === 'string' && pin.test(password) ? password : undefined;
}
