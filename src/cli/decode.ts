// `easms decode FILE|HEX`: the readable form of a document.

import { existsSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import { PushError } from '../push/errors.js';
import type { PushSecrets } from '../push/read-push.js';
import { decode } from '../wbxml/decode.js';
import { WbxmlError } from '../wbxml/errors.js';
import { toXml } from '../wbxml/xml.js';
import { describePush, type PushKind, pushKinds } from './decode-push.js';

export function decodeCommand(): Command {
  return new Command('decode')
    .description('print the readable form of a document')
    .argument('<file-or-hex>', 'a file, or the octets as hexadecimal digits')
    .option('--eas', 'ActiveSync WBXML (the default)')
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
    .action((input: string, flags: DecodeFlags, command: Command) => {
      try {
        command.configureOutput().writeOut?.(describe(readOctets(input), flags));
      } catch (error) {
        command.error(`easms decode: ${reasonOf(error)}`);
      }
    });
}

type DecodeFlags = PushSecrets & { readonly [Kind in PushKind]?: boolean };

function describe(octets: Uint8Array, { password, nonce, pin, imsi, ...flags }: DecodeFlags): string {
  const kind = (Object.keys(pushKinds) as PushKind[]).find((each) => flags[each]);
  if (kind === undefined) return toXml(decode(octets));
  return `${describePush(octets, kind, { password, nonce, pin, imsi })}\n`;
}

// A file of that name goes before digits that happen to be its name.
function readOctets(input: string): Uint8Array {
  if (existsSync(input)) return readFileSync(input);
  const digits = input.replaceAll(/\s/g, '');
  if (!/^([0-9a-f]{2})+$/i.test(digits)) throw new InputError('the argument is neither a file nor hexadecimal digits');
  return Buffer.from(digits, 'hex');
}

class InputError extends Error {}

function reasonOf(error: unknown): string {
  if (error instanceof WbxmlError || error instanceof PushError) return `${error.code}: ${error.message}`;
  if (error instanceof InputError || (error instanceof Error && 'syscall' in error)) return error.message;
  throw error;
}
