// A command line as the commands it holds.
// V.250 5.2.1 Command line general format, 5.3 Basic syntax commands, 5.4 Extended syntax commands
//
//    AT E0 V1 &D0 S3=13 +CMEE=1;+CREG=2;+CPIN? ^CURC=0
//
// Behind AT the basic commands stand one after the other, extended ones are parted by a semicolon. `D` takes what is left.

export interface AtCommand {
  /** In upper case with its mark: `+CMGS`, `E`, `&F`, `S3`, `^CURC`. */
  readonly name: string;
  /** `+CMGL` · `+CMGL=4` · `+CMGL?` · `+CMGL=?`; basic commands are all actions. */
  readonly form: 'action' | 'set' | 'read' | 'test';
  /** Behind `=`, or the number of a basic command; empty where there is none. */
  readonly value: string;
}

// V.250 5.4.1 Command naming rules. The makers' own begin with other marks than the plus.
const extended = /[+^*#$%!][A-Z][A-Z0-9!%\-./:_]*/iy;
const register = /S(\d+)(?:(\?)|=(\d*))?/iy;
const dial = /D([^\r]*)/iy;
const basic = /([&\\]?[A-Z])(\d*)/iy;
const skipped = /[ ;]*/y;
// A semicolon inside quotes belongs to the value.
const value = /(?:"[^"]*"?|[^;"])*/y;

/** What stands behind `AT`, in order; `undefined` where it is no command line. */
export function readCommandLine(body: string): AtCommand[] | undefined {
  const commands: AtCommand[] = [];
  let at = 0;
  for (;;) {
    at += match(skipped, body, at)![0].length;
    if (at >= body.length) return commands;
    const found = readCommand(body, at);
    if (found === undefined) return undefined;
    commands.push(found.command);
    at = found.end;
  }
}

interface Found {
  command: AtCommand;
  end: number;
}

function readCommand(body: string, at: number): Found | undefined {
  const name = match(extended, body, at)?.[0];
  return name === undefined
    ? readBasic(body, at)
    : readExtended(body, { name: name.toUpperCase(), at: at + name.length });
}

function readExtended(body: string, { name, at }: { name: string; at: number }): Found | undefined {
  const rest = match(value, body, at)![0];
  const end = at + rest.length;
  const written = rest.trim();
  if (written === '') return { command: { name, form: 'action', value: '' }, end };
  if (written === '?') return { command: { name, form: 'read', value: '' }, end };
  if (!written.startsWith('=')) return undefined;
  const given = written.slice(1).trim();
  const command: AtCommand = given === '?' ? { name, form: 'test', value: '' } : { name, form: 'set', value: given };
  return { command, end };
}

function readBasic(body: string, at: number): Found | undefined {
  const dialled = match(dial, body, at);
  if (dialled)
    return { command: { name: 'D', form: 'action', value: dialled[1]!.trim() }, end: at + dialled[0].length };
  const parameter = match(register, body, at);
  if (parameter) {
    const [whole, number, asked, given] = parameter;
    const command: AtCommand = { name: `S${number}`, form: asked ? 'read' : 'set', value: given ?? '' };
    return { command, end: at + whole.length };
  }
  const found = match(basic, body, at);
  if (!found) return undefined;
  return { command: { name: found[1]!.toUpperCase(), form: 'action', value: found[2]! }, end: at + found[0].length };
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** The parameters of a value, quotes taken off; one that is left out is empty. V.250 5.4.2.1 Parameter set commands */
export function readParameters(written: string): string[] {
  const found = written.match(/"[^"]*"?|[^,"]+|,/g) ?? [];
  const parameters = [''];
  for (const token of found) {
    if (token === ',') parameters.push('');
    else parameters[parameters.length - 1] += token.startsWith('"') ? token.replaceAll('"', '') : token.trim();
  }
  return parameters;
}

/** A parameter that is a number; `otherwise` where it is left out, NaN where it is none. */
export function readInteger(parameter: string | undefined, otherwise = NaN): number {
  if (parameter === undefined || parameter === '') return otherwise;
  return /^\d{1,9}$/.test(parameter) ? Number(parameter) : NaN;
}
