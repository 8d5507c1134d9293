/** The stable catalogue of what may be wrong with a record or a file (the BOSS contract). */
export const ERROR_CODES = [
  'E_FORMAT', 'E_CHECKSUM', 'E_COUNT', 'E_SEQ', 'E_MSISDN', 'E_UNKNOWN_ACCOUNT', 'E_DATE', 'E_AMOUNT', 'E_CONFLICT', 'E_REF',
  'E_CLOSED', 'E_DUP', 'E_LATE',
] as const; // prettier-ignore
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Why a record is not taken. The text says what is expected and never repeats the value: it may be a customer's. */
export class Rejection {
  constructor(
    readonly code: ErrorCode,
    readonly field: string | undefined,
    readonly text: string,
  ) {}
}

/** Why a whole file is not taken; nothing of it is loaded. */
export class BadFile extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'BadFile';
  }
}
