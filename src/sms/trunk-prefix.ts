// Which international numbers say a digit too many: `+44 (0) 7700 900123`. To parse a number costs more than to store a text,
// and nearly all are written as they are kept.

import { type CountryCode, Metadata } from 'libphonenumber-js/max';

// ITU-T E.164 6: a country code of one to three digits, and no country code begins with another.
const longestCountryCode = 3;

/** By country code; `undefined` where nobody has it. */
const plans = new Map<string, { trunkPrefix: RegExp | undefined } | undefined>();

/** Whether `+` and digits are the international form as they stand, or could be no number's: nothing is to be taken out. */
export function isAsDialled(digits: string): boolean {
  for (let length = 1; length <= longestCountryCode; length++) {
    const plan = planOf(digits.slice(1, length + 1));
    if (plan) return plan.trunkPrefix?.test(digits.slice(length + 1)) !== true;
  }
  return true;
}

function planOf(countryCode: string) {
  if (!plans.has(countryCode)) plans.set(countryCode, readPlan(countryCode));
  return plans.get(countryCode);
}

function readPlan(countryCode: string): { trunkPrefix: RegExp | undefined } | undefined {
  const metadata = new Metadata();
  try {
    // It takes a country's code for the first of its countries, as it does when it parses.
    metadata.selectNumberingPlan(countryCode as CountryCode);
  } catch {
    return undefined;
  }
  const prefix = (metadata.numberingPlan as unknown as Plan).nationalPrefixForParsing();
  return { trunkPrefix: prefix ? new RegExp(`^(?:${prefix})`) : undefined };
}

/** Not among its types. */
interface Plan {
  nationalPrefixForParsing(): string | undefined;
}
