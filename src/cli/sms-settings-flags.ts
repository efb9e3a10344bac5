// What may be said of sending at the level of a user or of a domain.

import type { Command } from 'commander';
import { CliError } from './errors.js';

export interface SmsSettingsFlags {
  readonly smsGateway?: string;
  readonly smsLimit?: string;
  readonly smsExpires?: string;
  readonly smsActive?: boolean;
  readonly smsSettings?: boolean;
}

export function withSmsSettingsFlags(command: Command): Command {
  return command
    .option('--sms-gateway <id>', 'texts wait for this one alone')
    .option('--sms-limit <parts>', 'a month; 0 for no limit')
    .option('--sms-expires <day>', 'the last day, such as 2026-11-30')
    .option('--sms-active', 'may send')
    .option('--no-sms-active')
    .option('--no-sms-settings', 'the wider level decides again');
}

/** Nothing where no flag is given. @throws CliError WRONG_USAGE */
export function readSmsSettings(flags: SmsSettingsFlags): { smsSettings?: object | null } {
  if (flags.smsSettings === false) return { smsSettings: null };
  const { smsGateway: gateway, smsLimit, smsExpires: expires, smsActive: active } = flags;
  if (smsLimit !== undefined && !/^\d{1,9}$/.test(smsLimit))
    throw new CliError('WRONG_USAGE', `${smsLimit} is no number of texts`);
  const fields = { gateway, monthlyLimit: smsLimit === undefined ? undefined : Number(smsLimit), expires, active };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return given.length > 0 ? { smsSettings: Object.fromEntries(given) } : {};
}
