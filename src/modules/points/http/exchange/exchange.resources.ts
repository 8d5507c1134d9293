import { defineResource } from '../../../../platform/http/index.js';
import { ITEM_STATUSES } from '../../domain/exchange/catalogue-item.js';
import { ORDER_STATUSES } from '../../domain/exchange/exchange-order.js';
import { PURPOSES } from '../../domain/ledger/redemption.js';

const BASE = '/care-api/points/v1';

export const catalogueItems = defineResource({
  type: 'PointsItem',
  path: `${BASE}/catalogueItem`,
  attributes: {
    id: { type: 'text', column: 'i.item_id', filter: true, sort: true },
    kind: { type: 'enum', column: 'i.kind', values: PURPOSES, filter: true, sort: true },
    points: { type: 'integer', column: 'i.points', filter: true, sort: true, description: 'What it costs' },
    status: { type: 'enum', column: 'i.status', values: ITEM_STATUSES, filter: true },
    validFrom: { type: 'date', column: 'i.valid_from', filter: true, sort: true },
    validUntil: { type: 'date', column: 'i.valid_until', filter: true, sort: true },
  },
  defaultSort: 'id',
});

export const customersOfOrders = `${BASE}/account` as const;

export const exchangeOrders = defineResource({
  type: 'PointsOrder',
  path: `${customersOfOrders}/{customerId}/order`,
  attributes: {
    id: { type: 'id', column: 'o.order_id', filter: true },
    itemId: { type: 'text', column: 'o.item_id', filter: true },
    kind: { type: 'enum', column: 'o.kind', values: PURPOSES, filter: true },
    status: { type: 'enum', column: 'o.status', values: ORDER_STATUSES, filter: true },
    orderedAt: { type: 'instant', column: 'o.ordered_at', filter: true, sort: true },
  },
  defaultSort: '-orderedAt',
});

export const unansweredOrders = defineResource({
  type: 'PointsOrder',
  path: `${BASE}/unansweredOrder`,
  attributes: {
    id: { type: 'id', column: 'o.order_id', filter: true },
    itemId: { type: 'text', column: 'o.item_id', filter: true },
    waitsSince: { type: 'instant', column: 's.waits_since', filter: true, sort: true },
  },
  defaultSort: 'waitsSince',
});
