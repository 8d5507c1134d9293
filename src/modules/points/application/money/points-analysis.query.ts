import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/index.js';
import { yearsLeft } from '../../domain/money/liability.js';
import { valueInFen } from '../../domain/ledger/points-value.js';
import { movedInto } from '../../persistence/ledger/posting-sql.js';

/** Points of the customers of one level, of lots of one age. */
export interface AnalysisLine {
  readonly level: string;
  /** In how many whole years the lots expire, seen from the end of the month; `undefined`: never, or a debt, which has no lot. */
  readonly yearsLeft: number | undefined;
  readonly issued: number;
  readonly redeemed: number;
  readonly expired: number;
  /** At the end of the month; what is owed counts against it. */
  readonly outstanding: number;
  readonly outstandingValueFen: number;
}

interface Row {
  readonly level: string;
  readonly expires_on: string | null;
  readonly issued: number;
  readonly redeemed: number;
  readonly expired: number;
  readonly outstanding: number;
}

const REDEEMED_INTO = [
  'REDEEMED_SERVICE', 'REDEEMED_MOBILE_PRODUCT', 'REDEEMED_GOODS', 'REDEEMED_PAYMENT', 'REDEEMED_AUCTION', 'POS_CLEARING',
  'AUCTION_CLEARING', 'ORDER_CLEARING', 'PARTNER_PAYABLE', 'MERCHANT_DISCOUNT',
].map(movedInto).join(' + '); // prettier-ignore

const ISSUED_BY = `-(${movedInto('ISSUED')})`;
const OUTSTANDING = ['CUST_AVAILABLE', 'CUST_HELD', 'CUST_PENDING', 'CUST_DEBT'].map(movedInto).join(' + ');

/**
 * Who has the points, and how old they are (大客户积分分析, PTS-32): straight from the postings, so the sums of its lines are the ledger's, to
 * the point. The level is the one that the customer has now.
 */
@Injectable()
export class AnalysePoints {
  constructor(private readonly database: Database) {}

  /** @param month `YYYY-MM` */
  async ofMonth(month: string): Promise<readonly AnalysisLine[]> {
    const rows = await this.database.query<Row & Record<string, unknown>>(
      `WITH lot AS (
         SELECT customer_id, expires_on, ${OUTSTANDING} AS outstanding,
           ${within(ISSUED_BY)} AS issued, ${within(REDEEMED_INTO)} AS redeemed, ${within(movedInto('BREAKAGE'))} AS expired
         FROM points.posting WHERE business_date < $1::date + interval '1 month'
         GROUP BY customer_id, expires_on
       )
       SELECT COALESCE(t.tier, 'ORDINARY') AS level, lot.expires_on, COALESCE(sum(issued), 0)::bigint AS issued,
         COALESCE(sum(redeemed), 0)::bigint AS redeemed, COALESCE(sum(expired), 0)::bigint AS expired,
         sum(outstanding)::bigint AS outstanding
       FROM lot LEFT JOIN tiering.current_tier t USING (customer_id)
       GROUP BY 1, 2`,
      [`${month}-01`],
    );
    return linesOf(rows, `${month}-28`);
  }
}

/** A sum over what happened in the month alone. */
const within = (sums: string): string =>
  `COALESCE(${sums.replaceAll(')::bigint', ') FILTER (WHERE business_date >= $1)::bigint')}, 0)`;

function linesOf(rows: readonly Row[], asOf: string): readonly AnalysisLine[] {
  const lines = new Map<string, { -readonly [Key in keyof AnalysisLine]: AnalysisLine[Key] }>();
  for (const { level, expires_on, issued, redeemed, expired, outstanding } of rows) {
    const years = expires_on === null ? undefined : yearsLeft(expires_on, asOf);
    const key = `${level} ${years ?? '-'}`;
    const line = lines.get(key) ?? {
      level, yearsLeft: years, issued: 0, redeemed: 0, expired: 0, outstanding: 0, outstandingValueFen: 0,
    }; // prettier-ignore
    lines.set(key, line);
    line.issued += issued;
    line.redeemed += redeemed;
    line.expired += expired;
    line.outstanding += outstanding;
    line.outstandingValueFen = valueInFen(line.outstanding);
  }
  return [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}
