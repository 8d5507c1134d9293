import { Injectable } from '@nestjs/common';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../customers/index.js';

/** What a program believes about somebody, and why (PIPL 24). */
@Injectable()
@ContributesToSubjectCopy('analytics')
export class AnalyticsInCopy implements ContributesSections {
  sections(): readonly CopySection[] {
    return SECTIONS;
  }
}

const SECTIONS: readonly CopySection[] = [
  {
    name: 'analytics.churnScore',
    title: 'Whether we think that you will leave (离网风险)',
    sql: `SELECT as_of AS "asOf", risk, band, reasons, revenue_at_risk_fen AS "revenueAtRiskFen", assessed_at AS "assessedAt"
          FROM analytics.churn_score WHERE customer_id = $1`,
  },
  {
    name: 'analytics.replacedScore',
    title: 'What we had thought before figures came late (历史离网风险)',
    sql: `SELECT as_of AS "asOf", risk, band, reasons, revenue_at_risk_fen AS "revenueAtRiskFen", assessed_at AS "assessedAt",
            replaced_at AS "replacedAt"
          FROM analytics.replaced_score WHERE customer_id = $1 ORDER BY replaced_at`,
  },
];
