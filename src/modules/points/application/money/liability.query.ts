import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/index.js';
import {
  breakageOf, liabilityInFen, rollForward, yearsLeft, type BreakageRates, type Cohort, type Moved, type RollForward,
} from '../../domain/money/liability.js'; // prettier-ignore
import { valueInFen } from '../../domain/ledger/points-value.js';
import { breakageRatesOn } from './breakage-rates.js';

export interface CohortLiability extends Cohort {
  readonly breakageBp: number;
  readonly liabilityFen: number;
}

export interface Liability {
  readonly lines: readonly RollForward[];
  readonly cohorts: readonly CohortLiability[];
  readonly closing: number;
  readonly closingValueFen: number;
  /** After the expected breakage of each cohort. */
  readonly liabilityFen: number;
  readonly breakageVersion: number;
  /** Of the months up to this one: how many postings the figures are made of, and when the last of them was rolled up. */
  readonly postings: number;
  readonly rolledAt: Date | undefined;
}

/** The liability roll-forward of a month (积分负债), from what was rolled up. */
@Injectable()
export class FindLiability {
  constructor(private readonly database: Database) {}

  /**
   * @param month `YYYY-MM`
   * @param regions only customers of these; `undefined`: all
   */
  async ofMonth(month: string, regions?: readonly string[]): Promise<Liability> {
    const first = `${month}-01`;
    const asOf = lastDayOfMonth(month);
    const params = [first, regions ?? null];
    const [moved, cohorts, [books], rates] = await Promise.all([
      this.database.query<Moved & Record<string, unknown>>(
        `SELECT debit, credit, points_type AS "pointsType", funder_id AS "funderId",
           COALESCE(sum(points) FILTER (WHERE business_date < $1), 0)::bigint AS before,
           COALESCE(sum(points) FILTER (WHERE business_date >= $1), 0)::bigint AS within
         FROM points.gl_day
         WHERE business_date < $1::date + interval '1 month' AND ($2::text[] IS NULL OR region = ANY($2))
         GROUP BY 1, 2, 3, 4`,
        params,
      ),
      this.database.query<Cohort & Record<string, unknown>>(
        `SELECT points_type AS "pointsType", funder_id AS "funderId", expires_on AS "expiresOn", sum(moved)::bigint AS points
         FROM points.gl_lot WHERE month <= $1 AND ($2::text[] IS NULL OR region = ANY($2))
         GROUP BY 1, 2, 3 HAVING sum(moved) <> 0 ORDER BY 3, 1, 2`,
        params,
      ),
      this.database.query<{ postings: number; rolled_at: Date | null }>(
        `SELECT COALESCE(sum(postings), 0)::bigint AS postings, max(rolled_at) AS rolled_at FROM points.gl_month WHERE month <= $1`,
        [first],
      ),
      breakageRatesOn(this.database, asOf),
    ]);
    const lines = rollForward(moved);
    const valued = cohorts.map((cohort) => ({
      ...cohort,
      breakageBp: breakageOf(cohort, rates.rates, asOf),
      liabilityFen: liabilityInFen(cohort, rates.rates, asOf),
    }));
    const closing = lines.reduce((sum, line) => sum + line.closing, 0);
    const inLots = cohorts.reduce((sum, { points }) => sum + points, 0);
    return {
      lines,
      cohorts: valued,
      closing,
      closingValueFen: valueInFen(closing),
      // What has no lot, as a debt, expires never.
      liabilityFen: valued.reduce((sum, each) => sum + each.liabilityFen, 0) + valueInFen(closing - inLots),
      breakageVersion: rates.version,
      postings: books?.postings ?? 0,
      rolledAt: books?.rolled_at ?? undefined,
    };
  }

  /**
   * What history says of breakage: of the lots that have expired, how much of what was outstanding at the ends of months, so many years
   * before, was cleared unused in the end. In basis points, rounded down, by class and whole years.
   */
  async estimateBreakage(asOf: string): Promise<BreakageRates> {
    const rows = await this.database.query<{
      points_type: string; expires_on: string; month: string; outstanding: number; cleared: number;
    }>(
      `WITH lot AS (
         SELECT points_type, expires_on, month, sum(moved)::bigint AS moved, sum(expired)::bigint AS expired
         FROM points.gl_lot WHERE expires_on < $1 GROUP BY 1, 2, 3
       ), cohort AS (
         SELECT points_type, expires_on, min(month) AS first, sum(expired)::bigint AS expired FROM lot GROUP BY 1, 2
       )
       SELECT c.points_type, c.expires_on, m.month::date AS month, s.outstanding, LEAST(c.expired, s.outstanding) AS cleared
       FROM cohort c
       CROSS JOIN LATERAL generate_series(c.first, date_trunc('month', c.expires_on) - interval '1 month', interval '1 month') m (month)
       CROSS JOIN LATERAL (
         SELECT sum(moved)::bigint AS outstanding FROM lot l
         WHERE l.points_type = c.points_type AND l.expires_on = c.expires_on AND l.month <= m.month
       ) s
       WHERE s.outstanding > 0 ORDER BY c.points_type`,
      [asOf],
    ); // prettier-ignore
    const seen = new Map<string, { outstanding: number; cleared: number }[]>();
    for (const { points_type, expires_on, month, outstanding, cleared } of rows) {
      const years = yearsLeft(expires_on, month) ?? 0;
      const ofClass = seen.get(points_type) ?? [];
      seen.set(points_type, ofClass);
      const sum = ofClass[years] ?? { outstanding: 0, cleared: 0 };
      ofClass[years] = { outstanding: sum.outstanding + outstanding, cleared: sum.cleared + cleared };
    }
    return Object.fromEntries(
      [...seen].map(([pointsType, years]) => [
        pointsType,
        Array.from(years, (sum) => (sum ? Math.floor((sum.cleared * 10_000) / sum.outstanding) : 0)),
      ]),
    );
  }
}

const lastDayOfMonth = (month: string): string =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).toISOString().slice(0, 10);
