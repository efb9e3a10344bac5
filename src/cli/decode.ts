// `easms decode FILE|HEX`: the readable form of a document or of a short message.

import { existsSync, readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { PushError } from '../push/errors.js';
import type { PushSecrets } from '../push/read-push.js';
import { TpduError } from '../sms/errors.js';
import { decode } from '../wbxml/decode.js';
import { WbxmlError } from '../wbxml/errors.js';
import { toXml } from '../wbxml/xml.js';
import { describePush, type PushKind, pushKinds } from './decode-push.js';
import { describePdus, type Direction } from './describe-pdu.js';

interface DecodeOptions extends PushSecrets, Readonly<Partial<Record<PushKind, boolean>>> {
  pdu?: true;
  direction?: Direction;
  centre: boolean;
}

export function decodeCommand(): Command {
  return new Command('decode')
    .description('print the readable form of a document or of short messages')
    .argument('<file-or-hex>', 'a file, or the octets as hexadecimal digits')
    .option('--eas', 'ActiveSync WBXML (the default)')
    .option('--pdu', 'PDUs of short messages, one on each line, as modems take and give them')
    .addOption(directionOption())
    .option('--no-centre', 'of a PDU: it begins with the TPDU, without the address of the service centre')
    .option('--san', 'a notification of OMA DS 1.2: alone, with WSP before it, or with the user data header as well')
    .option('--alert', 'an alert of SyncML 1.1, likewise')
    .option('--prov', 'OMA client provisioning, likewise')
    .option('--ota', 'settings or bookmarks of Nokia and Ericsson, likewise')
    .option('--syncset', 'SyncML settings of Nokia, likewise')
    .option('--si', 'a service indication, likewise')
    .option('--password <password>', 'of the digest of a notification')
    .option('--nonce <nonce>', 'of the digest, as it is')
    .option('--pin <digits>', 'that signed a configuration')
    .option('--imsi <digits>', 'that signed a configuration')
    .action((input: string, options: DecodeOptions, command: Command) => {
      try {
        command.configureOutput().writeOut?.(readable(input, options));
      } catch (error) {
        command.error(`easms decode: ${reasonOf(error)}`);
      }
    });
}

function directionOption(): Option {
  return new Option(
    '--direction <direction>',
    'of a PDU: `submit` for what a modem sends, `deliver` for what it receives; told by the octets where it is not given',
  ).choices(['submit', 'deliver']);
}

function readable(input: string, { pdu, direction, centre, ...options }: DecodeOptions): string {
  if (pdu === true) return describePdus(readLines(input), { direction, hasCentre: centre });
  const { password, nonce, pin, imsi } = options;
  const kind = (Object.keys(pushKinds) as PushKind[]).find((each) => options[each]);
  if (kind !== undefined) return `${describePush(readOctets(input), kind, { password, nonce, pin, imsi })}\n`;
  return toXml(decode(readOctets(input)));
}

// A file of that name goes before digits that happen to be its name.
function readOctets(input: string): Uint8Array {
  if (existsSync(input)) return readFileSync(input);
  const digits = input.replaceAll(/\s/g, '');
  if (!/^([0-9a-f]{2})+$/i.test(digits)) throw new InputError('the argument is neither a file nor hexadecimal digits');
  return Buffer.from(digits, 'hex');
}

// Hexadecimal digits as well where it is a file: so modems write them, and so they stand in logs.
function readLines(input: string): string[] {
  const text = existsSync(input) ? readFileSync(input, 'latin1') : input;
  const lines = text.split(/[\r\n]+/).map((line) => line.replaceAll(/\s/g, ''));
  const pdus = lines.filter((line) => line !== '');
  if (pdus.length === 0) throw new InputError('there are no hexadecimal digits');
  return pdus;
}

class InputError extends Error {}

function reasonOf(error: unknown): string {
  if (error instanceof WbxmlError || error instanceof TpduError || error instanceof PushError)
    return `${error.code}: ${error.message}`;
  if (error instanceof InputError || (error instanceof Error && 'syscall' in error)) return error.message;
  throw error;
}
