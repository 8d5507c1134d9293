import { defineResource } from '../../../../platform/http/index.js';
import { ENTRY_KINDS } from '../ledger/points.resources.js';

/** As TM Forum's own document has it. */
const TMF658 = '/tmf-api/loyalty/v4';

/** There is one. */
export const PROGRAM = { id: 'POINTS_PLAN', status: 'active' } as const;

export const programSpecs = defineResource({
  type: 'LoyaltyProgramProductSpec',
  path: `${TMF658}/loyaltyProgramProductSpec`,
  attributes: {
    id: { type: 'text', column: 's.id', filter: true, sort: true },
    lifeCycleStatus: { type: 'text', column: 's.status', filter: true },
  },
  defaultSort: 'id',
});

export const members = defineResource({
  type: 'LoyaltyProgramMember',
  path: `${TMF658}/loyaltyProgramMember`,
  attributes: { id: { type: 'id', column: 'a.customer_id', filter: true, sort: true, description: 'The customer' } },
  defaultSort: 'id',
  rowsOf: { customerId: 'a.customer_id' },
});

export const loyaltyAccounts = defineResource({
  type: 'LoyaltyAccount',
  path: `${TMF658}/loyaltyAccount`,
  attributes: { id: { type: 'id', column: 'a.customer_id', filter: true, sort: true, description: 'The customer' } },
  defaultSort: 'id',
  rowsOf: { customerId: 'a.customer_id' },
});

export const balances = defineResource({
  type: 'LoyaltyBalance',
  path: `${TMF658}/loyaltyBalance`,
  // The key itself: a page is read from the index, whatever the size of the table.
  idColumn: 'b.customer_id, b.expires_on, b.points_type, b.funder_id',
  attributes: {
    id: { type: 'text', column: 'b.customer_id, b.expires_on, b.points_type, b.funder_id' },
    'loyaltyProgramMember.id': { type: 'id', column: 'b.customer_id', filter: true, sort: true },
  },
  defaultSort: 'id',
  rowsOf: { customerId: 'b.customer_id' },
});

const movements = (type: string, collection: string) =>
  defineResource({
    type,
    path: `${TMF658}/${collection}`,
    idColumn: 'j.customer_id, j.journal_id',
    attributes: {
      id: { type: 'text', column: 'j.customer_id, j.journal_id' },
      memberId: { type: 'id', column: 'j.customer_id', filter: true },
      eventType: { type: 'enum', column: 'j.kind::text', values: ENTRY_KINDS, filter: true },
      eventTime: { type: 'instant', column: 'j.occurred_at', filter: true, sort: true },
    },
    defaultSort: 'id',
    rowsOf: { customerId: 'j.customer_id' },
  });

/** Of version 1, which the beta has no more: as events of a member, with what version 1 said of them. */
export const earns = movements('LoyaltyEarn', 'loyaltyEarn');
export const burns = movements('LoyaltyBurn', 'loyaltyBurn');
