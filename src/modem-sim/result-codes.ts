// Final result codes, and the names that +CMEE=2 has for error numbers.
// V.250 6.3 Result codes, TS 27.007 9.2 ME error result code: +CME ERROR, TS 27.005 3.2.5 +CMS ERROR

/** `silent`: nothing is answered, as by a modem that is gone or hangs. */
export type FinalResult =
  'OK' | 'ERROR' | 'CONNECT' | 'NO CARRIER' | 'BUSY' | 'silent' | { cme: number } | { cms: number };

export type Answer = FinalResult | Promise<FinalResult>;

/** What ATV0 has for them. V.250 6.3.1 Table 1 */
const numbers: Readonly<Record<string, number>> = { OK: 0, CONNECT: 1, RING: 2, 'NO CARRIER': 3, ERROR: 4, BUSY: 7 };

/** By +CMEE: 0 hides the number of a +CME ERROR, 2 writes its name. */
export function resultText(result: Exclude<FinalResult, 'silent'>, cmee: number): string {
  if (typeof result === 'string') return result;
  if ('cms' in result) return `+CMS ERROR: ${cmee === 2 ? nameOf(cmsNames, result.cms) : result.cms}`;
  if (cmee === 0) return 'ERROR';
  return `+CME ERROR: ${cmee === 2 ? nameOf(cmeNames, result.cme) : result.cme}`;
}

/** As ATV0 writes it: errors with a number stay as they are. */
export function numericResult(text: string): string {
  return String(numbers[text] ?? text);
}

function nameOf(names: Readonly<Record<number, string>>, number: number): string {
  return names[number] ?? String(number);
}

// TS 27.007 9.2.1 General errors
const cmeNames: Readonly<Record<number, string>> = {
  0: 'phone failure',
  3: 'operation not allowed',
  4: 'operation not supported',
  5: 'PH-SIM PIN required',
  10: 'SIM not inserted',
  11: 'SIM PIN required',
  12: 'SIM PUK required',
  13: 'SIM failure',
  14: 'SIM busy',
  15: 'SIM wrong',
  16: 'incorrect password',
  17: 'SIM PIN2 required',
  18: 'SIM PUK2 required',
  20: 'memory full',
  21: 'invalid index',
  22: 'not found',
  30: 'no network service',
  31: 'network timeout',
  32: 'network not allowed - emergency calls only',
  50: 'incorrect parameters',
  100: 'unknown',
};

// TS 27.005 3.2.5 Message service failure result code
const cmsNames: Readonly<Record<number, string>> = {
  300: 'ME failure',
  301: 'SMS service of ME reserved',
  302: 'operation not allowed',
  303: 'operation not supported',
  304: 'invalid PDU mode parameter',
  305: 'invalid text mode parameter',
  310: 'SIM not inserted',
  311: 'SIM PIN required',
  312: 'PH-SIM PIN required',
  313: 'SIM failure',
  314: 'SIM busy',
  315: 'SIM wrong',
  316: 'SIM PUK required',
  320: 'memory failure',
  321: 'invalid memory index',
  322: 'memory full',
  330: 'SMSC address unknown',
  331: 'no network service',
  332: 'network timeout',
  340: 'no +CNMA acknowledgement expected',
  500: 'unknown error',
};
