import { defineResource } from '../../../../platform/http/index.js';

const BASE = '/care-api/points/v1';

export const ENTRY_KINDS = [
  'EARN',
  'EARN_CORRECTION',
  'ACTIVATION',
  'AWARD',
  'GIFT',
  'ADJUSTMENT',
  'REDEMPTION',
  'REDEMPTION_REVERSAL',
  'PAYMENT',
  'PAYMENT_REVERSAL',
  'AUTHORISATION',
  'CAPTURE',
  'RELEASE',
  'RETURN',
  'CLEARING',
  'TRANSFER_OUT',
  'TRANSFER_IN',
  'EXPIRY',
  'EXPIRY_REVERSAL',
  'CLOSURE',
  'REOPENING',
] as const;

export const accounts = { type: 'PointsAccount', path: `${BASE}/account` } as const;
export const redemptions = { type: 'PointsRedemption', path: `${BASE}/redemption` } as const;
export const earnRuleSets = { type: 'EarnRuleSet', path: `${BASE}/earnRuleSet` } as const;

export const entries = defineResource({
  type: 'PointsEntry',
  path: `${BASE}/account/{customerId}/entry`,
  attributes: {
    id: { type: 'id', column: 'j.journal_id', filter: true },
    sequence: {
      type: 'integer',
      column: 'j.account_version',
      filter: true,
      sort: true,
      description: 'Number of the entry',
    },
    kind: { type: 'enum', column: 'j.kind::text', values: ENTRY_KINDS, filter: true, description: 'What happened' },
    businessDate: {
      type: 'date',
      column: 'j.business_date',
      filter: true,
      sort: true,
      description: 'Day of the books',
    },
    occurredAt: { type: 'instant', column: 'j.occurred_at', filter: true, sort: true, description: 'When it happened' },
    billNo: { type: 'text', column: 'j.source_ref', filter: true, description: 'The bill that earned' },
  },
  defaultSort: '-sequence',
});
