// The parameters behind the colon of a line.
// V.250 5.7.2 Extended syntax result codes, 5.4.2.1 Decimal numeric constants, 5.7.3 Information text formats for test commands
//
//    +CMGL: 3,1,"",24          3 | 1 | (empty) | 24
//    +CNMI: (0-2),(0,1,3)      0-2 | 0,1,3

/** Of one line, quotes and spaces around them dropped; what stands in brackets is one field. */
export function fieldsOf(line: string): string[] {
  const text = parametersOf(line);
  const fields: string[] = [];
  let field = '';
  let isQuoted = false;
  let depth = 0;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) field += character;
    else if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === ',' && depth <= 0) {
      fields.push(field);
      field = '';
    } else if (character !== ' ') field += character;
  }
  return [...fields, field];
}

/** What stands behind `+NAME:`; a modem may leave out the space. */
export function parametersOf(line: string): string {
  return line.slice(line.indexOf(':') + 1).trim();
}

/** The numbers of one field of a test command: `0-2,5` is 0, 1, 2 and 5. */
export function numbersOf(field: string | undefined): number[] {
  return (field ?? '').split(',').flatMap((item) => {
    const [, first, last] = /^\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?\s*$/.exec(item) ?? [];
    if (first === undefined) return [];
    const from = Number(first);
    const to = Math.min(Number(last ?? first), from + 255);
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);
  });
}

/** The words of one field of a test command: `"SM","ME"`. */
export function wordsOf(field: string | undefined): string[] {
  return (field ?? '').split(',').filter((word) => word !== '');
}

/** `undefined` where the field is empty or no number. */
export function numberOf(field: string | undefined): number | undefined {
  return field !== undefined && /^\d{1,9}$/.test(field) ? Number(field) : undefined;
}

/** The last parameter of a line that brings a PDU. TS 27.005 3.1 <length> */
export function tpduOctetsOf(line: string): number | undefined {
  return numberOf(fieldsOf(line).at(-1));
}
