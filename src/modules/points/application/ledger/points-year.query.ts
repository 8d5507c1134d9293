import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { Database } from '../../../../platform/database/index.js';
import type { AccountCode, PointsType } from '../../domain/ledger/ledger.js';
import { daysOfPointsYear, pointsYear } from '../../domain/ledger/points-year.js';
import { PointsYearNotBegun } from '../../domain/expiry/refusals-of-expiry.js';

/** What customers' points became more or less by; `underWay` is what has left one customer and not reached another. */
type Movement = 'issued' | 'redeemed' | 'expired' | 'underWay' | 'adjusted' | 'forfeited' | 'owed';

/** Of one class; of debts, which belong to none, under `DEBT`. `opening` and all movements together are `closing`. */
export type YearOfClass = Readonly<Record<Movement, number>> & {
  readonly pointsType: PointsType | 'DEBT';
  readonly opening: number;
  readonly closing: number;
  /** Points that customers got from others. */
  readonly transferred: number;
};

export interface PointsYearReport {
  readonly pointsYear: number;
  readonly from: string;
  readonly to: string;
  readonly classes: readonly YearOfClass[];
}

/**
 * What happened to all points in a points year, by class, from the postings alone (PTS-10). Every posting has two sides; what counts is
 * how it changes the customers' side, and the other side says why. What a customer comes to owe, or repays, moves between class and debt.
 */
@Injectable()
export class ReportPointsYear {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws PointsYearNotBegun */
  async execute(year: number): Promise<PointsYearReport> {
    if (year < FIRST_YEAR || year > pointsYear(businessDate(this.clock.now()))) throw new PointsYearNotBegun();
    const { from, to } = daysOfPointsYear(year);
    const rows = await this.database.query<MovementRow>(
      `SELECT CASE leg.own WHEN 'CUST_DEBT' THEN 'DEBT' ELSE p.points_type::text END AS points_type, leg.other,
         COALESCE(sum(leg.points) FILTER (WHERE p.business_date < $1), 0)::bigint AS before,
         COALESCE(sum(leg.points) FILTER (WHERE p.business_date >= $1), 0)::bigint AS within,
         COALESCE(sum(leg.points) FILTER (WHERE p.business_date >= $1 AND leg.points > 0), 0)::bigint AS gained
       FROM points.posting p
       CROSS JOIN LATERAL (VALUES (p.debit, p.credit, -p.points), (p.credit, p.debit, p.points)) leg (own, other, points)
       WHERE p.business_date <= $2 AND leg.own IN ('CUST_AVAILABLE', 'CUST_HELD', 'CUST_PENDING', 'CUST_DEBT')
       GROUP BY 1, 2 ORDER BY 1, 2`,
      [from, to],
    );
    const types = [...new Set(rows.map(({ points_type }) => points_type))];
    return { pointsYear: year, from, to, classes: types.map((type) => yearOf(type, rows)) };
  }
}

/** Nobody had points before; what is asked for earlier years is a mistake. */
const FIRST_YEAR = 2000;

interface MovementRow {
  readonly points_type: PointsType | 'DEBT';
  readonly other: AccountCode;
  readonly before: number;
  readonly within: number;
  readonly gained: number;
}

function yearOf(pointsType: PointsType | 'DEBT', rows: readonly MovementRow[]): YearOfClass {
  const own = rows.filter(({ points_type }) => points_type === pointsType);
  const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
  const by = (movement: Movement): number =>
    sum(own.filter(({ other }) => movementOf(other) === movement).map(({ within }) => within));
  const opening = sum(own.map(({ before }) => before));
  return {
    pointsType,
    opening,
    issued: by('issued'),
    redeemed: by('redeemed'),
    expired: by('expired'),
    underWay: by('underWay'),
    adjusted: by('adjusted'),
    forfeited: by('forfeited'),
    owed: by('owed'),
    closing: opening + sum(own.map(({ within }) => within)),
    transferred: sum(own.filter(({ other }) => other === 'IN_TRANSIT').map(({ gained }) => gained)),
  };
}

/** From one place of the same customer to another: they cancel out, but for a debt. */
function movementOf(other: AccountCode): Movement {
  switch (other) {
    case 'ISSUED':
      return 'issued';
    case 'BREAKAGE':
      return 'expired';
    case 'IN_TRANSIT':
      return 'underWay';
    case 'ADJUSTED':
      return 'adjusted';
    case 'CLOSED_FORFEIT':
      return 'forfeited';
    case 'CUST_AVAILABLE':
    case 'CUST_HELD':
    case 'CUST_PENDING':
    case 'CUST_DEBT':
      return 'owed';
    case 'REDEEMED_SERVICE':
    case 'REDEEMED_MOBILE_PRODUCT':
    case 'REDEEMED_GOODS':
    case 'REDEEMED_PAYMENT':
    case 'REDEEMED_AUCTION':
    case 'POS_CLEARING':
    case 'AUCTION_CLEARING':
    case 'ORDER_CLEARING':
    case 'PARTNER_PAYABLE':
    case 'MERCHANT_DISCOUNT':
      return 'redeemed';
  }
}
