import type { BillRecord, PaymentRecord } from './boss-records.js';
import { instantIn } from './calendar.js';
import type { Customer, Moment } from './customer.js';
import { LUCK } from './population.js';
import type { Population } from './population.js';
import { Random } from './random.js';

const METHODS = ['WECHAT', 'ALIPAY', 'BANK_DEBIT', 'CASH', 'APP', 'RECHARGE_CARD'] as const;

export interface MadePayment {
  /** Month of the window in which the money comes. */
  readonly month: number;
  readonly payment: PaymentRecord;
}

/** How the bill of month `m` is paid; `undefined`: nothing to pay, or never paid inside the window. */
export function paymentFor(
  population: Population,
  customer: Customer,
  m: number,
  bill: BillRecord,
): MadePayment | undefined {
  if (bill.payableFen <= 0) return undefined;
  const random = new Random(population.settings.seed, LUCK.payment, customer.index, m);
  const isFromBalance = customer.habit === 'AUTO';
  const at = isFromBalance ? toppedUpAt(population, customer, m, random) : settledAt(customer, m, random);
  if (at === undefined || at.month >= population.settings.months) return undefined;
  return {
    month: at.month,
    payment: {
      paymentId: `P${bill.cycle}-${customer.accountNo}`,
      accountNo: customer.accountNo,
      msisdn: customer.msisdn,
      paidAt: instantIn(population.month(at.month), at.day, random.integer(34_201, 79_200)),
      // Money is put on the balance in whole tens of yuan.
      amountFen: isFromBalance ? Math.ceil(bill.payableFen / 1000) * 1000 : bill.payableFen,
      method: random.pick(METHODS),
      payer: customer.isPaidByOther || random.chance(0.008) ? 'OTHER' : 'SELF',
      billNo: isFromBalance ? '' : bill.billNo,
      operation: 'NEW',
      refRecordId: '',
      version: 1,
    },
  };
}

function toppedUpAt(population: Population, customer: Customer, m: number, random: Random): Moment {
  const from = customer.joins.month === m ? customer.joins.day : 1;
  const to = customer.leaves.month === m ? customer.leaves.day : population.month(m).days;
  return { month: m, day: random.integer(from, Math.max(from, to)) };
}

/** When a customer who pays after the bill settles it. */
function settledAt(customer: Customer, billed: number, random: Random): Moment | undefined {
  const onTime: Moment = { month: billed + 1, day: random.integer(3, 20) };
  const isLate = random.chance(0.7);
  const isVeryLate = random.chance(0.35);
  const lateDay = random.integer(21, 28);
  switch (customer.habit) {
    case 'DEFAULTER': {
      const episode = customer.suspensions[0];
      if (episode === undefined || billed < episode.oneWay.month - 2) return onTime;
      if (customer.isClosedForDebt) return undefined;
      return billed < episode.resumed.month ? episode.resumed : onTime;
    }
    case 'CHRONIC':
      return customer.suspensions.find((s) => s.oneWay.month === billed + 1)?.resumed ?? onTime;
    case 'LATE':
      if (!isLate) return onTime;
      return isVeryLate ? { month: billed + 2, day: lateDay - 15 } : { month: billed + 1, day: lateDay };
    case 'AUTO':
    case 'ON_TIME':
      return onTime;
  }
}
