import { mkdir } from 'node:fs/promises';
import { arrearsOf } from './arrears.js';
import { billOf, monthOfActivity, usageOf, vatIn } from './bills-and-usage.js';
import type { MonthOfActivity } from './bills-and-usage.js';
import { BossFileWriter } from './boss-file-writer.js';
import type { BossFile, BossFileHead } from './boss-file-writer.js';
import { arrearsLine, billLine, paymentLine, subscriptionLine, usageLine } from './boss-records.js';
import type {
  BillRecord,
  ContractLine,
  FileKind,
  PaymentRecord,
  SubscriptionRecord,
  UsageRecord,
} from './boss-records.js';
import { instantIn } from './calendar.js';
import { isBilledIn } from './customer.js';
import type { BorderCase, Customer } from './customer.js';
import { FaultSource } from './faulty-lines.js';
import type { FaultyLine, RejectCode, Stranger } from './faulty-lines.js';
import { paymentFor } from './payments.js';
import { DEMO_PROVINCES, LUCK, Population } from './population.js';
import type { DemoProvince } from './population.js';
import { Random } from './random.js';
import { subscriptionHistory } from './subscription-history.js';
import type { SubscriptionEvent } from './subscription-history.js';
import { syntheticMsisdn } from './synthetic-identity.js';

export interface PopulationRequest {
  readonly directory: string;
  /** Everybody who is ever in the network, newcomers included. Default 20,000. */
  readonly customers?: number;
  /** From January 2025. Default 13. */
  readonly months?: number;
  readonly seed?: number;
  readonly source?: string;
  readonly provinces?: readonly DemoProvince[];
  /** A month with more customers is sent in several files. Default 100,000 (about 400,000 usage records a file). */
  readonly customersPerFile?: number;
  readonly onProgress?: (progress: PopulationProgress) => void;
}

export interface PopulationProgress {
  readonly customersWritten: number;
  readonly customers: number;
}

/** What the receiver must answer. `records = accepted + duplicates + unknownAccount + Σ rejected`. */
export interface ExpectedAnswer {
  readonly records: number;
  readonly accepted: number;
  readonly duplicates: number;
  /** Sound records of an account that was never opened: held, or refused with E_UNKNOWN_ACCOUNT. */
  readonly unknownAccount: number;
  readonly rejected: Readonly<Record<RejectCode, number>>;
  /** Among the accepted. */
  readonly late: number;
  readonly corrections: number;
  readonly cancellations: number;
}

export interface WrittenFile extends BossFile {
  readonly expected: ExpectedAnswer;
}

/** What was planted, so that whoever receives the files can be held against it. */
export interface PopulationSummary {
  readonly customers: number;
  readonly inNetworkAtStart: number;
  readonly newcomers: number;
  readonly departed: number;
  readonly departedByMonth: readonly number[];
  readonly secondarySims: number;
  readonly dataSims: number;
  readonly suspensions: { readonly oneWay: number; readonly twoWay: number };
  /** Customers who were given signs of leaving. */
  readonly signs: {
    readonly beforeLeaving: number;
    /** Still there after the last month, gone soon after. */
    readonly aboutToLeave: number;
    readonly falseAlarms: number;
    readonly spendFalls: number;
  };
  /** Customers whose usage, as written, shows the thing at least once, whatever the reason. */
  readonly shown: {
    /** Two calls or more in a month. */
    readonly rivalHotline: number;
    readonly portingQuery: number;
    readonly portingCode: number;
    readonly forwardsAway: number;
    /** A billed month with text messages only. */
    readonly doubleZero: number;
    /** A billed month without any usage. */
    readonly tripleZero: number;
  };
  readonly neverSettled: number;
  readonly hugeBills: number;
  readonly borderCases: readonly BorderCase[];
  readonly expected: Readonly<Record<FileKind, ExpectedAnswer>>;
  /** Totals after corrections and cancellations, each fact once. */
  readonly facts: {
    readonly bills: number;
    readonly payableFen: number;
    readonly netSpendFen: number;
    readonly usageFeeFen: number;
    readonly paidFen: number;
  };
}

export interface WrittenPopulation {
  /** In the order in which they must be pushed. */
  readonly files: readonly WrittenFile[];
  readonly summary: PopulationSummary;
}

const WHOLE_COUNTRY = '000000';
const DUPLICATE_RATE = 0.003;
const LATE_RATE = 0.003;
const FAULT_RATE = 0.002;
const CORRECTION_RATE = 0.0015;
/** Not above one fault in a hundred lines of a file: it is refused as a whole above 2%. */
const LINES_PER_FAULT = 100;
/** A record kept for the next month's file must still be younger than 62 days then. */
const FIRST_DAY_TO_KEEP = 10;

type Effect = 'accepted' | 'late' | 'correction' | 'cancellation' | 'duplicate';

class AnswerCount {
  records = 0;
  accepted = 0;
  duplicates = 0;
  unknownAccount = 0;
  readonly rejected: Record<RejectCode, number> = { E_FORMAT: 0, E_MSISDN: 0, E_DATE: 0, E_AMOUNT: 0, E_CONFLICT: 0 };
  late = 0;
  corrections = 0;
  cancellations = 0;

  get faults(): number {
    return this.records - this.accepted - this.duplicates;
  }

  count(effect: Effect): void {
    this.records += 1;
    if (effect === 'duplicate') {
      this.duplicates += 1;
      return;
    }
    this.accepted += 1;
    if (effect === 'late') this.late += 1;
    if (effect === 'correction') this.corrections += 1;
    if (effect === 'cancellation') this.cancellations += 1;
  }

  countFault(code: FaultyLine['code']): void {
    this.records += 1;
    if (code === 'E_UNKNOWN_ACCOUNT') this.unknownAccount += 1;
    else this.rejected[code] += 1;
  }

  add(other: AnswerCount): void {
    this.records += other.records;
    this.accepted += other.accepted;
    this.duplicates += other.duplicates;
    this.unknownAccount += other.unknownAccount;
    this.late += other.late;
    this.corrections += other.corrections;
    this.cancellations += other.cancellations;
    this.rejected.E_FORMAT += other.rejected.E_FORMAT;
    this.rejected.E_MSISDN += other.rejected.E_MSISDN;
    this.rejected.E_DATE += other.rejected.E_DATE;
    this.rejected.E_AMOUNT += other.rejected.E_AMOUNT;
    this.rejected.E_CONFLICT += other.rejected.E_CONFLICT;
  }

  answer(): ExpectedAnswer {
    const { records, accepted, duplicates, unknownAccount, late, corrections, cancellations } = this;
    const rejected = { ...this.rejected };
    return { records, accepted, duplicates, unknownAccount, rejected, late, corrections, cancellations };
  }
}

/** One open file and what its receiver must answer. */
class OpenFile {
  readonly #writer: BossFileWriter;
  readonly #answer = new AnswerCount();

  constructor(head: BossFileHead) {
    this.#writer = new BossFileWriter(head);
  }

  append(line: ContractLine, effect: Effect = 'accepted'): void {
    this.#writer.append(line);
    this.#answer.count(effect);
  }

  appendFault(fault: FaultyLine): void {
    this.#writer.append(fault.line);
    this.#answer.countFault(fault.code);
  }

  get takesAFault(): boolean {
    return this.#answer.records >= LINES_PER_FAULT * (this.#answer.faults + 1);
  }

  room(): Promise<unknown> | undefined {
    return this.#writer.room();
  }

  async close(total: AnswerCount): Promise<WrittenFile> {
    total.add(this.#answer);
    return { ...(await this.#writer.close()), expected: this.#answer.answer() };
  }
}

/**
 * Writes what a billing system would send about a whole population: an opening SUB file, then SUB, USG, BIL, PAY and
 * ARR once a month, with the duplicates, late and faulty records and corrections that real billing sends.
 * Same request, same bytes.
 */
export async function writePopulation(request: PopulationRequest): Promise<WrittenPopulation> {
  const { directory, customers = 20_000, months = 13, seed = 20_250_101, source = 'BOSS' } = request;
  const { customersPerFile = 100_000, provinces = DEMO_PROVINCES, onProgress } = request;
  await mkdir(directory, { recursive: true });
  const population = new Population({ seed, customers, months, provinces });
  const planted = new PlantedCount();
  const expected = {
    SUB: new AnswerCount(),
    USG: new AnswerCount(),
    BIL: new AnswerCount(),
    PAY: new AnswerCount(),
    ARR: new AnswerCount(),
  };
  const faults = new FaultSource();
  const files: (WrittenFile & { readonly pushed: readonly [month: number, kind: number] })[] = [];

  const parts = Math.ceil(customers / customersPerFile);
  for (let part = 0; part < parts; part++) {
    const writing = new PartWriting({ population, directory, source, part, parts, planted, faults });
    const end = Math.min(customers, (part + 1) * customersPerFile);
    for (let index = part * customersPerFile; index < end; index++) {
      writing.customer(index);
      await writing.room();
      if ((index + 1) % 1000 === 0 || index + 1 === customers) onProgress?.({ customersWritten: index + 1, customers });
    }
    files.push(...(await writing.close(expected)));
  }
  files.sort((a, b) => a.pushed[0] - b.pushed[0] || a.pushed[1] - b.pushed[1] || a.sequence - b.sequence);
  return {
    files: files.map(({ pushed: _, ...file }) => file),
    summary: planted.summary(population, {
      SUB: expected.SUB.answer(),
      USG: expected.USG.answer(),
      BIL: expected.BIL.answer(),
      PAY: expected.PAY.answer(),
      ARR: expected.ARR.answer(),
    }),
  };
}

/** An account and its bills before the payments that refer to them. */
const PUSH_ORDER: readonly FileKind[] = ['SUB', 'USG', 'BIL', 'PAY', 'ARR'];

/** A range of customers through all months: all its files are open at once, so each customer is drawn up only once. */
class PartWriting {
  readonly #population: Population;
  readonly #planted: PlantedCount;
  readonly #faults: FaultSource;
  /** The first SUB file is the opening one: the others stand one place later than their month. */
  readonly #files: Readonly<Record<FileKind, readonly OpenFile[]>>;
  readonly #all: readonly OpenFile[];
  #random = new Random();
  #strangers: number;

  constructor(part: {
    readonly population: Population;
    readonly directory: string;
    readonly source: string;
    readonly part: number;
    readonly parts: number;
    readonly planted: PlantedCount;
    readonly faults: FaultSource;
  }) {
    const { population, directory, source } = part;
    this.#population = population;
    this.#planted = part.planted;
    this.#faults = part.faults;
    this.#strangers = part.part * 1_000_000;
    const open = (kind: FileKind, m: number, nth: number): OpenFile => {
      const after = population.month(m + 1);
      return new OpenFile({
        directory,
        kind,
        source,
        province: WHOLE_COUNTRY,
        businessDate: after.firstDate,
        sequence: nth * part.parts + part.part + 1,
        createdAt: instantIn(after, 1, 21_600),
        recordCountHint: 0,
      });
    };
    const monthly = (kind: FileKind): OpenFile[] =>
      Array.from({ length: population.settings.months }, (_, m) => open(kind, m, m));
    const sub = Array.from({ length: population.settings.months + 1 }, (_, nth) => open('SUB', nth - 1, nth));
    this.#files = { SUB: sub, USG: monthly('USG'), BIL: monthly('BIL'), PAY: monthly('PAY'), ARR: monthly('ARR') };
    this.#all = Object.values(this.#files).flat();
  }

  customer(index: number): void {
    const population = this.#population;
    const customer = population.customer(index);
    this.#random = new Random(population.settings.seed, LUCK.noise, index);
    this.#planted.countCustomer(customer, population);
    for (const event of subscriptionHistory(population, customer)) this.#subscription(event);
    for (let m = 0; m < population.settings.months; m++) {
      if (!isBilledIn(customer, m)) continue;
      const activity = monthOfActivity(population, customer, m);
      const bill = billOf(population, customer, activity);
      const usage = usageOf(population, customer, activity, bill);
      for (const record of usage) this.#usage(record, m);
      this.#bill(customer, bill, m);
      const made = paymentFor(population, customer, m, bill);
      if (made !== undefined) this.#payment(made.payment, made.month);
      for (const { month, item } of arrearsOf(population, customer, m, bill, made)) {
        this.#files.ARR[month]?.append(arrearsLine(item));
      }
      this.#planted.countMonth(activity, usage);
    }
    this.#planted.customerDone();
  }

  async room(): Promise<void> {
    for (const file of this.#all) {
      const wait = file.room();
      if (wait !== undefined) await wait;
    }
  }

  async close(
    totals: Readonly<Record<FileKind, AnswerCount>>,
  ): Promise<(WrittenFile & { readonly pushed: readonly [number, number] })[]> {
    const closed = [];
    for (const [order, kind] of PUSH_ORDER.entries()) {
      for (const [nth, file] of this.#files[kind].entries()) {
        const pushed: readonly [number, number] = [kind === 'SUB' ? nth - 1 : nth, order];
        closed.push({ ...(await file.close(totals[kind])), pushed });
      }
    }
    return closed;
  }

  #subscription({ month, isMain, record }: SubscriptionEvent): void {
    const line = subscriptionLine(record);
    const files = this.#files.SUB;
    files[month + 1]?.append(line);
    this.#planted.countSubscription(isMain, record);
    this.#noise(line, files[month + 1], files[month + 2], (stranger) =>
      this.#faults.subscription(record, `${record.recordId}-F`, stranger),
    );
  }

  #usage(record: UsageRecord, m: number): void {
    const random = this.#random;
    const line = usageLine(record);
    const file = this.#files.USG[m];
    const isYoung = Number(record.eventTime.slice(8, 10)) >= FIRST_DAY_TO_KEEP;
    const next = isYoung ? this.#files.USG[m + 1] : undefined;
    this.#planted.usageFeeFen += record.feeFen;
    if (next !== undefined && random.chance(LATE_RATE)) {
      next.append(line, 'late');
      return;
    }
    file?.append(line);
    if (next !== undefined && random.chance(CORRECTION_RATE)) {
      const isCancelled = random.chance(0.15);
      // A CANCEL repeats what it takes back; the receiver posts the negative.
      const feeFen = isCancelled ? record.feeFen : record.feeFen >> 1;
      const operation = isCancelled ? 'CANCEL' : 'CORRECT';
      const refRecordId = record.recordId;
      const taxFen = vatIn(feeFen);
      next.append(
        usageLine({ ...record, feeFen, taxFen, operation, refRecordId, version: 2 }),
        isCancelled ? 'cancellation' : 'correction',
      );
      this.#planted.usageFeeFen += (isCancelled ? 0 : feeFen) - record.feeFen;
      return;
    }
    this.#noise(line, file, next, (stranger) => this.#faults.usage(record, `${record.recordId}-F`, stranger));
  }

  #bill(customer: Customer, bill: BillRecord, m: number): void {
    const random = this.#random;
    const file = this.#files.BIL[m];
    const next = this.#files.BIL[m + 1];
    const line = billLine(bill);
    file?.append(line);
    const isSettled = customer.border === undefined && customer.habit === 'AUTO';
    if (isSettled && bill.payableFen >= 1000 && next !== undefined && random.chance(CORRECTION_RATE)) {
      const backFen = Math.floor(bill.payableFen / 10);
      const corrected: BillRecord = {
        ...bill,
        adjustmentFen: bill.adjustmentFen - backFen,
        payableFen: bill.payableFen - backFen,
        paidFen: bill.paidFen - backFen,
        issuedAt: instantIn(this.#population.month(m + 1), random.integer(3, 25), 36_000),
        version: 2,
        supersedes: bill.billNo,
      };
      next.append(billLine(corrected), 'correction');
      this.#planted.countBill(corrected);
      return;
    }
    this.#planted.countBill(bill);
    this.#noise(line, file, next, (stranger) => this.#faults.bill(bill, `${bill.billNo}-F`, stranger));
  }

  #payment(payment: PaymentRecord, m: number): void {
    const random = this.#random;
    const file = this.#files.PAY[m];
    const next = this.#files.PAY[m + 1];
    const line = paymentLine(payment);
    file?.append(line);
    // Only money put on a balance is taken back: the bill of a customer who pays after it stays settled.
    if (payment.billNo === '' && next !== undefined && random.chance(CORRECTION_RATE)) {
      const isCancelled = random.chance(0.3); // 冲正
      const amountFen = isCancelled ? payment.amountFen : payment.amountFen + 1000;
      const operation = isCancelled ? 'CANCEL' : 'CORRECT';
      next.append(
        paymentLine({ ...payment, amountFen, operation, refRecordId: payment.paymentId, version: 2 }),
        isCancelled ? 'cancellation' : 'correction',
      );
      this.#planted.paidFen += isCancelled ? 0 : amountFen;
      return;
    }
    this.#planted.paidFen += payment.amountFen;
    this.#noise(line, file, next, (stranger) => this.#faults.payment(payment, `${payment.paymentId}-F`, stranger));
  }

  /** The line may be sent twice, now or with the next file, or be followed by a faulty one. */
  #noise(
    line: ContractLine,
    file: OpenFile | undefined,
    next: OpenFile | undefined,
    fault: (stranger: Stranger) => FaultyLine,
  ): void {
    const luck = this.#random.next();
    if (luck < DUPLICATE_RATE) {
      const again = next !== undefined && this.#random.chance(0.4) ? next : file;
      again?.append(line, 'duplicate');
    } else if (luck < DUPLICATE_RATE + FAULT_RATE && file?.takesAFault === true) {
      file.appendFault(fault(this.#stranger()));
    }
  }

  /** An account and number that belong to nobody. */
  #stranger(): Stranger {
    const { seed, customers } = this.#population.settings;
    this.#strangers += 1;
    return {
      accountNo: `99${String(this.#strangers).padStart(10, '0')}`,
      msisdn: syntheticMsisdn(seed, 2 * customers + this.#strangers),
    };
  }
}

class PlantedCount {
  hugeBills = 0;
  usageFeeFen = 0;
  paidFen = 0;
  #bills = 0;
  #payableFen = 0;
  #netSpendFen = 0;
  #newcomers = 0;
  #oneWay = 0;
  #twoWay = 0;
  #secondarySims = 0;
  #dataSims = 0;
  #neverSettled = 0;
  readonly #departed: number[] = [];
  readonly #borderCases: BorderCase[] = [];
  readonly #signs = { beforeLeaving: 0, aboutToLeave: 0, falseAlarms: 0, spendFalls: 0 };
  readonly #shown = {
    rivalHotline: 0,
    portingQuery: 0,
    portingCode: 0,
    forwardsAway: 0,
    doubleZero: 0,
    tripleZero: 0,
  };
  readonly #shownByCustomer = new Set<keyof PopulationSummary['shown']>();

  countCustomer(customer: Customer, population: Population): void {
    const { months } = population.settings;
    const { signs, leaves, border } = customer;
    if (customer.joins.month >= 0) this.#newcomers += 1;
    if (customer.secondaryMsisdn !== undefined) this.#secondarySims += 1;
    if (customer.simKind === 'DATA') this.#dataSims += 1;
    if (customer.isClosedForDebt) this.#neverSettled += 1;
    if (leaves.month < months) this.#departed[leaves.month] = (this.#departed[leaves.month] ?? 0) + 1;
    if (border !== undefined) {
      const { accountNo } = customer;
      this.#borderCases.push({ accountNo, ...border });
    }

    if (signs.spendFallsFrom < months && isBilledIn(customer, signs.spendFallsFrom)) this.#signs.spendFalls += 1;
    if (!customer.hasSigns) return;
    if (customer.isFalseAlarm) this.#signs.falseAlarms += 1;
    else if (leaves.month < months) this.#signs.beforeLeaving += 1;
    else this.#signs.aboutToLeave += 1;
  }

  countMonth(activity: MonthOfActivity, usage: readonly UsageRecord[]): void {
    if (activity.isHugeBill) this.hugeBills += 1;
    const shown = this.#shownByCustomer;
    if (usage.length === 0) shown.add('tripleZero');
    else if (usage.every((record) => record.eventType === 'SMS')) shown.add('doubleZero');
    for (const { counterpartyClass, count, forwarded } of usage) {
      if (forwarded === '1') shown.add('forwardsAway');
      if (counterpartyClass === 'HOTLINE_RIVAL' && count > 1) shown.add('rivalHotline');
      if (counterpartyClass === 'MNP_QUERY') shown.add('portingQuery');
      if (counterpartyClass === 'MNP_CODE') shown.add('portingCode');
    }
  }

  customerDone(): void {
    for (const what of this.#shownByCustomer) this.#shown[what] += 1;
    this.#shownByCustomer.clear();
  }

  countSubscription(isMain: boolean, { status, statusAt, eventTime }: SubscriptionRecord): void {
    // A change of tariff during a suspension repeats the status.
    if (!isMain || statusAt !== eventTime) return;
    if (status === 'SUSPENDED_ONE_WAY') this.#oneWay += 1;
    if (status === 'SUSPENDED_TWO_WAY') this.#twoWay += 1;
  }

  /** The version that stands. */
  countBill(bill: BillRecord): void {
    this.#bills += 1;
    this.#payableFen += bill.payableFen;
    this.#netSpendFen += bill.payableFen - bill.collectedForOthersFen;
  }

  summary(population: Population, expected: PopulationSummary['expected']): PopulationSummary {
    const { customers, months } = population.settings;
    const departedByMonth = Array.from({ length: months }, (_, m) => this.#departed[m] ?? 0);
    return {
      customers,
      inNetworkAtStart: customers - this.#newcomers,
      newcomers: this.#newcomers,
      departed: departedByMonth.reduce((sum, n) => sum + n, 0),
      departedByMonth,
      secondarySims: this.#secondarySims,
      dataSims: this.#dataSims,
      suspensions: { oneWay: this.#oneWay, twoWay: this.#twoWay },
      signs: this.#signs,
      shown: this.#shown,
      neverSettled: this.#neverSettled,
      hugeBills: this.hugeBills,
      borderCases: this.#borderCases,
      expected,
      facts: {
        bills: this.#bills,
        payableFen: this.#payableFen,
        netSpendFen: this.#netSpendFen,
        usageFeeFen: this.usageFeeFen,
        paidFen: this.paidFen,
      },
    };
  }
}
