// How mail programs mark what is not the writer's: the usual forms in English, German, French, Spanish and Czech.

// A line longer than that is a paragraph.
const longestMark = 400;
// An introduction is wrapped at 72 columns.
const wrappedLines = 3;
// Subject and Cc may stand between From and Sent.
const headerLines = 5;

export function isQuoted(line: string): boolean {
  return line.startsWith('>');
}

/** RFC 3676 4.3 Usenet Signature Convention; the space at its end is often lost. */
export function isSignature(line: string): boolean {
  return line === '-- ' || line === '--';
}

const sentFrom =
  /^(?:Sent from|Get Outlook for|Von meinem|Gesendet von|Envoyé (?:de|depuis)|Enviado (?:desde|de)|Odesláno z)\s/i;

/** `Sent from my iPhone` */
export function isSentFrom(line: string): boolean {
  return line.length <= 80 && sentFrom.test(line.trim());
}

const divider =
  /^-{2,}\s*(?:Original[- ]Message|Original-Nachricht|Ursprüngliche Nachricht|Message d['’]origine|Mensaje original|Původní (?:zpráva|e-mail))\s*-{2,}$/i;
const from = /^\*?(?:From|Von|De|Od)\s?:/i;
const sent = /^\*?(?:Sent|Gesendet|Envoyé|Enviado(?: el)?|Odesláno|Date|Datum|Fecha)\s?:/i;

/** Whether all from this line on is the mail that is answered: a divider, or its header written out. */
export function beginsHistory(lines: readonly string[], at: number): boolean {
  const line = lines[at]!.trim();
  if (line.length > longestMark) return false;
  if (divider.test(line)) return true;
  const header = /^_{10,}$/.test(line) ? at + 1 : at;
  return (
    from.test(lines[header]?.trim() ?? '') &&
    lines.slice(header + 1, header + headerLines).some((each) => sent.test(each.trim()))
  );
}

interface Introduction {
  begins?: string;
  holds?: string;
  ends: readonly string[];
}

const introductions: readonly Introduction[] = [
  { begins: 'On ', ends: [' wrote:'] },
  { begins: 'Am ', holds: ' schrieb', ends: [':'] },
  { holds: ' schrieb am ', ends: [':'] },
  { begins: 'Le ', ends: [' a écrit :', ' a écrit:'] },
  { begins: 'El ', ends: [' escribió:'] },
  { begins: 'Dne ', ends: [' napsal:', ' napsala:', ' napsal(a):'] },
  { holds: ' odesílatel ', ends: [' napsal:', ' napsala:', ' napsal(a):'] },
];

const beginning = /^(?:On|Am|Le|El|Dne) | schrieb am | odesílatel /;

/** The line after `On … wrote:` where that begins at this line. */
export function attributionEnd(lines: readonly string[], at: number): number | undefined {
  if (lines[at]!.length > longestMark || !beginning.test(lines[at]!.trimStart())) return undefined;
  let joined = '';
  for (let end = at + 1; end <= Math.min(at + wrappedLines, lines.length); end++) {
    joined = `${joined} ${lines[end - 1]!.trim().replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ')}`.trim();
    if (joined.length > longestMark || lines[end - 1]!.trim() === '') return undefined;
    if (joined.endsWith(':')) return isIntroduction(joined) ? end : undefined;
  }
  return undefined;
}

// Without a date it is a sentence of the writer's own.
function isIntroduction(line: string): boolean {
  return (
    /\d/.test(line) &&
    introductions.some(
      ({ begins = '', holds = '', ends }) =>
        line.startsWith(begins) && line.includes(holds) && ends.some((end) => line.endsWith(end)),
    )
  );
}
