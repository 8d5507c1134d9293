import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';

export interface ChurnSummary {
  /** In band medium or high. */
  readonly customersAtRisk: number;
  /** What they bring in a year: mean net spend of the last three full months, twelve times. */
  readonly revenueAtRiskFen: number;
}

/** What is known about customers as a whole. */
@Injectable()
export class AnalyticsFacade {
  constructor(private readonly database: Database) {}

  /** As the last assessment on or before the day has found it; scores found later are not counted. */
  async summary(asOf: string): Promise<ChurnSummary> {
    const [found] = await this.database.query<{ customers: number; revenue: number }>(
      `SELECT count(*) AS customers, COALESCE(sum(revenue_at_risk_fen), 0)::bigint AS revenue
       FROM analytics.churn_score WHERE band IN ('high', 'medium') AND as_of <= $1`,
      [asOf],
    );
    return { customersAtRisk: found?.customers ?? 0, revenueAtRiskFen: found?.revenue ?? 0 };
  }
}
