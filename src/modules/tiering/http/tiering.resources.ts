import { defineResource } from '../../../platform/http/index.js';

export const ruleSets = defineResource({
  type: 'TierRuleSet',
  path: '/care-api/tiering/v1/ruleSet',
  attributes: {
    id: { type: 'text', column: 'r.version', filter: true, sort: true },
    status: { type: 'enum', column: 'r.status', values: ['draft', 'active', 'retired'], filter: true, sort: true },
    effectiveFrom: { type: 'date', column: 'r.effective_from', filter: true, sort: true },
    effectiveUntil: { type: 'date', column: 'r.effective_until', filter: true, sort: true },
  },
  defaultSort: '-effectiveFrom',
});

export const customerTiers = { type: 'CustomerTier', path: '/care-api/tiering/v1/customerTier' } as const;
export const distribution = { type: 'TierDistribution', path: '/care-api/tiering/v1/distribution' } as const;
