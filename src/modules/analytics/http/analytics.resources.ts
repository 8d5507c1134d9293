import { defineResource } from '../../../platform/http/index.js';
import { tiers } from '../../tiering/index.js';
import { bands } from '../domain/score-churn.js';

export const churnRisks = defineResource({
  type: 'ChurnRisk',
  path: '/care-api/analytics/v1/churnRisk',
  attributes: {
    id: { type: 'id', column: 's.customer_id', filter: true },
    band: { type: 'enum', column: 's.band', values: bands, filter: true },
    risk: { type: 'integer', column: 's.risk', filter: true, sort: true },
    region: { type: 'text', column: 'p.region', filter: true, sort: true },
    tier: {
      type: 'enum',
      values: tiers,
      filter: true,
      where: (names) => `COALESCE(t.tier, 'ORDINARY') = ANY(${names})`,
    },
    revenueAtRiskFen: { type: 'integer', column: 's.revenue_at_risk_fen', filter: true, sort: true },
    asOf: { type: 'date', column: 's.as_of', filter: true, sort: true },
  },
  defaultSort: '-risk',
  rowsOf: { customerId: 's.customer_id' },
});

export const pyramids = { type: 'ValuePyramid', path: '/care-api/analytics/v1/valuePyramid' } as const;
