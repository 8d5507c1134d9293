import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Database } from '../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import { inWords, withoutAmounts, type ReasonInWords } from '../domain/reasons-in-words.js';
import type { Band, ChurnReason } from '../domain/score-churn.js';
import { churnRuleSetInEffect } from '../persistence/churn-rule-sets.js';

/** One customer's risk, as the last assessment that changed it has found it. */
export interface ChurnRisk {
  readonly customerId: string;
  readonly risk: number;
  readonly band: Band;
  /** undefined for a customer who shows no sign. */
  readonly asOf: string | undefined;
  readonly region: string | null;
  readonly tier: string;
  /** undefined to whoever does not see amounts. */
  readonly revenueAtRiskFen: number | undefined;
  readonly reasons: readonly ReasonInWords[];
}

type Row = Omit<ChurnRisk, 'asOf' | 'reasons'> & {
  readonly asOf: string | null;
  readonly reasons: readonly ChurnReason[];
};

const SELECT = `p.customer_id AS "customerId", COALESCE(s.risk, 0) AS risk, COALESCE(s.band, 'low') AS band,
  s.as_of AS "asOf", p.region, COALESCE(t.tier, 'ORDINARY') AS tier, COALESCE(s.revenue_at_risk_fen, 0) AS "revenueAtRiskFen",
  COALESCE(s.reasons, '[]') AS reasons`;
const TIER = 'LEFT JOIN tiering.current_tier t ON t.customer_id = p.customer_id';

/** Who may leave, and why (流失预警查询). */
@Injectable()
export class ChurnRiskQuery {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Customers who show any sign; those without are not listed. */
  async list<View extends object>(
    list: ListRequest,
    showsAmounts: boolean,
    view: (risk: ChurnRisk) => View,
  ): Promise<Page<View>> {
    const words = await this.words(showsAmounts);
    const source = {
      select: SELECT,
      from: `analytics.churn_score s JOIN customers.profile p ON p.customer_id = s.customer_id ${TIER}`,
    };
    return readPage<Row, View>(this.database, list, source, (row) => view(words(row)));
  }

  /** @throws CustomerNotFound for one who is not in the network, too. */
  async of(customerId: string, showsAmounts: boolean): Promise<ChurnRisk> {
    const [row] = await this.database.query<Row>(
      `SELECT ${SELECT} FROM customers.profile p
       LEFT JOIN analytics.churn_score s ON s.customer_id = p.customer_id ${TIER}
       WHERE p.customer_id = $1 AND p.archive = 'in-network'`,
      [customerId],
    );
    if (!row) throw new CustomerNotFound();
    return (await this.words(showsAmounts))(row);
  }

  private async words(showsAmounts: boolean): Promise<(row: Row) => ChurnRisk> {
    const { body } = await churnRuleSetInEffect(this.database, businessDate(this.clock.now()));
    return (row) => ({
      ...row,
      asOf: row.asOf ?? undefined,
      revenueAtRiskFen: showsAmounts ? row.revenueAtRiskFen : undefined,
      reasons: row.reasons.map((reason) => inWords(body, showsAmounts ? reason : withoutAmounts(body, reason))),
    });
  }
}
