// What can keep a phone from having its answer: the one error class of this room.

/** The codes with their sentence; none of them names a number, a text or a password. */
export const phoneErrors = {
  UNREACHABLE: 'the server did not answer, or the line broke before its answer was complete',
  BAD_ANSWER: 'the answer is not a document of the protocol',
  ANSWER_TOO_LONG: 'the answer is longer than the limit',
  BAD_OPTIONS: 'the phone cannot live with these options',
  UNAUTHORIZED: 'the server does not take the user and the password',
  BLOCKED: 'the server blocks this phone',
  RETRY_LATER: 'the server asks to come back later',
  PROVISION_NEEDED: 'the server wants the phone to be provisioned',
  FOLDERS_CHANGED: 'the folders have changed',
  REFUSED: 'the server refused the request',
  NO_TEXTS: 'the phone does not synchronize texts there',
  UNKNOWN_ITEM: 'the phone holds no such item',
  STOPPED: 'the phone was stopped',
} as const;

export type PhoneErrorCode = keyof typeof phoneErrors;

/** What is known about the refusal. */
export interface PhoneErrorDetails {
  readonly command?: string;
  /** Of the protocol: the Status element of that command. */
  readonly status?: number | undefined;
  readonly httpStatus?: number;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

export class PhoneError extends Error {
  override readonly name = 'PhoneError';
  readonly code: PhoneErrorCode;
  readonly details: PhoneErrorDetails;

  constructor(code: PhoneErrorCode, details: PhoneErrorDetails = {}) {
    super(phoneErrors[code] + describe(details), { cause: details.cause });
    this.code = code;
    this.details = details;
  }
}

function describe({ command, status, httpStatus }: PhoneErrorDetails): string {
  const parts: string[] = [];
  if (command !== undefined) parts.push(command);
  if (status !== undefined) parts.push(`Status ${status}`);
  if (httpStatus !== undefined) parts.push(`HTTP ${httpStatus}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
