// `easms decode FILE|HEX`: the readable form of a document.

import { existsSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import { decode } from '../wbxml/decode.js';
import { WbxmlError } from '../wbxml/errors.js';
import { toXml } from '../wbxml/xml.js';

export function decodeCommand(): Command {
  return new Command('decode')
    .description('print the readable form of a document')
    .argument('<file-or-hex>', 'a file, or the octets as hexadecimal digits')
    .option('--eas', 'ActiveSync WBXML (the default)')
    .action((input: string, _options: unknown, command: Command) => {
      try {
        command.configureOutput().writeOut?.(toXml(decode(readOctets(input))));
      } catch (error) {
        command.error(`easms decode: ${reasonOf(error)}`);
      }
    });
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
  if (error instanceof WbxmlError) return `${error.code}: ${error.message}`;
  if (error instanceof InputError || (error instanceof Error && 'syscall' in error)) return error.message;
  throw error;
}
