import { defineResource } from '../../../platform/http/index.js';
import { cardStatuses } from '../domain/card.js';
import { tiers } from '../domain/tier.js';

const BASE = '/care-api/tiering/v1';

export const cards = defineResource({
  type: 'Card',
  path: `${BASE}/card`,
  attributes: {
    id: { type: 'id', column: 'c.card_id', filter: true },
    customerId: { type: 'id', column: 'c.customer_id', filter: true },
    status: { type: 'enum', column: 'c.status', values: cardStatuses, filter: true },
    tier: { type: 'enum', column: 'c.tier', values: tiers, filter: true },
    issuedOn: { type: 'date', column: 'c.issued_on', filter: true, sort: true },
    validUntil: { type: 'date', column: 'c.valid_until', filter: true, sort: true },
  },
  defaultSort: '-issuedOn',
  rowsOf: { customerId: 'c.customer_id' },
});

export const pointsMembers = defineResource({
  type: 'PointsMember',
  path: `${BASE}/pointsMember`,
  attributes: {
    id: { type: 'id', column: 'm.customer_id', filter: true },
    since: { type: 'date', column: 'm.since', filter: true, sort: true },
  },
  defaultSort: '-since',
  rowsOf: { customerId: 'm.customer_id' },
});
