/** Numbers with one prefix, as the ministry gave them out (号段). */
export interface NumberRange {
  /** Of the national number: three to five digits. */
  readonly prefix: string;
  /** Digits of a national number in it. */
  readonly length: number;
  /** Who was given the range. The number may have been ported to another operator since (携号转网). */
  readonly rangeOperator: string;
  readonly kind: 'MOBILE' | 'RESALE' | 'SATELLITE' | 'IOT';
  /** `YYYY-MM-DD`, both included. */
  readonly validFrom: string;
  readonly validUntil: string | undefined;
}

const PLACES = 5;

/** The table of number ranges (号段表), spread out over all five-digit prefixes: a look-up is one step into an array. */
export class NumberRanges {
  readonly #byPrefix: readonly (readonly NumberRange[] | undefined)[];

  constructor(ranges: readonly NumberRange[]) {
    const spread = new Array<NumberRange[] | undefined>(10 ** PLACES).fill(undefined);
    // A longer prefix says more than the shorter one around it.
    for (const range of [...ranges].sort((a, b) => b.prefix.length - a.prefix.length)) {
      const width = 10 ** (PLACES - range.prefix.length);
      const first = Number(range.prefix) * width;
      for (let place = first; place < first + width; place++) (spread[place] ??= []).push(range);
    }
    this.#byPrefix = spread;
  }

  /** The range that a national number is in on a day; `undefined` when nobody was given such numbers. */
  rangeOf(national: string, on: string): NumberRange | undefined {
    return this.#byPrefix[Number(national.slice(0, PLACES))]?.find(
      ({ length, validFrom, validUntil }) =>
        length === national.length && validFrom <= on && (validUntil === undefined || on <= validUntil),
    );
  }

  isAllotted(national: string, on: string): boolean {
    return this.rangeOf(national, on) !== undefined;
  }
}
