// What the store may answer besides rows.

export const storeErrors = {
  STORAGE_UNAVAILABLE: 'the database did not take the commit',
  DUPLICATE: 'a row with this name exists',
  SECRETS_UNREADABLE: 'the file secrets.key lacks the key that sealed what the database holds',
  REDO_UNREADABLE: 'the file easms.db-redo holds what does not go into the database',
  DATA_FOLDER_IN_USE: 'another server runs on this data folder',
} as const;

export type StoreErrorCode = keyof typeof storeErrors;

export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, cause?: unknown) {
    super(storeErrors[code], { cause });
    this.name = 'StoreError';
    this.code = code;
  }
}
