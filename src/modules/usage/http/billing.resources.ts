import { HUGE_BILL_NOTICES } from '../domain/huge-bill.js';
import { defineResource } from '../../../platform/http/index.js';

export const BILLING = '/care-api/billing/v1';

export const customerBills = defineResource({
  type: 'CustomerBill',
  path: '/tmf-api/customerBillManagement/v4/customerBill',
  // The key itself: a page is read from the index, whatever the size of the table.
  idColumn: 'b.customer_id, b.source, b.bill_no',
  attributes: {
    id: { type: 'text', column: 'b.customer_id, b.source, b.bill_no' },
    'relatedParty.id': { type: 'id', column: 'b.customer_id', filter: true },
    month: {
      type: 'text',
      filter: true,
      where: (months) => `to_char(b.cycle, 'YYYY-MM') = ANY(${months})`,
      description: 'The month that was billed (账期), YYYY-MM',
    },
    billDate: { type: 'instant', column: 'b.issued_at', filter: true, sort: true },
    paymentDueDate: { type: 'date', column: 'b.due_on', filter: true, sort: true },
  },
  defaultSort: 'id',
  rowsOf: { customerId: 'b.customer_id' },
});

export const payments = defineResource({
  type: 'BillPayment',
  path: `${BILLING}/payment`,
  idColumn: 'p.customer_id, p.source, p.payment_id',
  attributes: {
    id: { type: 'text', column: 'p.customer_id, p.source, p.payment_id' },
    customerId: { type: 'id', column: 'p.customer_id', filter: true },
    billNo: { type: 'text', column: 'p.bill_no', filter: true },
    paidAt: { type: 'instant', column: 'p.paid_at', filter: true, sort: true },
  },
  defaultSort: 'id',
  rowsOf: { customerId: 'p.customer_id' },
});

export const arrearsTotals = defineResource({
  type: 'ArrearsAgeing',
  path: `${BILLING}/arrearsAgeing`,
  idColumn: 't.as_of, t.region, t.brand',
  attributes: {
    id: { type: 'text', column: 't.as_of, t.region, t.brand' },
    asOf: { type: 'date', column: 't.as_of', filter: true, sort: true, description: 'The day, as it began' },
    region: { type: 'text', column: 't.region', filter: true, sort: true, description: 'Province code' },
    brand: { type: 'text', column: 't.brand', filter: true, sort: true },
  },
  defaultSort: '-asOf,region,brand',
});

export const hugeBills = defineResource({
  type: 'HugeBill',
  path: `${BILLING}/hugeBill`,
  idColumn: 'h.customer_id, h.source, h.first_bill_no',
  attributes: {
    id: { type: 'text', column: 'h.customer_id, h.source, h.first_bill_no' },
    customerId: { type: 'id', column: 'h.customer_id', filter: true },
    notice: { type: 'enum', column: 'h.notice', values: HUGE_BILL_NOTICES, filter: true },
    foundAt: { type: 'instant', column: 'h.found_at', filter: true, sort: true },
  },
  defaultSort: '-foundAt',
  rowsOf: { customerId: 'h.customer_id' },
});
