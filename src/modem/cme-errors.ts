// What a number behind +CME ERROR means.
// TS 27.007 9.2 Mobile termination error result code +CME ERROR

export const CmeError = {
  PhoneFailure: 0,
  NoConnection: 1,
  NotAllowed: 3,
  NotSupported: 4,
  PhonePinRequired: 5,
  SimNotInserted: 10,
  SimPinRequired: 11,
  SimPukRequired: 12,
  SimFailure: 13,
  SimBusy: 14,
  SimWrong: 15,
  IncorrectPassword: 16,
  SimPin2Required: 17,
  SimPuk2Required: 18,
  MemoryFull: 20,
  InvalidIndex: 21,
  NotFound: 22,
  MemoryFailure: 23,
  NoNetwork: 30,
  NetworkTimeout: 31,
  EmergencyOnly: 32,
  Unknown: 100,
} as const;

const names: ReadonlyMap<number, string> = new Map(
  Object.entries(CmeError).map(([name, number]) => [
    number,
    name.replaceAll(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/^Sim/, 'SIM'),
  ]),
);

export function cmeNameOf(number: number): string {
  return names.get(number) ?? 'an error of the maker';
}
