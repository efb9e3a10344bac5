// Why an emulated modem cannot be had as asked: the one error class of this room.

/** The codes with their sentence. */
export const modemSimErrors = {
  UNKNOWN_PROFILE: 'there is no profile of this name',
  UNKNOWN_FAULT: 'there is no fault of this name',
  BAD_FAULT: 'a fault is NAME or NAME:key=value,key=value with values in their range',
  BAD_NUMBER: 'a subscriber needs a number of its own: a plus and 2 to 20 digits that nobody else has',
  BAD_PIN: 'a PIN has 4 to 8 digits',
  NOT_LISTENING: 'the address cannot be listened on',
} as const;

export type ModemSimErrorCode = keyof typeof modemSimErrors;

export class ModemSimError extends Error {
  override readonly name = 'ModemSimError';
  readonly code: ModemSimErrorCode;

  /** @param detail what was asked for, by its name */
  constructor(code: ModemSimErrorCode, detail = '', cause?: unknown) {
    super(modemSimErrors[code] + (detail === '' ? '' : `: ${detail}`), { cause });
    this.code = code;
  }
}
