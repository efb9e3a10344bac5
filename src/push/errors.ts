// Why a push message cannot be written or read. Nothing here repeats a secret or a number.

export const pushErrors = {
  BAD_FIELD: 'a field is missing, or does not fit into the message',
  BAD_DOCUMENT: 'the document is not one of its format',
  UNKNOWN_PROFILE: 'the format has no profile of this name',
  UNKNOWN_PUSH_DEVICE: 'there is no push device of this name',
  PUSH_DEVICE_INACTIVE: 'the push device is switched off',
  TRUNCATED: 'the message ends before what it announces',
  BAD_VERSION: 'the notification is of a version that is not read here',
  BAD_PDU: 'this is no connectionless push of WSP',
  UNKNOWN_CONTENT_TYPE: 'this is no notification, configuration or indication',
} as const;

export type PushErrorCode = keyof typeof pushErrors;

export interface PushErrorPlace {
  /** Octets from the start of what was read. */
  readonly offset?: number;
  /** By its name in the document that defines it, or as a parameter. */
  readonly field?: string;
}

export class PushError extends Error {
  override readonly name = 'PushError';
  readonly code: PushErrorCode;
  readonly offset: number | undefined;
  readonly field: string | undefined;

  constructor(code: PushErrorCode, { offset, field }: PushErrorPlace = {}, cause?: unknown) {
    const place = [offset === undefined ? [] : [`offset ${offset}`], field ?? []].flat().join(', ');
    super(pushErrors[code] + (place && ` (${place})`), { cause });
    this.code = code;
    this.offset = offset;
    this.field = field;
  }
}
