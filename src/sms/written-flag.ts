// A parameter that is on or off, as requests and addresses write it.

const flags = new Map([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
  ['', false],
]);

/** Off where nothing is written; undefined where it is neither. */
export function readWrittenFlag(written = ''): boolean | undefined {
  return flags.get(written);
}
