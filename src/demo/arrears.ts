import type { ArrearsRecord, BillRecord } from './boss-records.js';
import type { Customer } from './customer.js';
import type { MadePayment } from './payments.js';
import { LUCK, type Population } from './population.js';
import { Random } from './random.js';

const DAY_MS = 86_400_000;
/** 违约金: three thousandths a day from the day after the due date. */
const LATE_FEE_PER_DAY = 0.003;
const WRITTEN_OFF_AFTER_DAYS = 180;
const DISPUTED_RATE = 0.02;

export interface MadeArrears {
  /** The month at whose end it was open. */
  readonly month: number;
  readonly item: ArrearsRecord;
}

/** The bill of month `m` in the snapshots of the following months: while it is open, and once when it is settled at last. */
export function arrearsOf(
  population: Population,
  customer: Customer,
  m: number,
  bill: BillRecord,
  paid: MadePayment | undefined,
): readonly MadeArrears[] {
  const { months, seed } = population.settings;
  if (bill.arrearsFen <= 0) return [];
  const isDisputed = new Random(seed, LUCK.arrears, customer.index, m).chance(DISPUTED_RATE);
  const made: MadeArrears[] = [];
  for (let month = m + 1; month < months; month++) {
    const isSettled = paid !== undefined && paid.month <= month;
    if (isSettled && made.length === 0) return made;
    const snapshotOn = population.month(month + 1).firstDate;
    const daysLate = Math.max(0, (Date.parse(snapshotOn) - Date.parse(bill.dueDate)) / DAY_MS);
    const isWrittenOff = customer.isClosedForDebt && daysLate > WRITTEN_OFF_AFTER_DAYS;
    const item: ArrearsRecord = {
      recordId: `A${snapshotOn.replaceAll('-', '')}-${bill.billNo}`,
      snapshotOn,
      accountNo: customer.accountNo,
      msisdn: customer.msisdn,
      billNo: bill.billNo,
      cycle: bill.cycle,
      dueDate: bill.dueDate,
      arrearsFen: isSettled ? 0 : bill.arrearsFen,
      lateFeeFen: isSettled ? 0 : Math.floor(bill.arrearsFen * LATE_FEE_PER_DAY * daysLate),
      status: isSettled ? 'OPEN' : isWrittenOff ? 'WRITTEN_OFF' : isDisputed ? 'DISPUTED' : 'OPEN',
      operation: 'NEW',
      refRecordId: '',
      version: 1,
    };
    made.push({ month, item });
    if (isSettled) return made;
  }
  return made;
}
