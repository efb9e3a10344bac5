// By what a status report knows its text: the number that the modem gave it, which comes round again, and the recipient, who may
// be written otherwise than when it was sent.
// TS 23.040 9.2.2.3 SMS-STATUS-REPORT type

const digitsCompared = 8;

/** Of a part that was sent, and of a report on it. */
export function referenceOf(messageReference: number, recipient: string): string {
  return `${messageReference}/${tailOf(recipient)}`;
}

/** Whether both may be the same number, written with its country or without. */
export function mayBeSame(one: string, other: string): boolean {
  return tailOf(one) === tailOf(other);
}

function tailOf(number: string): string {
  return number.replaceAll(/[^0-9*#]/g, '').slice(-digitsCompared);
}
