// What is wrong with a TPDU: the one error class of this room.

/** The codes with what the log says; docs/errors.md lists them. */
export const tpduErrors = {
  BAD_HEX: 'the PDU is not made of hexadecimal digits in pairs',
  PDU_TOO_LONG: 'the PDU is longer than the limit',
  TRUNCATED: 'the PDU ends before the field does',
  WRONG_TYPE: 'the message type is another one',
  BAD_ADDRESS: 'the address is longer than the document allows, or holds what its type has no place for',
  BAD_LENGTH: 'the length of the user data is more than a message holds',
  BAD_HEADER: 'the header of the user data is longer than the user data',
  BAD_VALUE: 'a value is out of the range of its field',
  NOT_IN_ALPHABET: 'the text holds a character that its alphabet does not have',
  TOO_MUCH_DATA: 'header and content do not fit into one message',
} as const;

export type TpduErrorCode = keyof typeof tpduErrors;

export interface TpduErrorPlace {
  /** Octets from the start of the TPDU, or of the PDU where the service centre's address is wrong. */
  readonly offset?: number | undefined;
  /** The name that TS 23.040 has for the field: `TP-DA`. */
  readonly field?: string | undefined;
}

export class TpduError extends Error {
  override readonly name = 'TpduError';
  readonly code: TpduErrorCode;
  /** `undefined` where something was to be encoded. */
  readonly offset: number | undefined;
  readonly field: string | undefined;

  constructor(code: TpduErrorCode, { offset, field }: TpduErrorPlace = {}) {
    const place = [...(field === undefined ? [] : [field]), ...(offset === undefined ? [] : [`offset ${offset}`])];
    super(tpduErrors[code] + (place.length === 0 ? '' : ` (${place.join(', ')})`));
    this.code = code;
    this.offset = offset;
    this.field = field;
  }
}
