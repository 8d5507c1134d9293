import { readFile, mkdir } from 'node:fs/promises';
import { BossFileWriter } from './boss-file-writer.js';
import type { BossFile } from './boss-file-writer.js';
import { billLine, NOTHING_BILLED, paymentLine, subscriptionLine, usageLine } from './boss-records.js';
import type { BillRecord, FileKind, SubscriptionRecord, SubscriptionStatus, UsageRecord } from './boss-records.js';
import { billingMonth, dateIn, instantIn, monthsAfter } from './calendar.js';
import type { BillingMonth } from './calendar.js';
import { syntheticMsisdn } from './synthetic-identity.js';

export interface IbmTelcoRequest {
  /** The public set, `ibm-telco-customer-churn.csv`. */
  readonly csvPath: string;
  readonly directory: string;
}

export interface IbmTelcoSummary {
  readonly customers: number;
  /** `Churn = Yes` */
  readonly departed: number;
  /** Tenure 0, blank `TotalCharges`: without a bill. */
  readonly newcomersWithoutBill: number;
  readonly bills: number;
  readonly payableFen: number;
  readonly payments: number;
  readonly usageRecords: number;
  /** Customers whose bills add up to `TotalCharges` to the cent: everybody with 1 to 13 months. */
  readonly wholeHistoryInWindow: number;
  /** What older customers had paid before the window began. */
  readonly spentBeforeWindowFen: number;
}

export interface WrittenIbmTelco {
  /** In the order in which they must be pushed. */
  readonly files: readonly BossFile[];
  readonly summary: IbmTelcoSummary;
}

const SOURCE = 'IBMTELCO';
const PROVINCE = '440000';
const FIRST_MONTH = '2025-01';
const MONTHS = 13;
/** The set tells where each customer stands at the end of its last month: this date. */
const AS_OF = '2026-02-01';
const NUMBERS_SEED = 7043;

const COLUMNS = [
  'customerID',
  'tenure',
  'PhoneService',
  'InternetService',
  'OnlineSecurity',
  'OnlineBackup',
  'DeviceProtection',
  'TechSupport',
  'StreamingTV',
  'StreamingMovies',
  'Contract',
  'PaymentMethod',
  'MonthlyCharges',
  'TotalCharges',
  'Churn',
] as const;
type Row = Readonly<Record<(typeof COLUMNS)[number], string>>;

const ADD_ONS = [
  'OnlineSecurity',
  'OnlineBackup',
  'DeviceProtection',
  'TechSupport',
  'StreamingTV',
  'StreamingMovies',
] as const;

interface TelcoCustomer {
  readonly row: Row;
  readonly accountNo: string;
  readonly msisdn: string;
  readonly tenureMonths: number;
  readonly activatedOn: string;
  readonly hasLeft: boolean;
  readonly monthlyFen: number;
  readonly totalFen: number | undefined;
  readonly tariffCode: string;
  readonly contractEndsOn: string;
  /** The bills in the window, oldest first; the last is that of its last month. */
  readonly billsFen: readonly number[];
}

/**
 * Turns the IBM telco churn set into contract files of 2025-01 … 2026-01: subscriptions, bills, payments, and usage as far
 * as the services tell. The mapping is in docs/ibm-telco-mapping.md.
 */
export async function writeIbmTelco({ csvPath, directory }: IbmTelcoRequest): Promise<WrittenIbmTelco> {
  const rows = rowsOf(await readFile(csvPath, 'utf8'));
  const customers = rows.map(customerOf);
  await mkdir(directory, { recursive: true });

  const files: BossFile[] = [];
  const sequences: Record<FileKind, number> = { SUB: 0, USG: 0, BIL: 0, PAY: 0, ARR: 0 };
  const write = async (kind: FileKind, after: BillingMonth, content: (file: BossFileWriter) => void): Promise<void> => {
    const file = new BossFileWriter({
      directory,
      kind,
      source: SOURCE,
      province: PROVINCE,
      businessDate: after.firstDate,
      sequence: ++sequences[kind],
      createdAt: instantIn(after, 1, 21_600),
      recordCountHint: customers.length,
    });
    content(file);
    files.push(await file.close());
  };

  const first = billingMonth(FIRST_MONTH, 0);
  await write('SUB', first, (file) => {
    for (const customer of customers) {
      if (customer.activatedOn < first.firstDate) {
        file.append(subscriptionLine(snapshot(customer, 'ACTIVE', instantIn(first, 1, 0), 1)));
      }
    }
  });
  let payableFen = 0;
  for (let m = 0; m < MONTHS; m++) {
    const month = billingMonth(FIRST_MONTH, m);
    const after = billingMonth(FIRST_MONTH, m + 1);
    await write('SUB', after, (file) => {
      for (const customer of customers) {
        if (customer.activatedOn.startsWith(month.prefix)) {
          file.append(subscriptionLine(snapshot(customer, 'ACTIVE', `${customer.activatedOn}T09:00:00+08:00`, 1)));
        }
        if (customer.hasLeft && m === MONTHS - 1) {
          file.append(subscriptionLine(snapshot(customer, 'TERMINATED', instantIn(month, month.days, 72_000), 2)));
        }
      }
    });
    await write('USG', after, (file) => {
      for (const customer of customers) {
        if (billIn(customer, m) === undefined) continue;
        for (const record of usageIn(customer, month)) file.append(usageLine(record));
      }
    });
    await write('BIL', after, (file) => {
      for (const customer of customers) {
        const billFen = billIn(customer, m);
        if (billFen === undefined) continue;
        payableFen += billFen;
        file.append(billLine(billRecord(customer, billFen, month, after)));
      }
    });
    await write('PAY', after, (file) => {
      for (const customer of customers) {
        const owedFen = billIn(customer, m - 1);
        if (owedFen === undefined || owedFen === 0) continue;
        const billed = billingMonth(FIRST_MONTH, m - 1);
        const isAutomatic = customer.row.PaymentMethod.includes('automatic');
        file.append(
          paymentLine({
            paymentId: `P${billed.cycle}-${customer.accountNo}`,
            accountNo: customer.accountNo,
            msisdn: customer.msisdn,
            paidAt: instantIn(month, isAutomatic ? 5 : 15, 36_000),
            amountFen: owedFen,
            method: methodOf(customer.row.PaymentMethod),
            payer: 'SELF',
            billNo: billNo(customer, billed),
            operation: 'NEW',
            refRecordId: '',
            version: 1,
          }),
        );
      }
    });
  }

  const recordsOf = (kind: FileKind): number =>
    files.reduce((sum, file) => sum + (file.kind === kind ? file.records : 0), 0);
  return {
    files,
    summary: {
      customers: customers.length,
      departed: customers.filter((customer) => customer.hasLeft).length,
      newcomersWithoutBill: customers.filter((customer) => customer.totalFen === undefined).length,
      bills: recordsOf('BIL'),
      payableFen,
      payments: recordsOf('PAY'),
      usageRecords: recordsOf('USG'),
      wholeHistoryInWindow: customers.filter((customer) => customer.totalFen === sumOf(customer.billsFen)).length,
      spentBeforeWindowFen: customers.reduce(
        (sum, customer) => sum + ((customer.totalFen ?? 0) - sumOf(customer.billsFen)),
        0,
      ),
    },
  };
}

function rowsOf(csv: string): readonly Row[] {
  const [header, ...lines] = csv.split(/\r?\n/).filter((line) => line !== '');
  const names = header?.split(',') ?? [];
  const places = COLUMNS.map((name) => [name, names.indexOf(name)] as const);
  const missing = places.filter(([, place]) => place < 0).map(([name]) => name);
  if (missing.length > 0) throw new Error(`the telco set lacks the columns ${missing.join(', ')}`);
  return lines.map((line) => {
    const values = line.split(',');
    const row = Object.fromEntries(places.map(([name, place]) => [name, values[place]?.trim() ?? '']));
    return row as Row;
  });
}

function customerOf(row: Row, index: number): TelcoCustomer {
  const tenureMonths = Number(row.tenure);
  const monthlyFen = fenOf(row.MonthlyCharges);
  const totalFen = row.TotalCharges === '' ? undefined : fenOf(row.TotalCharges);
  // Tenure 0 is somebody of this very month who has no bill yet.
  const activatedOn = tenureMonths === 0 ? '2026-01-15' : monthsAfter(AS_OF, -tenureMonths);
  return {
    row,
    accountNo: row.customerID,
    msisdn: syntheticMsisdn(NUMBERS_SEED, index),
    tenureMonths,
    activatedOn,
    hasLeft: row.Churn === 'Yes',
    monthlyFen,
    totalFen,
    tariffCode: `${internetCode(row)}-${contractMonths(row) === 0 ? 'M2M' : `${contractMonths(row)}M`}`,
    contractEndsOn: contractEnd(activatedOn, contractMonths(row)),
    billsFen: billsInWindow(tenureMonths, monthlyFen, totalFen),
  };
}

/** Dollars to yuan one to one, in fen, without a float. */
function fenOf(dollars: string): number {
  const [whole = '0', cents = ''] = dollars.split('.');
  return Number(whole) * 100 + Number(cents.padEnd(2, '0').slice(0, 2));
}

/**
 * One bill a month at the monthly charge. Where the whole history lies in the window its bills add up to the total: the
 * difference goes into the last bill, and what that cannot bear into those before.
 */
function billsInWindow(tenureMonths: number, monthlyFen: number, totalFen: number | undefined): readonly number[] {
  const bills = Array.from({ length: Math.min(tenureMonths, MONTHS) }, () => monthlyFen);
  if (totalFen === undefined || tenureMonths > MONTHS) return bills;
  let difference = totalFen - sumOf(bills);
  for (let i = bills.length - 1; i >= 0 && difference !== 0; i--) {
    const billFen = Math.max(0, (bills[i] ?? 0) + difference);
    difference -= billFen - (bills[i] ?? 0);
    bills[i] = billFen;
  }
  return bills;
}

function billIn(customer: TelcoCustomer, m: number): number | undefined {
  return customer.billsFen[m - (MONTHS - customer.billsFen.length)];
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, fen) => sum + fen, 0);
}

function contractMonths(row: Row): number {
  return row.Contract === 'One year' ? 12 : row.Contract === 'Two year' ? 24 : 0;
}

/** The first end of a term, counted from activation in whole terms, that lies after the window. */
function contractEnd(activatedOn: string, termMonths: number): string {
  if (termMonths === 0) return '';
  for (let terms = 1; ; terms++) {
    const end = monthsAfter(activatedOn, terms * termMonths);
    if (end > AS_OF) return end;
  }
}

function internetCode(row: Row): string {
  const internet = row.InternetService === 'Fiber optic' ? 'FIBER' : row.InternetService === 'DSL' ? 'DSL' : 'NONET';
  return row.PhoneService === 'Yes' ? `${internet}-PHONE` : internet;
}

function methodOf(paymentMethod: string): string {
  return paymentMethod
    .replace(/\s*\(automatic\)/, '_AUTO')
    .replaceAll(' ', '_')
    .toUpperCase();
}

function billNo(customer: TelcoCustomer, month: BillingMonth): string {
  return `B${month.cycle}-${customer.accountNo}`;
}

function snapshot(
  customer: TelcoCustomer,
  status: SubscriptionStatus,
  eventTime: string,
  version: number,
): SubscriptionRecord {
  return {
    recordId: `S-${customer.accountNo}-${version}`,
    eventTime,
    accountNo: customer.accountNo,
    msisdn: customer.msisdn,
    // The set is anonymous: its own customerID stands for the person.
    name: customer.row.customerID,
    idType: 'OTHER',
    idNumber: customer.row.customerID,
    birthDate: '',
    brand: contractMonths(customer.row) === 0 ? 'EASYOWN' : 'GOTONE',
    regionHome: PROVINCE,
    branchCode: '',
    activatedOn: customer.activatedOn,
    status,
    statusAt: status === 'ACTIVE' ? `${customer.activatedOn}T09:00:00+08:00` : eventTime,
    tariffCode: customer.tariffCode,
    packageFeeFen: customer.monthlyFen,
    simKind: 'MAIN',
    contractEndsOn: customer.contractEndsOn,
    isRealName: true,
    creditGrade: '',
    operation: 'NEW',
    version,
  };
}

function billRecord(customer: TelcoCustomer, payableFen: number, month: BillingMonth, after: BillingMonth): BillRecord {
  return {
    billNo: billNo(customer, month),
    accountNo: customer.accountNo,
    msisdn: customer.msisdn,
    cycle: month.cycle,
    ...NOTHING_BILLED,
    monthlyFeeFen: customer.monthlyFen,
    adjustmentFen: payableFen - customer.monthlyFen,
    payableFen,
    paidFen: 0,
    arrearsFen: payableFen,
    dueDate: dateIn(after, 20),
    issuedAt: instantIn(after, 1, 7200),
    version: 1,
    supersedes: '',
  };
}

/** The set has no amounts of usage: a nominal record says only that a service was there, so that nobody looks silent. */
function usageIn(customer: TelcoCustomer, month: BillingMonth): readonly UsageRecord[] {
  const { row } = customer;
  const addOns = ADD_ONS.filter((service) => row[service] === 'Yes').length;
  const records: UsageRecord[] = [];
  const add = (
    eventType: UsageRecord['eventType'],
    amounts: { readonly count: number; readonly durationSec?: number; readonly volumeKb?: number },
  ): void => {
    records.push({
      recordId: `U${month.cycle}-${customer.accountNo}-${eventType}`,
      eventTime: instantIn(month, 20, 43_200),
      msisdn: customer.msisdn,
      accountNo: customer.accountNo,
      imsi: '',
      eventType,
      counterpartyClass: eventType === 'VOICE_MO' ? 'ON_NET' : 'NONE',
      durationSec: amounts.durationSec ?? 0,
      volumeKb: amounts.volumeKb ?? 0,
      count: amounts.count,
      feeFen: 0,
      taxFen: 0,
      regionHome: PROVINCE,
      regionVisited: '',
      forwarded: '',
      tariffCode: customer.tariffCode,
      cycle: month.cycle,
      operation: 'NEW',
      refRecordId: '',
      version: 1,
    });
  };
  if (row.PhoneService === 'Yes') add('VOICE_MO', { count: 1, durationSec: 60 });
  if (row.InternetService !== 'No') add('DATA', { count: 1, volumeKb: 1_048_576 });
  if (addOns > 0) add('VAS', { count: addOns });
  return records;
}
