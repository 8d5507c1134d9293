import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Database } from '../../../platform/database/index.js';
import { CustomerNotFound, CustomersFacade } from '../../customers/index.js';
import type { PointsType } from '../domain/ledger.js';
import { daysOfPointsYear, pointsYear } from '../domain/points-year.js';
import { valueInFen } from '../domain/points-value.js';
import { ruleSetInForce } from '../persistence/earn-rule-sets.js';

export interface Balance {
  readonly customerId: string;
  readonly available: number;
  readonly held: number;
  readonly pending: number;
  readonly debt: number;
  readonly valueInFen: number;
  /** All that was ever earned, less what was taken back: what the threshold is about. */
  readonly qualifying: number;
  /** Has the threshold been passed? */
  readonly canRedeem: boolean;
  /** Points missing to pass it, 0 once it is passed. */
  readonly gapToRedeem: number;
  /** Earned in the points year that runs now (1 December to 30 November). */
  readonly earnedThisPointsYear: number;
  readonly pointsYear: number;
  readonly status: 'ACTIVE' | 'FROZEN' | 'CLOSED';
  /** Number of entries so far. */
  readonly version: number;
}

export interface ExpiringLot {
  /** Last day on which they can be used; `undefined`: they do not expire. */
  readonly expiresOn: string | undefined;
  readonly pointsType: PointsType;
  readonly funderId: string;
  readonly points: number;
  readonly valueInFen: number;
}

/** What a customer has. A customer without an account has nothing, yet. */
@Injectable()
export class FindAccount {
  constructor(
    private readonly database: Database,
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerNotFound */
  async balanceOf(customerId: string): Promise<Balance> {
    const today = businessDate(this.clock.now());
    const year = pointsYear(today);
    const { from, to } = daysOfPointsYear(year);
    const [row] = await this.database.query<BalanceRow & Record<string, unknown>>(
      `SELECT a.available, a.held, a.pending, a.debt, a.lifetime_earned, a.version, a.status,
         COALESCE(p.status = 'suspended', false) AS is_suspended, (
           SELECT COALESCE(sum(j.points), 0)::bigint FROM points.journal j
           WHERE j.customer_id = a.customer_id AND j.kind IN ('EARN', 'EARN_CORRECTION', 'AWARD')
             AND j.business_date BETWEEN $2 AND $3) AS earned_this_year
       FROM points.point_account a LEFT JOIN customers.profile p USING (customer_id)
       WHERE a.customer_id = $1`,
      [customerId, from, to],
    );
    if (!row) await this.assertExists(customerId);
    const { rules } = await ruleSetInForce(this.database, today);
    const qualifying = row?.lifetime_earned ?? 0;
    const available = row?.available ?? 0;
    return {
      customerId,
      available,
      held: row?.held ?? 0,
      pending: row?.pending ?? 0,
      debt: row?.debt ?? 0,
      valueInFen: valueInFen(available),
      qualifying,
      canRedeem: qualifying > rules.joinAbove,
      gapToRedeem: Math.max(0, rules.joinAbove + 1 - qualifying),
      earnedThisPointsYear: row?.earned_this_year ?? 0,
      pointsYear: year,
      status: row?.status === 'ACTIVE' && row.is_suspended ? 'FROZEN' : (row?.status ?? 'ACTIVE'),
      version: row?.version ?? 0,
    };
  }

  /** What expires when, first to expire first. @throws CustomerNotFound */
  async expiryOf(customerId: string): Promise<readonly ExpiringLot[]> {
    const rows = await this.database.query<LotRow & Record<string, unknown>>(
      `SELECT NULLIF(expires_on, 'infinity') AS expires_on, points_type, funder_id, remaining
       FROM points.point_bucket b WHERE customer_id = $1 AND remaining > 0
       ORDER BY b.expires_on, points_type, funder_id`,
      [customerId],
    );
    if (rows.length === 0) await this.assertExists(customerId);
    return rows.map(({ expires_on, points_type, funder_id, remaining }) => ({
      expiresOn: expires_on ?? undefined,
      pointsType: points_type,
      funderId: funder_id,
      points: remaining,
      valueInFen: valueInFen(remaining),
    }));
  }

  /** @throws CustomerNotFound */
  async assertExists(customerId: string): Promise<void> {
    if (!(await this.customers.exists(customerId))) throw new CustomerNotFound();
  }
}

interface BalanceRow {
  readonly available: number;
  readonly held: number;
  readonly pending: number;
  readonly debt: number;
  readonly lifetime_earned: number;
  readonly version: number;
  readonly status: 'ACTIVE' | 'CLOSED';
  readonly is_suspended: boolean;
  readonly earned_this_year: number;
}

interface LotRow {
  readonly expires_on: string | null;
  readonly points_type: PointsType;
  readonly funder_id: string;
  readonly remaining: number;
}
