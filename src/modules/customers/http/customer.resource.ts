import { defineResource } from '../../../platform/http/index.js';

export const customers = defineResource({
  type: 'Customer',
  path: '/tmf-api/customerManagement/v4/customer',
  attributes: {
    id: { type: 'id', column: 'c.customer_id', filter: true, sort: true },
    status: {
      type: 'enum',
      column: 'c.status',
      values: ['initialized', 'active', 'suspended', 'terminated'],
      filter: true,
    },
    archive: {
      type: 'enum',
      column: 'c.archive',
      values: ['in-network', 'retained'],
      filter: true,
      description: '在网档案库 or 保留档案库',
    },
    kind: { type: 'enum', column: 'c.kind', values: ['individual', 'group'], filter: true },
    region: { type: 'text', column: 'c.region', filter: true, description: 'Province code' },
    brand: { type: 'text', column: 'c.brand', filter: true },
    creditGrade: { type: 'text', column: 'c.credit_grade', filter: true },
    tariffCode: { type: 'text', column: 'c.tariff_code', filter: true },
    simKind: { type: 'text', column: 'c.sim_kind', filter: true },
    activatedOn: { type: 'date', column: 'c.activated_on', filter: true, sort: true },
    closedOn: { type: 'date', column: 'c.closed_on', filter: true, sort: true },
    'engagedParty.id': { type: 'id', column: 'c.party_id', filter: true },
    'account.id': { type: 'text', column: 'c.account_no', filter: true },
  },
  defaultSort: 'id',
  rowsOf: { customer: 'c' },
  serverSet: ['status', 'statusReason', 'account', 'engagedParty', 'validFor'],
});
