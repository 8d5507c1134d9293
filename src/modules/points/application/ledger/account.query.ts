import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { Database } from '../../../../platform/database/index.js';
import { CustomerNotFound, CustomersFacade } from '../../../customers/index.js';
import type { PointsType } from '../../domain/ledger/ledger.js';
import { daysOfPointsYear, pointsYear } from '../../domain/ledger/points-year.js';
import { valueInFen } from '../../domain/ledger/points-value.js';
import { NoEarnRules } from '../../persistence/earning/earn-rule-sets.js';
import { mustExceedSql } from '../../persistence/earning/earn-items-sql.js';
import { ISSUED } from '../../persistence/ledger/posting-sql.js';

export interface Balance {
  readonly customerId: string;
  readonly available: number;
  readonly held: number;
  readonly pending: number;
  readonly debt: number;
  readonly valueInFen: number;
  /** What was ever earned by using the network, less what was taken back (资格积分): what the threshold is about. */
  readonly qualifying: number;
  /** The threshold itself, of the customer's province when the rules have one for it (PTS-12). */
  readonly mustExceed: number;
  /** Has the threshold been passed? */
  readonly canRedeem: boolean;
  /** Points missing to pass it, 0 once it is passed. */
  readonly gapToRedeem: number;
  /** Issued in the points year that runs now (1 December to 30 November), of any class, less what was taken back. */
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

export interface EarnedOfClass {
  readonly pointsType: PointsType | 'DEBT';
  readonly points: number;
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
    const [row] = await this.database.query<BalanceRow>(
      `SELECT a.available, a.held, a.pending, a.debt, a.lifetime_earned, a.version, a.status,
         COALESCE(p.status = 'suspended', false) OR a.frozen_reason IS NOT NULL AS is_frozen,
         ${mustExceedSql('r.rules', 'p.region')} AS must_exceed, (
           SELECT COALESCE(${ISSUED}, 0) FROM points.posting
           WHERE customer_id = $1 AND business_date BETWEEN $2 AND $3 AND 'ISSUED' IN (debit, credit)) AS earned_this_year
       FROM (SELECT $1::uuid AS customer_id) asked
       LEFT JOIN points.point_account a USING (customer_id)
       LEFT JOIN customers.profile p USING (customer_id)
       LEFT JOIN points.earn_rule_set r ON $4::date >= r.effective_from AND $4::date < r.effective_to`,
      [customerId, from, to, today],
    );
    const version = row?.version ?? undefined;
    if (version === undefined) await this.assertExists(customerId);
    const mustExceed = row?.must_exceed ?? undefined;
    if (mustExceed === undefined) throw new NoEarnRules(today);
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
      mustExceed,
      canRedeem: qualifying > mustExceed,
      gapToRedeem: Math.max(0, mustExceed + 1 - qualifying),
      earnedThisPointsYear: row?.earned_this_year ?? 0,
      pointsYear: year,
      status: row?.status === 'ACTIVE' && row.is_frozen ? 'FROZEN' : (row?.status ?? 'ACTIVE'),
      version: version ?? 0,
    };
  }

  /** What was issued to a customer in a points year, by class, less what was taken back of it. @throws CustomerNotFound */
  async earnedIn(customerId: string, year: number): Promise<readonly EarnedOfClass[]> {
    await this.assertExists(customerId);
    const { from, to } = daysOfPointsYear(year);
    // What was taken back after it had been spent is a debt, and of no class.
    return this.database.query<EarnedOfClass & Record<string, unknown>>(
      `SELECT COALESCE(points_type::text, 'DEBT') AS "pointsType", ${ISSUED} AS points FROM points.posting
       WHERE customer_id = $1 AND business_date BETWEEN $2 AND $3 AND 'ISSUED' IN (debit, credit)
       GROUP BY points_type ORDER BY points_type`,
      [customerId, from, to],
    );
  }

  /** What expires when, first to expire first; what is held or pending is not among it. @throws CustomerNotFound */
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

/** What is of the account is null while there is none. */
interface BalanceRow {
  readonly available: number | null;
  readonly held: number | null;
  readonly pending: number | null;
  readonly debt: number | null;
  readonly lifetime_earned: number | null;
  readonly version: number | null;
  readonly status: 'ACTIVE' | 'CLOSED' | null;
  readonly is_frozen: boolean;
  readonly must_exceed: number | null;
  readonly earned_this_year: number;
}

interface LotRow {
  readonly expires_on: string | null;
  readonly points_type: PointsType;
  readonly funder_id: string;
  readonly remaining: number;
}
