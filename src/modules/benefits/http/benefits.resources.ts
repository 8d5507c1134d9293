import { defineResource } from '../../../platform/http/index.js';
import { benefitUnits, serviceClasses } from '../domain/benefit.js';

const BASE = '/care-api/benefits/v1';

export const benefits = defineResource({
  type: 'Benefit',
  path: `${BASE}/benefit`,
  attributes: {
    id: { type: 'text', column: 'b.code', filter: true, sort: true },
    program: { type: 'text', column: 'b.program', filter: true, sort: true },
    serviceClass: { type: 'enum', column: 'b.service_class', values: serviceClasses, filter: true, sort: true },
    unit: { type: 'enum', column: 'b.unit', values: benefitUnits, filter: true },
    effectiveFrom: { type: 'date', column: 'b.effective_from', filter: true, sort: true },
    effectiveUntil: { type: 'date', column: 'b.effective_until', filter: true, sort: true },
  },
  defaultSort: 'id',
});

const QUOTA_ID = `q.benefit || '~' || q.level || '~' || q.version`;

export const quotas = defineResource({
  type: 'BenefitQuota',
  path: `${BASE}/quota`,
  attributes: {
    id: { type: 'text', column: QUOTA_ID, filter: true },
    benefit: { type: 'text', column: 'q.benefit', filter: true, sort: true },
    level: { type: 'text', column: 'q.level', filter: true, sort: true },
    effectiveFrom: { type: 'date', column: 'q.effective_from', filter: true, sort: true },
  },
  defaultSort: 'benefit,-effectiveFrom',
});

export const customers = `${BASE}/customer` as const;

export const entitlements = defineResource({
  type: 'Entitlement',
  path: `${customers}/{customerId}/entitlement`,
  attributes: {
    id: { type: 'text', column: `e.level_year || '~' || e.benefit`, filter: true },
    benefit: { type: 'text', column: 'e.benefit', filter: true, sort: true },
    level: { type: 'text', column: 'e.level', filter: true },
    levelYear: { type: 'date', column: 'e.level_year', filter: true, sort: true },
    validUntil: { type: 'date', column: 'e.valid_until', filter: true, sort: true },
  },
  defaultSort: '-levelYear,benefit',
});

export const uses = defineResource({
  type: 'BenefitUse',
  path: `${customers}/{customerId}/use`,
  attributes: {
    id: { type: 'id', column: 'u.use_id', filter: true },
    benefit: { type: 'text', column: 'u.benefit', filter: true },
    levelYear: { type: 'date', column: 'u.level_year', filter: true, sort: true },
    usedAt: { type: 'instant', column: 'u.used_at', filter: true, sort: true },
  },
  defaultSort: '-usedAt',
});
