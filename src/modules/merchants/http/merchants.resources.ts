import { defineResource } from '../../../platform/http/index.js';
import { merchantStatuses, siteStatuses } from '../domain/merchant.js';

export const BASE = '/care-api/merchants/v1';

export const merchants = defineResource({
  type: 'Merchant',
  path: `${BASE}/merchant`,
  attributes: {
    id: { type: 'id', column: 'm.merchant_id', filter: true },
    contractNo: { type: 'text', column: 'm.contract_no', filter: true, sort: true },
    category: { type: 'text', column: 'm.category', filter: true, sort: true },
    status: { type: 'enum', column: 'm.status', values: merchantStatuses, filter: true, sort: true },
    funderId: { type: 'text', column: 'm.funder_id', filter: true },
  },
  defaultSort: 'contractNo',
});

export const sites = defineResource({
  type: 'MerchantSite',
  path: `${BASE}/site`,
  attributes: {
    id: { type: 'id', column: 's.site_id', filter: true, sort: true },
    merchantId: { type: 'id', column: 's.merchant_id', filter: true, sort: true },
    region: { type: 'text', column: 's.region', filter: true, sort: true },
    status: { type: 'enum', column: 's.status', values: siteStatuses, filter: true, sort: true },
  },
  defaultSort: 'id',
});

export const terminals = defineResource({
  type: 'PosTerminal',
  path: `${BASE}/terminal`,
  attributes: {
    id: { type: 'text', column: 't.terminal_id', filter: true, sort: true },
    siteId: { type: 'id', column: 't.site_id', filter: true, sort: true },
    status: { type: 'enum', column: 't.status', values: merchantStatuses, filter: true, sort: true },
  },
  defaultSort: 'id',
});

export const discounts = defineResource({
  type: 'MerchantDiscount',
  path: `${BASE}/discount`,
  attributes: {
    id: { type: 'id', column: 'd.discount_id', filter: true },
    merchantId: { type: 'id', column: 'd.merchant_id', filter: true, sort: true },
    effectiveFrom: { type: 'date', column: 'd.effective_from', filter: true, sort: true },
    effectiveUntil: { type: 'date', column: 'd.effective_until', filter: true, sort: true },
  },
  defaultSort: 'merchantId,-effectiveFrom',
});

export const posMessages = { type: 'PosMessage', path: `${BASE}/posMessage` } as const;
