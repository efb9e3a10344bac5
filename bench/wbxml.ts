// Decoding and encoding a Sync answer of 160 texts, beside libwbxml on the same octets.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decode } from '../src/wbxml/decode.js';
import { encode } from '../src/wbxml/encode.js';
import { median, rounded, type Figure } from './figure.js';
import { syncAnswer } from './sync-answer.js';

const run = promisify(execFile);

const ROUNDS = 25;
const ITERATIONS = 40;
const WARM_UP_ITERATIONS = 400;

const answer = encode(syncAnswer());

export async function wbxmlDecode(): Promise<Figure> {
  const value = microsecondsOf(() => decode(answer));
  const rival = await libwbxml();
  return figureOf('wbxml-decode', value, rival && { name: rival.name, value: rival.decode });
}

/** Beside libwbxml as it encodes by itself, with a string table. */
export async function wbxmlEncode(): Promise<Figure> {
  const value = microsecondsOf(() => encode(tree));
  const rival = await libwbxml();
  return figureOf('wbxml-encode', value, rival && { name: rival.name, value: rival.encode });
}

/** Beside libwbxml when it is told to write all strings inline, as ActiveSync wants them: the narrower comparison. */
export async function wbxmlEncodeInline(): Promise<Figure> {
  const value = microsecondsOf(() => encode(tree));
  const rival = await libwbxml();
  return figureOf(
    'wbxml-encode-inline',
    value,
    rival && { name: `${rival.name} without string table`, value: rival.encodeInline },
  );
}

// As it comes from the wire, like the tree that libwbxml encodes.
const tree = decode(answer);

function microsecondsOf(work: () => unknown): number {
  for (let each = 0; each < WARM_UP_ITERATIONS; each++) work();
  const rounds = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    for (let each = 0; each < ITERATIONS; each++) work();
    return ((performance.now() - start) * 1000) / ITERATIONS;
  });
  return median(rounds);
}

function figureOf(figure: string, value: number, rival: { name: string; value: number } | undefined): Figure {
  const own = { figure, value: rounded(value), unit: 'µs' };
  return rival ? { ...own, rival: rival.name, rivalValue: rival.value, ratio: rounded(rival.value / value) } : own;
}

interface Rival {
  readonly name: string;
  readonly decode: number;
  readonly encode: number;
  readonly encodeInline: number;
}

let measured: Promise<Rival | undefined> | undefined;

// One run of the program gives the numbers of all figures.
function libwbxml(): Promise<Rival | undefined> {
  measured ??= measureLibwbxml().catch((error: Error) => {
    process.stderr.write(
      `libwbxml is not measured (cc and libwbxml2-dev are needed): ${error.message.split('\n')[0]}\n`,
    );
    return undefined;
  });
  return measured;
}

async function measureLibwbxml(): Promise<Rival> {
  const folder = await mkdtemp(join(tmpdir(), 'easms-libwbxml-'));
  try {
    const program = join(folder, 'libwbxml');
    const source = fileURLToPath(new URL('../../bench/rivals/libwbxml.c', import.meta.url));
    await run('cc', ['-O2', '-I/usr/include/libwbxml-1.0', '-o', program, source, '-lwbxml2']);
    const document = join(folder, 'sync-answer.wbxml');
    await writeFile(document, answer);
    const { stdout } = await run(program, [document, String(ROUNDS), String(ITERATIONS)]);
    const [version, ...times] = stdout.trim().split(' ');
    const [decoding, encoding, encodingInline] = times.map(Number) as [number, number, number];
    return { name: `libwbxml ${version}`, decode: decoding, encode: encoding, encodeInline: encodingInline };
  } finally {
    await rm(folder, { recursive: true });
  }
}
