/** What real billing gets wrong: records that the receiver must refuse one by one, each kind with its error code. */
import { billLine, NOTHING_BILLED, paymentLine, subscriptionLine, usageLine } from './boss-records.js';
import type {
  BillRecord,
  ContractLine,
  FileKind,
  PaymentRecord,
  SubscriptionRecord,
  UsageRecord,
} from './boss-records.js';

export type RejectCode = 'E_FORMAT' | 'E_MSISDN' | 'E_DATE' | 'E_AMOUNT' | 'E_CONFLICT';

export interface FaultyLine {
  readonly line: ContractLine;
  /** `E_UNKNOWN_ACCOUNT`: the receiver may hold the record until the account is opened. */
  readonly code: RejectCode | 'E_UNKNOWN_ACCOUNT';
}

export interface Stranger {
  readonly accountNo: string;
  readonly msisdn: string;
}

/**
 * A fault makes a faulty line out of a sound record, its copy under a fresh id without amounts, and a stranger (an account
 * that was never opened). The sound record is always sent before: a fault adds a line and loses no fact.
 */
type Fault<R> = (sound: R, copy: R, stranger: Stranger) => FaultyLine;

const nationalTooShort = (msisdn: string): string => msisdn.slice(0, 10);
const unassignedRange = (msisdn: string): string => `11${msisdn.slice(2)}`;
const letterForZero = (msisdn: string): string => `${msisdn.slice(0, 10)}O`;

/** A day that no calendar has; lenient parsers roll it over to March. */
const thirtiethOfFebruary = (instant: string): string => `${instant.slice(0, 4)}-02-30${instant.slice(10)}`;
const thirteenthMonth = (instant: string): string => `${instant.slice(0, 4)}-13${instant.slice(7)}`;

function withField(line: ContractLine, index: number, value: string): ContractLine {
  const fields = line.text.split('|');
  fields[index] = value;
  return { ...line, text: fields.join('|') };
}

function undated(line: ContractLine): ContractLine {
  return { ...line, at: undefined };
}

function withoutLastFields(line: ContractLine, count: number): ContractLine {
  return { ...line, text: line.text.split('|').slice(0, -count).join('|') };
}

const SUBSCRIPTION_FAULTS: readonly Fault<SubscriptionRecord>[] = [
  (_, r) => ({ line: subscriptionLine({ ...r, msisdn: nationalTooShort(r.msisdn) }), code: 'E_MSISDN' }),
  (_, r) => ({ line: subscriptionLine({ ...r, activatedOn: thirtiethOfFebruary(r.activatedOn) }), code: 'E_DATE' }),
  (_, r) => ({ line: subscriptionLine({ ...r, packageFeeFen: -1 }), code: 'E_AMOUNT' }),
  (_, r) => ({ line: withField(subscriptionLine(r), 13, 'ASLEEP'), code: 'E_FORMAT' }),
  (_, r) => ({ line: withoutLastFields(subscriptionLine(r), 3), code: 'E_FORMAT' }),
  (r) => ({ line: subscriptionLine({ ...r, tariffCode: `${r.tariffCode}X` }), code: 'E_CONFLICT' }),
];

const USAGE_FAULTS: readonly Fault<UsageRecord>[] = [
  (_, r) => ({ line: usageLine({ ...r, msisdn: unassignedRange(r.msisdn) }), code: 'E_MSISDN' }),
  (_, r) => ({ line: undated(usageLine({ ...r, eventTime: thirtiethOfFebruary(r.eventTime) })), code: 'E_DATE' }),
  (_, r) => ({ line: usageLine({ ...r, feeFen: -100 }), code: 'E_AMOUNT' }),
  (r, { recordId }, stranger) => ({ line: usageLine({ ...r, recordId, ...stranger }), code: 'E_UNKNOWN_ACCOUNT' }),
  (_, r) => ({ line: withoutLastFields(usageLine(r), 3), code: 'E_FORMAT' }),
  (r) => ({ line: usageLine({ ...r, feeFen: r.feeFen + 1 }), code: 'E_CONFLICT' }),
  (_, r) => ({ line: withField(usageLine(r), 6, 'FAX'), code: 'E_FORMAT' }),
  (_, r) => ({ line: withField(usageLine(r), 11, '12.50'), code: 'E_AMOUNT' }),
  (_, r) => ({ line: undated(usageLine({ ...r, eventTime: thirteenthMonth(r.eventTime) })), code: 'E_DATE' }),
  (_, r) => ({ line: usageLine({ ...r, msisdn: letterForZero(r.msisdn) }), code: 'E_MSISDN' }),
  (_, r) => ({ line: usageLine({ ...r, recordId: '' }), code: 'E_FORMAT' }),
];

const BILL_FAULTS: readonly Fault<BillRecord>[] = [
  (_, r) => ({ line: billLine({ ...r, voiceFen: 1 }), code: 'E_AMOUNT' }),
  (r, { billNo }, stranger) => ({ line: billLine({ ...r, billNo, ...stranger }), code: 'E_UNKNOWN_ACCOUNT' }),
  (_, r) => ({ line: billLine({ ...r, cycle: `${r.cycle.slice(0, 4)}13` }), code: 'E_DATE' }),
  (r) => ({
    line: billLine({
      ...r,
      voiceFen: r.voiceFen + 100,
      payableFen: r.payableFen + 100,
      arrearsFen: r.arrearsFen + 100,
    }),
    code: 'E_CONFLICT',
  }),
  // The sum is right, but a discount is never a charge.
  (_, r) => ({ line: billLine({ ...r, discountFen: 100, adjustmentFen: -100 }), code: 'E_AMOUNT' }),
  (_, r) => ({ line: withoutLastFields(billLine(r), 2), code: 'E_FORMAT' }),
  (_, r) => ({ line: billLine({ ...r, msisdn: nationalTooShort(r.msisdn) }), code: 'E_MSISDN' }),
  (_, r) => ({ line: billLine({ ...r, dueDate: thirtiethOfFebruary(r.dueDate) }), code: 'E_DATE' }),
  (_, r) => ({ line: withField(billLine(r), 15, '1e3'), code: 'E_AMOUNT' }),
];

const PAYMENT_FAULTS: readonly Fault<PaymentRecord>[] = [
  (r, { paymentId }) => ({ line: paymentLine({ ...r, paymentId, amountFen: -r.amountFen }), code: 'E_AMOUNT' }),
  (_, r) => ({ line: withField(paymentLine(r), 5, '50.00'), code: 'E_AMOUNT' }),
  (r, { paymentId }, stranger) => ({
    line: paymentLine({ ...r, paymentId, ...stranger, billNo: '' }),
    code: 'E_UNKNOWN_ACCOUNT',
  }),
  (_, r) => ({ line: undated(paymentLine({ ...r, paidAt: thirtiethOfFebruary(r.paidAt) })), code: 'E_DATE' }),
  (r) => ({ line: paymentLine({ ...r, amountFen: r.amountFen + 1 }), code: 'E_CONFLICT' }),
  (_, r) => ({ line: withoutLastFields(paymentLine(r), 1), code: 'E_FORMAT' }),
  (_, r) => ({ line: paymentLine({ ...r, msisdn: unassignedRange(r.msisdn) }), code: 'E_MSISDN' }),
  (_, r) => ({ line: withField(paymentLine(r), 7, 'FRIEND'), code: 'E_FORMAT' }),
];

/** Goes through the kinds of fault in turn, so that a large file holds all of them. */
export class FaultSource {
  readonly #turns: Record<FileKind, number> = { SUB: 0, USG: 0, BIL: 0, PAY: 0, ARR: 0 };

  subscription(sound: SubscriptionRecord, freshId: string, stranger: Stranger): FaultyLine {
    return this.#next('SUB', SUBSCRIPTION_FAULTS, sound, { ...sound, recordId: freshId }, stranger);
  }

  usage(sound: UsageRecord, freshId: string, stranger: Stranger): FaultyLine {
    return this.#next(
      'USG',
      USAGE_FAULTS,
      sound,
      { ...sound, recordId: freshId, feeFen: 0, taxFen: 0, durationSec: 0, volumeKb: 0 },
      stranger,
    );
  }

  bill(sound: BillRecord, freshId: string, stranger: Stranger): FaultyLine {
    const nothing = { ...NOTHING_BILLED, payableFen: 0, paidFen: 0, arrearsFen: 0 };
    return this.#next('BIL', BILL_FAULTS, sound, { ...sound, ...nothing, billNo: freshId }, stranger);
  }

  payment(sound: PaymentRecord, freshId: string, stranger: Stranger): FaultyLine {
    return this.#next('PAY', PAYMENT_FAULTS, sound, { ...sound, paymentId: freshId, amountFen: 0 }, stranger);
  }

  #next<R>(kind: FileKind, faults: readonly Fault<R>[], sound: R, copy: R, stranger: Stranger): FaultyLine {
    const fault = faults[this.#turns[kind] % faults.length];
    if (fault === undefined) throw new RangeError(`no fault is known for ${kind}`);
    this.#turns[kind] += 1;
    return fault(sound, copy, stranger);
  }
}
