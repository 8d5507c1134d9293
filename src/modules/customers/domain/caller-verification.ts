/** How a caller shows to be the customer before personal data is told (确认用户信息, AUD-10). */
export const VERIFICATION_METHODS = ['ONE_TIME_CODE', 'ID_CHECK_LAST4'] as const;
export type VerificationMethod = (typeof VERIFICATION_METHODS)[number];

/** About the length of a call. */
export const VERIFIED_FOR_MS = 15 * 60_000;
/** Of one agent about one customer. */
export const WRONG_ANSWERS_PER_HOUR = 3;
export const WRONG_ANSWERS_COUNT_FOR_MS = 60 * 60_000;

/** Whether the caller knows the last four characters of the ID number on file; size and width of letters do not matter. */
export function knowsIdNumber(idNumber: string | undefined, answer: string): boolean {
  if (idNumber === undefined) return false;
  const given = plain(answer);
  return given.length === 4 && given === plain(idNumber).slice(-4);
}

const plain = (text: string): string => text.normalize('NFKC').replace(/\s/g, '').toUpperCase();
