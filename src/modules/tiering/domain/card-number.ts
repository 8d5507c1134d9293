import { InvalidCardNumber, UnreadableTrack } from './refusals-of-cards.js';

/**
 * Numbers of cards: ISO/IEC 7812-1, sixteen digits. A first 9 says that a country assigns the number itself, 156 which one (ISO 3166-1:
 * China); eleven digits of chance follow, so that nobody counts on to the next number, and the check digit.
 */
const PREFIX = '9156';
const CHANCE_DIGITS = 11;

/** One more than the highest `chance` of {@link cardNumberOf}. */
export const CARD_NUMBERS = 10 ** CHANCE_DIGITS;

/** @param chance a whole number from 0 and below {@link CARD_NUMBERS}. */
export function cardNumberOf(chance: number): string {
  const digits = PREFIX + String(chance).padStart(CHANCE_DIGITS, '0');
  return digits + String((10 - (luhnSum(`${digits}0`) % 10)) % 10);
}

/** The number as it is stored: what people write between the digits is left out. @throws InvalidCardNumber */
export function normaliseCardNumber(given: string): string {
  const digits = given.replace(/[ -]/g, '');
  const isWhole = digits.length === PREFIX.length + CHANCE_DIGITS + 1 && /^\d+$/.test(digits);
  if (!isWhole || !digits.startsWith(PREFIX) || luhnSum(digits) % 10 !== 0) throw new InvalidCardNumber();
  return digits;
}

/** What a reader says of a magnetic stripe (磁条). It is looked at and forgotten: only a keyed digest of `data` may be kept. */
export interface Track {
  readonly cardNumber: string;
  /** Without sentinels, which some readers leave out. */
  readonly data: string;
}

/** Track 2 of ISO/IEC 7813: `;number=expiry, service code and what the issuer likes?`. @throws UnreadableTrack */
export function readTrack(given: string): Track {
  const [, data = '', cardNumber = ''] = /^;?((\d{16})=\d{4,20})\??$/.exec(given) ?? [];
  try {
    return { data, cardNumber: normaliseCardNumber(cardNumber) };
  } catch {
    throw new UnreadableTrack();
  }
}

/** `************1234`. */
export const maskCardNumber = (lastFour: string): string => lastFour.padStart(16, '*');

/** Luhn (ISO/IEC 7812-1, annex B): finds every single wrong digit and almost every swap of neighbours. */
function luhnSum(digits: string): number {
  return [...digits].reverse().reduce((sum, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return sum + (value > 9 ? value - 9 : value);
  }, 0);
}
