/** What is wrong with a document number, for a refusal that helps without repeating the number. */
export interface Mistake {
  readonly problem: 'length' | 'characters' | 'province' | 'birth-date' | 'check-digit' | 'format';
  /** What would be right. */
  readonly expected: string;
}

/** What a resident number (公民身份号码) says of its holder; only to check what somebody says, never to learn it. */
export interface ResidentFacts {
  /** `YYYY-MM-DD` */
  readonly birthDate: string;
  readonly sex: 'male' | 'female';
}

// GB/T 2260, first two digits; 71 Taiwan, 81 Hong Kong, 82 Macau, 83 Taiwan on residence permits.
const PROVINCES = new Set(
  ['11-15', '21-23', '31-37', '41-46', '50-54', '61-65', '71-71', '81-83'].flatMap((range) => {
    const [from = 0, to = 0] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
  }),
);
const OLDEST_AGE = 130;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';

/** Check character by GB 11643-1999 (ISO 7064, MOD 11-2) of the first 17 digits. */
export function checkCharacterOf(seventeenDigits: string): string {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * (seventeenDigits.charCodeAt(i) - 48), 0);
  return CHECK_CHARACTERS.charAt(sum % 11);
}

/** The form in which document numbers are compared and stored: without spaces, in capitals, full-width forms folded. */
export const normaliseDocumentNumber = (text: string): string =>
  text.normalize('NFKC').replace(/\s/g, '').toUpperCase();

/**
 * What is wrong with a resident number of 18 characters (GB 11643-1999), `undefined` when nothing is.
 * @param number in its normal form
 * @param today business day, `YYYY-MM-DD`
 */
export function mistakeInResidentNumber(number: string, today: string): Mistake | undefined {
  if (number.length !== 18) return { problem: 'length', expected: '18 characters' };
  if (!/^\d{17}[\dX]$/.test(number)) return { problem: 'characters', expected: '17 digits and a digit or X' };
  if (!PROVINCES.has(number.slice(0, 2))) {
    return { problem: 'province', expected: 'a province code of GB/T 2260 in digits 1 and 2' };
  }
  const { birthDate } = factsOfResidentNumber(number);
  if (!isBirthDate(birthDate, today)) {
    const expected = `a day in digits 7 to 14, not after today nor more than ${OLDEST_AGE} years ago`;
    return { problem: 'birth-date', expected };
  }
  if (checkCharacterOf(number) !== number.charAt(17)) {
    return {
      problem: 'check-digit',
      expected: 'a last character that agrees with the others: one of them is mistyped',
    };
  }
  return undefined;
}

/** The facts that 18 characters encode; the number must have been checked. */
export function factsOfResidentNumber(number: string): ResidentFacts {
  return {
    birthDate: `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`,
    sex: Number(number.charAt(16)) % 2 === 1 ? 'male' : 'female',
  };
}

/**
 * The 18 characters of a first-generation number of 15 digits, which were given out to people born in the 1900s; `undefined` when it
 * is none. Those cards ended on 1 January 2013 (居民身份证法): they are read in old records, not taken for new ones.
 */
export function residentNumberOfLegacy(fifteenDigits: string, today: string): string | undefined {
  if (!/^\d{15}$/.test(fifteenDigits)) return undefined;
  const body = `${fifteenDigits.slice(0, 6)}19${fifteenDigits.slice(6)}`;
  const number = body + checkCharacterOf(body);
  return mistakeInResidentNumber(number, today) ? undefined : number;
}

function isBirthDate(date: string, today: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  const isDay = !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
  return isDay && date <= today && date >= `${Number(today.slice(0, 4)) - OLDEST_AGE}${today.slice(4)}`;
}
