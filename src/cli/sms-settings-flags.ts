// What may be said of sending at the level of a user or of a domain.

import type { Command } from 'commander';
import { readNumber } from './reset.js';

export interface SmsSettingsFlags {
  readonly smsGateway?: string | false;
  readonly smsLimit?: string;
  readonly smsExpires?: string | false;
  readonly smsActive?: boolean;
  readonly smsSettings?: boolean;
}

export function withSmsSettingsFlags(command: Command): Command {
  return command
    .option('--sms-gateway <id>', 'texts wait for this one alone')
    .option('--no-sms-gateway', 'any')
    .option('--sms-limit <parts>', 'a month; 0 for no limit')
    .option('--sms-expires <day>', 'the last day, such as 2026-11-30')
    .option('--no-sms-expires', 'for ever')
    .option('--sms-active', 'may send')
    .option('--no-sms-active')
    .option('--no-sms-settings', 'the wider level decides again');
}

/** Nothing where no flag is given. @throws CliError WRONG_USAGE */
export function readSmsSettings(flags: SmsSettingsFlags): { smsSettings?: object | null } {
  if (flags.smsSettings === false) return { smsSettings: null };
  const { smsLimit, smsActive: active } = flags;
  const [gateway, expires] = [orNone(flags.smsGateway), orNone(flags.smsExpires)];
  const fields = { gateway, monthlyLimit: smsLimit === undefined ? undefined : readNumber(smsLimit), expires, active };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return given.length > 0 ? { smsSettings: Object.fromEntries(given) } : {};
}

/** Of an option with a `--no-` as well: `null` takes away what is there. */
export function orNone(flag: string | false | undefined): string | null | undefined {
  return flag === false ? null : flag;
}
