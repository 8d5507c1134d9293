import { headOf } from '../../../platform/http/index.js';
import { billIdOf, type BillRow, type BillStanding } from '../application/find-bills.query.js';
import { BILL_CATEGORY_TEXTS } from '../domain/bill-categories.js';
import { startOfBusinessDay } from '../domain/business-month.js';
import type { CustomerBillView } from './billing.dto.js';
import { customerBills } from './billing.resources.js';

export interface BesideBill {
  readonly standing: BillStanding;
  readonly account: string | undefined;
}

export function customerBillView(
  bill: BillRow,
  { standing, account, showsAmounts }: BesideBill & { readonly showsAmounts: boolean },
): CustomerBillView {
  return {
    ...headOf(customerBills, billIdOf(bill)),
    billNo: bill.bill_no,
    billDate: bill.issued_at,
    billingPeriod: {
      startDateTime: new Date(startOfBusinessDay(bill.cycle)),
      endDateTime: new Date(startOfBusinessDay(monthAfter(bill.cycle))),
    },
    state: standing.state,
    runType: 'onCycle',
    paymentDueDate: bill.due_on,
    ...(standing.settledAt && { settledAt: standing.settledAt }),
    version: bill.version,
    lastUpdate: bill.recorded_at,
    ...(showsAmounts && {
      amountDue: yuan(bill.payable_fen),
      remainingAmount: yuan(standing.remainingFen),
      taxIncludedAmount: yuan(bill.payable_fen),
      appliedCustomerBillingRate: BILL_CATEGORY_TEXTS.filter(({ column }) => bill[column] !== 0).map(
        ({ column, type, en, zh }) => ({
          type,
          description: `${en} (${zh})`,
          taxIncludedAmount: yuan(bill[column]),
          '@type': 'AppliedCustomerBillingRate',
        }),
      ),
    }),
    ...(account !== undefined && { billingAccount: { id: account, '@referredType': 'BillingAccount' } }),
    relatedParty: [{ id: bill.customer_id, role: 'customer', '@referredType': 'Customer' }],
  };
}

const monthAfter = (cycle: string): string => {
  const [year = 0, month = 0] = cycle.split('-').map(Number);
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
};

/** TMF's Money is a decimal number; hundredths of a whole number print exactly. */
const yuan = (fen: number): { unit: string; value: number } => ({ unit: 'CNY', value: fen / 100 });
