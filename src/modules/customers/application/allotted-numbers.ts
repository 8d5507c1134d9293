import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Database } from '../../../platform/database/index.js';
import { NumberRanges, type NumberRange } from '../domain/number-ranges.js';

/** How long a change of the table may take to be known everywhere. */
const FRESH_FOR_MS = 60_000;

/** The table of number ranges as it is now, in memory. */
@Injectable()
export class AllottedNumbers {
  #known: { readonly ranges: Promise<NumberRanges>; readonly until: number } | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Asked once for many numbers: what it answers is looked up without waiting. */
  current(): Promise<NumberRanges> {
    const now = this.clock.now().getTime();
    if (this.#known === undefined || this.#known.until <= now) {
      const ranges = this.all().then((rows) => new NumberRanges(rows));
      this.#known = { ranges, until: now + FRESH_FOR_MS };
      ranges.catch(() => (this.#known = undefined));
    }
    return this.#known.ranges;
  }

  async all(): Promise<readonly NumberRange[]> {
    const rows = await this.database.query<Omit<NumberRange, 'validUntil'> & { readonly validUntil: string | null }>(
      `SELECT prefix, length, operator AS "rangeOperator", kind, valid_from AS "validFrom", valid_until AS "validUntil"
       FROM customers.number_range ORDER BY length, prefix, valid_from`,
    );
    return rows.map((row) => ({ ...row, validUntil: row.validUntil ?? undefined }));
  }
}
