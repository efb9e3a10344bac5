// The numbers of a modem and its SIM, made of the subscriber's number so that they differ as it does.
// TS 23.003 2.2 Composition of IMSI, 6.2.1 Composition of IMEI, B.2 Computation of CD for an IMEI

// 00101 is the test network, 35 a reporting body of test equipment.
const testNetwork = '00101';
const typeAllocation = '35693803';

export function imsiFor(number: string): string {
  return testNetwork + lastDigits(number, 10);
}

export function imeiFor(number: string): string {
  const fourteen = typeAllocation + lastDigits(number, 6);
  return fourteen + checkDigit(fourteen);
}

function lastDigits(number: string, count: number): string {
  return number.replace(/\D/g, '').slice(-count).padStart(count, '0');
}

/** Luhn. */
function checkDigit(digits: string): string {
  const sum = [...digits].reduce((total, digit, n) => {
    const doubled = Number(digit) * (n % 2 === 0 ? 1 : 2);
    return total + Math.floor(doubled / 10) + (doubled % 10);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}
