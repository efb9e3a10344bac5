// What goes over the line to a modem, for the log: with the octets of each line in brackets, and without numbers and texts
// unless a setting asks for them. A PIN is never written.
//
//    > AT+CMGS=23 [10]
//    < > [1]
//    > … [48]
//    < +CMGS: 12 [9]

export interface ModemLog {
  isTracing(): boolean;
  trace(line: string): void;
  warn(about: object, sentence: string): void;
  info(about: object, sentence: string): void;
}

export interface ExchangeLog {
  sent(line: string): void;
  received(line: string): void;
}

export function openExchangeLog(log: ModemLog, showsContent: boolean): ExchangeLog {
  const write = (arrow: string, line: string): void => {
    if (!log.isTracing()) return;
    const shown = showsContent ? withoutPin(line) : masked(line);
    log.trace(`${arrow} ${printable(shown)} [${line.length}]`);
  };
  return { sent: (line) => write('>', line), received: (line) => write('<', line) };
}

const withoutContent = [
  // A PDU; an IMSI or IMEI that stands alone.
  /^[0-9A-Fa-f]{14,}$/,
];

/** A line without what people wrote, and without their numbers. */
export function masked(line: string): string {
  const plain = line.replaceAll('\x1a', '');
  if (withoutContent.some((pattern) => pattern.test(plain))) return '…';
  return withoutPin(plain)
    .replaceAll(/^(\+CUSD:\s*\d+\s*,).*$/gs, '$1…')
    .replaceAll(/"[^"]*"/g, (quoted) => (/^"[A-Z_]{2,12}"$/.test(quoted) ? quoted : '"…"'))
    .replaceAll(/\d{7,}/g, '…');
}

// TS 27.007 8.3 Enter PIN +CPIN
function withoutPin(line: string): string {
  return line.replace(/^(AT\+CPIN=).*$/i, '$1…');
}

function printable(line: string): string {
  return line.replaceAll(
    /[^\x20-\x7e…]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** AT+CMGS of AT+CMGS=23: what an error may say of a command. */
export function commandName(text: string): string {
  return /^AT[+^*&%]?[A-Z]*\d?/i.exec(text)?.[0] ?? 'AT';
}
