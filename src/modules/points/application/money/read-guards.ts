import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { Database, Transaction } from '../../../../platform/database/index.js';
import { Outbox } from '../../../../platform/events/index.js';
import {
  type Guard,
  type GuardLevel,
  type GuardLimits,
  type GuardMonth,
  type GuardReading,
  GUARDS,
  readGuard,
} from '../../domain/money/guards.js';
import { GuardReached } from '../../domain/money/money-events.js';
import { mustExceedSql } from '../../persistence/earning/earn-items-sql.js';
import { pointsYear } from '../../domain/ledger/points-year.js';
import { raiseAlarm } from './points-budgets.js';

/** Whose points and revenue a guard is about. */
const SCOPES: Readonly<Record<Guard, { readonly points: string; readonly revenue: string }>> = {
  // What spending earns and what is given on top, of those who may redeem. A debt of a bill that shrank has no lot: it was spending.
  RETURN: {
    points: `COALESCE(p.points_type, 'SPENDING') IN ('SPENDING', 'PROMOTION') AND 'ISSUED' IN (p.debit, p.credit)
      AND a.lifetime_earned > ${mustExceedSql('r.rules', 'c.region')}`,
    revenue: 'true',
  },
  COST: {
    points: `('ISSUED' IN (p.debit, p.credit) OR 'ADJUSTED' IN (p.debit, p.credit)) AND c.brand = 'GOTONE'`,
    revenue: `c.brand = 'GOTONE'`,
  },
};

export interface KeptReading extends Omit<GuardReading, 'costFen'>, GuardLimits {
  readonly guard: Guard;
  readonly pointsYear: number;
  readonly readOn: string;
}

/** The two guards of the points plan: the return rate (PTS-13) and the yearly cost (PTS-14). Read every night, and kept. */
@Injectable()
export class ReadGuards {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Reads both as of today, keeps what they say, and tells once per points year of each level that is reached. */
  async execute(): Promise<void> {
    const at = this.clock.now();
    const asOf = businessDate(at);
    const year = pointsYear(asOf);
    const limits = await this.limits();
    for (const guard of GUARDS) {
      const limit = limits[guard];
      const reading = readGuard(await this.monthsOf(guard, year, asOf), asOf, limit);
      await this.transaction.run(async (tx) => {
        await tx.execute(
          `INSERT INTO points.guard_reading (points_year, guard, read_on, points, revenue_fen, rate_bp, forecast_bp, level, read_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           ON CONFLICT (points_year, guard, read_on) DO UPDATE SET points = excluded.points, revenue_fen = excluded.revenue_fen,
             rate_bp = excluded.rate_bp, forecast_bp = excluded.forecast_bp, level = excluded.level, read_at = excluded.read_at`,
          [
            year,
            guard,
            asOf,
            reading.points,
            reading.revenueFen,
            reading.rateBp,
            reading.forecastBp,
            reading.level,
            at,
          ],
        );
        for (const level of levelsOf(reading, limit)) {
          const isNew = await raiseAlarm(tx, { subject: guard, pointsYear: year, level, figures: reading, at });
          if (isNew)
            await this.outbox.publish(tx, GuardReached, { guard, pointsYear: year, level }, { occurredAt: at });
        }
      });
    }
  }

  /** Of a points year, the latest of each guard first. */
  readings(pointsYear: number): Promise<readonly KeptReading[]> {
    return this.database.query<KeptReading & Record<string, unknown>>(
      `SELECT r.guard, r.points_year AS "pointsYear", r.read_on AS "readOn", r.points, r.revenue_fen AS "revenueFen", r.rate_bp AS "rateBp",
         r.forecast_bp AS "forecastBp", r.level, g.soft_bp AS "softBp", g.hard_bp AS "hardBp"
       FROM points.guard_reading r JOIN points.guard g USING (guard)
       WHERE r.points_year = $1 ORDER BY r.read_on DESC, r.guard DESC LIMIT 800`,
      [pointsYear],
    );
  }

  private async limits(): Promise<Readonly<Record<Guard, GuardLimits>>> {
    const rows = await this.database.query<GuardLimits & { readonly guard: Guard }>(
      'SELECT guard, soft_bp AS "softBp", hard_bp AS "hardBp" FROM points.guard',
    );
    const none = { softBp: Number.MAX_SAFE_INTEGER, hardBp: Number.MAX_SAFE_INTEGER };
    return { RETURN: none, COST: none, ...Object.fromEntries(rows.map((row) => [row.guard, row])) };
  }

  /** A bill earns in the month after its cycle: beside what a month has issued stands the revenue of the cycle before it. */
  private monthsOf(guard: Guard, year: number, asOf: string): Promise<readonly GuardMonth[]> {
    const { points, revenue } = SCOPES[guard];
    return this.database.query<GuardMonth & Record<string, unknown>>(
      `WITH issued AS (
         SELECT date_trunc('month', p.business_date)::date AS month,
           sum(CASE WHEN p.debit IN ('ISSUED', 'ADJUSTED') THEN p.points ELSE -p.points END)::bigint AS points
         FROM points.posting p
         JOIN points.point_account a USING (customer_id)
         LEFT JOIN customers.profile c USING (customer_id)
         LEFT JOIN points.earn_rule_set r ON $2::date >= r.effective_from AND $2::date < r.effective_to
         WHERE p.business_date >= make_date($1::int - 1, 12, 1) AND p.business_date <= $2 AND ${points}
         GROUP BY 1
       ), billed AS (
         SELECT (b.cycle + interval '1 month')::date AS month, sum(b.net_spend_fen)::bigint AS revenue
         FROM usage.bill b LEFT JOIN customers.profile c USING (customer_id)
         WHERE b.is_current AND b.cycle >= make_date($1::int - 1, 11, 1) AND b.cycle < $2::date - interval '1 month' AND ${revenue}
         GROUP BY 1
       )
       SELECT m.month::date AS month, COALESCE(i.points, 0) AS points, COALESCE(b.revenue, 0) AS "revenueFen"
       FROM generate_series(make_date($1::int - 1, 12, 1), $2::date, interval '1 month') m (month)
       LEFT JOIN issued i ON i.month = m.month LEFT JOIN billed b ON b.month = m.month
       ORDER BY m.month`,
      [year, asOf],
    );
  }
}

function levelsOf({ level, forecastBp }: GuardReading, { hardBp }: GuardLimits) {
  const reached: Readonly<Record<GuardLevel, readonly ('SOFT' | 'HARD')[]>> = {
    NONE: [],
    SOFT: ['SOFT'],
    HARD: ['SOFT', 'HARD'],
  };
  const isExpected = forecastBp !== undefined && forecastBp >= hardBp;
  return [...reached[level], ...(isExpected && level !== 'HARD' ? (['FORECAST'] as const) : [])];
}
