import { isUtf8 } from 'node:buffer';
import { nationalMsisdn } from '../../../platform/privacy/msisdn.js';

const PIPE = 0x7c;
const MINUS = 0x2d;
const EXTENDED = 0x45;
const MAX_FIELDS = 64;
const MAX_TEXT = 256;
const IDENTIFIER = /^[A-Za-z0-9._-]{1,64}$/;
const PROVINCE = /^[A-Za-z0-9]{2,6}$/;
/** PostgreSQL keeps no NUL, and no text of billing needs the others. */
const CONTROL = /[\0-\x1f\x7f]/;
/** A mobile number, or the number of an identity paper. */
export const PERSONAL = /^(?:86)?1[3-9]\d{9}$|^\d{15}(?:\d\d[\dXx])?$/;

/**
 * The fields of one line, as positions in the bytes it came in: a million lines leave no garbage but the values that are
 * asked for. One object serves line after line.
 *
 * Readers answer `undefined` for what is absent or is not of their form; {@link has} tells the two apart.
 */
export class RecordFields {
  /** How many fields the line has, the leading `D` included. */
  count = 0;
  #bytes: Buffer = Buffer.alloc(0);
  readonly #from = new Int32Array(MAX_FIELDS + 1);
  readonly #to = new Int32Array(MAX_FIELDS + 1);

  /** Looks at the line from `start` to `end` (its line end excluded). */
  of(bytes: Buffer, start: number, end: number): this {
    this.#bytes = bytes;
    let count = 0;
    let from = start;
    for (let at = start; at < end && count < MAX_FIELDS; at++) {
      if (bytes[at] !== PIPE) continue;
      this.#from[count] = from;
      this.#to[count++] = at;
      from = at + 1;
    }
    this.#from[count] = from;
    this.#to[count++] = end;
    this.count = count;
    return this;
  }

  static ofText(line: string): RecordFields {
    const bytes = Buffer.from(line);
    return new RecordFields().of(bytes, 0, bytes.length);
  }

  /** More fields than any kind has and may be added to it; the last one counted holds the rest. */
  get isOverfull(): boolean {
    return this.count > MAX_FIELDS;
  }

  /** Whether it is a line of ours that tells more than format 01 can; see record-line.ts. */
  get isExtended(): boolean {
    return this.#bytes[this.#from[0] ?? 0] === EXTENDED;
  }

  has(field: number): boolean {
    return this.#length(field) > 0;
  }

  /** UTF-8 without control characters, at most 256 characters; other bytes are not guessed at. */
  text(field: number): string | undefined {
    if (!this.has(field)) return undefined;
    const bytes = this.#bytes.subarray(this.#from[field], this.#to[field]);
    if (!isUtf8(bytes)) return undefined;
    const text = bytes.toString('utf8');
    return text.length > MAX_TEXT || CONTROL.test(text) ? undefined : text;
  }

  /** Everything from one field to the end of another, as it stands in the line. */
  span(first: number, last: number): Buffer {
    return this.#bytes.subarray(this.#from[first] ?? 0, this.#to[last] ?? 0);
  }

  /** Copies a field to a place of another buffer; answers where it ends there. */
  copy(field: number, target: Buffer, at: number): number {
    const bytes = this.#bytes;
    const to = this.#to[field] ?? 0;
    for (let from = this.#from[field] ?? 0; from < to;) target[at++] = bytes[from++] ?? 0;
    return at;
  }

  /** Faster than {@link text}, for values whose form is checked to be ASCII afterwards. */
  ascii(field: number): string | undefined {
    return this.has(field) ? this.#bytes.toString('latin1', this.#from[field], this.#to[field]) : undefined;
  }

  /** `[A-Za-z0-9._-]`, at most 64 characters. */
  identifier(field: number): string | undefined {
    const text = this.ascii(field);
    return text !== undefined && IDENTIFIER.test(text) ? text : undefined;
  }

  /** An {@link identifier} of the catalogue, kept in the clear: a column that slipped must not bring a person's number in. */
  catalogueCode(field: number): string | undefined {
    const code = this.identifier(field);
    return code !== undefined && PERSONAL.test(code) ? undefined : code;
  }

  /** Six digits of GB/T 2260, or 2 to 6 letters and digits. */
  province(field: number): string | undefined {
    const code = this.ascii(field);
    return code !== undefined && PROVINCE.test(code) ? code : undefined;
  }

  /** A whole number without grouping, `-` allowed, of at most 15 digits (exact in JavaScript). */
  integer(field: number): number | undefined {
    let at = this.#from[field] ?? 0;
    const to = this.#to[field] ?? 0;
    const isNegative = this.#bytes[at] === MINUS;
    if (isNegative) at++;
    if (at >= to || to - at > 15) return undefined;
    const value = this.#digits(at, to);
    return value < 0 ? undefined : isNegative ? 0 - value : value;
  }

  natural(field: number): number | undefined {
    const value = this.integer(field);
    return value !== undefined && value >= 0 ? value : undefined;
  }

  /** Fen or a volume of one record: below 10^12, so that thousands of them add up without leaving the exact integers. */
  amount(field: number): number | undefined {
    const value = this.integer(field);
    return value !== undefined && Math.abs(value) < 1e12 ? value : undefined;
  }

  /** An {@link amount} that is not negative. */
  quantity(field: number): number | undefined {
    const value = this.amount(field);
    return value !== undefined && value >= 0 ? value : undefined;
  }

  /** The national form (11 digits) of a mobile number, as a number. */
  msisdn(field: number): number | undefined {
    const from = this.#from[field] ?? 0;
    if (this.#length(field) === 11) {
      const value = this.#digits(from, from + 11);
      return value >= 13_000_000_000 && value < 20_000_000_000 ? value : undefined;
    }
    const national = this.has(field) ? nationalMsisdn(this.ascii(field) ?? '') : undefined;
    return national === undefined ? undefined : Number(national);
  }

  /** Epoch milliseconds of `YYYY-MM-DDTHH:mm:ss[.fff](Z|±HH:MM)`. */
  instant(field: number): number | undefined {
    const bytes = this.#bytes;
    const from = this.#from[field] ?? 0;
    const to = this.#to[field] ?? 0;
    if (to - from < 20 || bytes[from + 10] !== 0x54 || bytes[from + 13] !== 0x3a || bytes[from + 16] !== 0x3a)
      return undefined;
    const day = this.#day(from);
    const hour = this.#digits(from + 11, from + 13);
    const minute = this.#digits(from + 14, from + 16);
    const second = this.#digits(from + 17, from + 19);
    if (day === undefined || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
      return undefined;
    let at = from + 19;
    let milliseconds = 0;
    if (bytes[at] === 0x2e) {
      const start = ++at;
      while (at < to && isDigit(bytes[at])) at++;
      if (at === start || at - start > 9) return undefined;
      milliseconds = Math.trunc(Number(`0.${bytes.toString('latin1', start, at)}`) * 1000);
    }
    const offset = this.#offsetMinutes(at, to);
    if (offset === undefined) return undefined;
    return day * 86_400_000 + (hour * 3600 + (minute - offset) * 60 + second) * 1000 + milliseconds;
  }

  /** `YYYY-MM-DD`, a day that exists. */
  date(field: number): string | undefined {
    const from = this.#from[field] ?? 0;
    return this.#length(field) === 10 && this.#day(from) !== undefined ? this.ascii(field) : undefined;
  }

  /** The first day of `yyyyMM`. */
  cycle(field: number): string | undefined {
    const from = this.#from[field] ?? 0;
    if (this.#length(field) !== 6) return undefined;
    const year = this.#digits(from, from + 4);
    const month = this.#digits(from + 4, from + 6);
    if (year < 1990 || year > 2199 || month < 1 || month > 12) return undefined;
    return `${year}-${String(month).padStart(2, '0')}-01`;
  }

  /** The code of one of a list of words. */
  code<T extends string>(field: number, codes: Readonly<Record<T, number>>): number | undefined {
    const text = this.ascii(field);
    return text !== undefined && Object.hasOwn(codes, text) ? codes[text as T] : undefined;
  }

  word<T extends string>(field: number, words: readonly T[]): T | undefined {
    const text = this.ascii(field);
    return words.find((word) => word === text);
  }

  boolean(field: number): boolean | undefined {
    if (this.#length(field) !== 1) return undefined;
    const byte = this.#bytes[this.#from[field] ?? 0];
    return byte === 0x31 ? true : byte === 0x30 ? false : undefined;
  }

  /**
   * 64 bits over everything from one field to the end of another, begun with `seed`. It tells two contents of one record
   * apart by accident, not against an adversary; personal fields must stay outside, since whoever has the hash can guess.
   */
  hash(first: number, last: number, seed: number): ContentHash {
    const bytes = this.#bytes;
    const to = this.#to[last] ?? 0;
    let high = 0x811c9dc5 ^ seed;
    let low = 0x2545f491 ^ (seed / 0x1_0000_0000);
    for (let at = this.#from[first] ?? 0; at < to; at++) {
      const byte = bytes[at] ?? 0;
      high = Math.imul(high ^ byte, 0x01000193);
      low = Math.imul(((low << 5) | (low >>> 27)) ^ byte, 0x9e3779b1);
    }
    // FNV leaves the last bytes in the low bits; spread them.
    high = Math.imul(high ^ (high >>> 15), 0x85ebca6b);
    low = Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
    return { high: (high ^ low) | 0, low: (low ^ (low >>> 16)) | 0 };
  }

  #length(field: number): number {
    return field < this.count ? (this.#to[field] ?? 0) - (this.#from[field] ?? 0) : 0;
  }

  /** -1 when there is anything but digits. */
  #digits(from: number, to: number): number {
    let value = 0;
    for (let at = from; at < to; at++) {
      const digit = (this.#bytes[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return value;
  }

  #day(from: number): number | undefined {
    const year = this.#digits(from, from + 4);
    const month = this.#digits(from + 5, from + 7);
    const day = this.#digits(from + 8, from + 10);
    if (this.#bytes[from + 4] !== MINUS || this.#bytes[from + 7] !== MINUS) return undefined;
    if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
    return dayNumber(year, month) + day - 1;
  }

  #offsetMinutes(at: number, to: number): number | undefined {
    const sign = this.#bytes[at];
    if (sign === 0x5a) return at + 1 === to ? 0 : undefined;
    if ((sign !== 0x2b && sign !== MINUS) || to - at !== 6 || this.#bytes[at + 3] !== 0x3a) return undefined;
    const hours = this.#digits(at + 1, at + 3);
    const minutes = this.#digits(at + 4, at + 6);
    if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return undefined;
    return (sign === MINUS ? -1 : 1) * (hours * 60 + minutes);
  }
}

/** Two signed 32-bit halves: a `bigint` column takes them as they are. */
export interface ContentHash {
  readonly high: number;
  readonly low: number;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const daysIn = (year: number, month: number): number =>
  month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : (LENGTHS[month - 1] ?? 0);

const firstDays = new Map<number, number>();
function dayNumber(year: number, month: number): number {
  const key = year * 12 + month;
  let first = firstDays.get(key);
  if (first === undefined) firstDays.set(key, (first = Date.UTC(year, month - 1, 1) / 86_400_000));
  return first;
}
