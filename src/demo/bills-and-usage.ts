import { NOTHING_BILLED } from './boss-records.js';
import type { BillCategories, BillRecord, UsageRecord } from './boss-records.js';
import { dateIn, instantIn } from './calendar.js';
import type { BillingMonth } from './calendar.js';
import { SECONDARY_TARIFF, tariffIn } from './customer.js';
import type { Customer, LeavingSigns } from './customer.js';
import { LUCK, MEDIAN_SPEND_FEN } from './population.js';
import type { Population } from './population.js';
import { Random } from './random.js';

/** Everything above the package follows the season: Spring Festival low, summer high. January first. */
const SEASON = [0.88, 0.8, 0.97, 0.98, 1.0, 1.04, 1.14, 1.17, 1.03, 1.02, 0.98, 1.0];

const RIVALS = ['OFF_NET_CU', 'OFF_NET_CT', 'OFF_NET_CU', 'OFF_NET_CB'] as const;

/** What a customer does in a month: the bill and the usage records both follow from it. */
export interface MonthOfActivity {
  readonly m: number;
  readonly month: BillingMonth;
  /** Days on which the number works. */
  readonly from: number;
  readonly to: number;
  /** Part of the month in the network. */
  readonly share: number;
  /** 1: an ordinary month of this customer. */
  readonly activity: number;
  readonly isSilent: boolean;
  readonly isHugeBill: boolean;
  readonly does: {
    readonly talk: boolean;
    readonly callOffNet: boolean;
    readonly answer: boolean;
    readonly sms: boolean;
    readonly data: boolean;
    readonly roam: boolean;
    readonly vas: boolean;
  };
}

export function monthOfActivity(population: Population, customer: Customer, m: number): MonthOfActivity {
  const random = new Random(population.settings.seed, LUCK.month, customer.index, m);
  const month = population.month(m);
  const firstDay = customer.joins.month === m ? customer.joins.day : 1;
  const lastDay = customer.leaves.month === m ? customer.leaves.day : month.days;
  const share = Math.max(1, lastDay - firstDay + 1) / month.days;
  const { from, to, isSuspended } = daysOfService(customer, m, firstDay, lastDay);
  const { signs } = customer;
  const silence = from > to ? 'TRIPLE_ZERO' : signs.silentIn === m ? signs.silence : undefined;
  const isDataOnly = customer.simKind === 'DATA';
  const talk = silence === undefined && !isDataOnly;
  const season = SEASON[month.month - 1] ?? 1;
  const activity = season * random.between(0.82, 1.18) * spendLeft(signs, m) * share * (isSuspended ? 0.4 : 1);
  const does = {
    talk,
    callOffNet: talk && random.chance(0.68),
    answer: talk && random.chance(0.88),
    sms: silence !== 'TRIPLE_ZERO' && !isDataOnly && (silence === 'DOUBLE_ZERO' || random.chance(0.48)),
    data: silence === undefined && (isDataOnly || random.chance(0.96)),
    roam: talk && random.chance(customer.spendFen > 20_000 ? 0.15 : 0.04),
    vas: silence === undefined && random.chance(0.06),
  };
  const isHugeBill = customer.border === undefined && does.data && random.chance(0.0004);
  return { m, month, from, to, share, activity, isSilent: silence !== undefined, isHugeBill, does };
}

/** The bill, issued on the first of the next month and due on its 20th. */
export function billOf(population: Population, customer: Customer, activity: MonthOfActivity): BillRecord {
  return customer.border === undefined
    ? bill(population, customer, activity, ordinaryCategories(population, customer, activity))
    : bill(population, customer, activity, borderCategories(customer, activity));
}

function ordinaryCategories(population: Population, customer: Customer, activity: MonthOfActivity): BillCategories {
  const random = new Random(population.settings.seed, LUCK.bill, customer.index, activity.m);
  const { does } = activity;
  const packageFeeFen = Math.round(tariffIn(customer, activity.m).feeFen * activity.share);
  const monthlyFeeFen = packageFeeFen + (customer.secondaryMsisdn === undefined ? 0 : SECONDARY_TARIFF.feeFen);
  const spendFen = customer.spendFen * (activity.activity + (activity.isHugeBill ? 7 : 0));
  const aboveFen = Math.max(0, Math.round(spendFen - monthlyFeeFen));
  const part = (isThere: boolean, share: number): number => (isThere ? Math.round(aboveFen * share) : 0);
  const smsFen = part(does.sms, 0.04);
  const roamingFen = part(does.roam, 0.3);
  const vasFen = part(does.vas, 0.1);
  const voiceFen = part(does.talk, 0.24);
  return {
    monthlyFeeFen,
    voiceFen,
    smsFen,
    dataFen: does.data ? aboveFen - smsFen - roamingFen - vasFen - voiceFen : 0,
    roamingFen,
    vasFen,
    collectedForOthersFen: random.chance(0.02) ? random.integer(3, 60) * 100 : 0,
    discountFen: customer.hasPackageDiscount ? -Math.round(packageFeeFen / 5) : 0,
    giftFen: random.chance(0.02) ? -Math.min(random.integer(1, 20) * 100, packageFeeFen >> 2) : 0,
    adjustmentFen: random.chance(0.012) ? Math.max(random.integer(-8, 6) * 50, -(packageFeeFen >> 2)) : 0,
  };
}

/** The package and one category more, so that the year adds up to the fen. */
function borderCategories(customer: Customer, activity: MonthOfActivity): BillCategories {
  const total = customer.border?.netSpend2025Fen ?? 0;
  const billsOfYear = 12 - Math.max(0, customer.joins.month);
  const each = Math.floor(total / billsOfYear);
  const spendFen = activity.m === 11 ? total - each * (billsOfYear - 1) : each;
  const monthlyFeeFen = Math.round(tariffIn(customer, activity.m).feeFen * activity.share);
  return {
    ...NOTHING_BILLED,
    monthlyFeeFen,
    voiceFen: spendFen - monthlyFeeFen,
  };
}

function bill(
  population: Population,
  customer: Customer,
  { m, month }: MonthOfActivity,
  c: BillCategories,
): BillRecord {
  const next = population.month(m + 1);
  const chargesFen = c.monthlyFeeFen + c.voiceFen + c.smsFen + c.dataFen + c.roamingFen + c.vasFen;
  const payableFen = chargesFen + c.collectedForOthersFen + c.discountFen + c.giftFen + c.adjustmentFen;
  const paidFen = customer.habit === 'AUTO' ? payableFen : 0;
  return {
    billNo: `B${month.cycle}-${customer.accountNo}`,
    accountNo: customer.accountNo,
    msisdn: customer.msisdn,
    cycle: month.cycle,
    ...c,
    payableFen,
    paidFen,
    arrearsFen: payableFen - paidFen,
    dueDate: dateIn(next, 20),
    issuedAt: instantIn(next, 1, 7200),
    version: 1,
    supersedes: '',
  };
}

interface Amounts {
  readonly count: number;
  readonly durationSec?: number;
  readonly volumeKb?: number;
  readonly feeFen?: number;
  readonly day?: number;
  readonly regionVisited?: string;
  readonly forwarded?: '0' | '1';
  readonly msisdn?: string;
}

/** The month's usage, about four records; their fees are the bill's, category by category. */
export function usageOf(
  population: Population,
  customer: Customer,
  activity: MonthOfActivity,
  bill: BillRecord,
): readonly UsageRecord[] {
  const { m, month, from, to, does } = activity;
  const random = new Random(population.settings.seed, LUCK.usage, customer.index, m);
  const tariffCode = tariffIn(customer, m).code;
  const records: UsageRecord[] = [];
  const add = (
    eventType: UsageRecord['eventType'],
    counterpartyClass: UsageRecord['counterpartyClass'],
    amounts: Amounts,
  ): void => {
    const msisdn = amounts.msisdn ?? customer.msisdn;
    const feeFen = amounts.feeFen ?? 0;
    const day = amounts.day ?? random.integer(Math.min(from, to), to);
    records.push({
      recordId: `U${month.cycle}-${customer.accountNo}-${records.length + 1}`,
      eventTime: instantIn(month, day, random.integer(32_401, 86_399)),
      msisdn,
      accountNo: customer.accountNo,
      imsi: `46000${msisdn.slice(1)}`,
      eventType,
      counterpartyClass,
      durationSec: amounts.durationSec ?? 0,
      volumeKb: amounts.volumeKb ?? 0,
      count: amounts.count,
      feeFen,
      taxFen: vatIn(feeFen),
      regionHome: customer.province,
      regionVisited: amounts.regionVisited ?? '',
      forwarded: amounts.forwarded ?? '',
      tariffCode,
      cycle: month.cycle,
      operation: 'NEW',
      refRecordId: '',
      version: 1,
    });
  };
  // Who spends ten times as much does not talk ten times as long.
  const intensity = activity.activity * (1 + Math.log(1 + customer.spendFen / MEDIAN_SPEND_FEN));
  const about = (mean: number): number => Math.max(1, Math.round(mean * intensity * random.between(0.75, 1.25)));
  const call = (mean: number, shortestSec: number, longestSec: number): { count: number; durationSec: number } => {
    const count = about(mean);
    return { count, durationSec: count * random.integer(shortestSec, longestSec) };
  };

  if (does.talk) {
    const onNetFen = does.callOffNet ? Math.round(bill.voiceFen * 0.55) : bill.voiceFen;
    add('VOICE_MO', 'ON_NET', { ...call(38, 45, 130), feeFen: onNetFen });
    if (does.callOffNet) {
      add('VOICE_MO', random.pick(RIVALS), { ...call(19, 40, 110), feeFen: bill.voiceFen - onNetFen });
    }
  }
  if (does.answer) add('VOICE_MT', 'ON_NET', { ...call(44, 40, 120), forwarded: '0' });
  if (does.sms) add('SMS', 'ON_NET', { count: about(9), feeFen: bill.smsFen });
  if (does.data) {
    const meanKb = customer.simKind === 'DATA' ? 20_000_000 : 8_500_000;
    add('DATA', 'NONE', { count: about(120), volumeKb: about(meanKb), feeFen: bill.dataFen });
  }
  if (does.vas) add('VAS', 'NONE', { count: 1, feeFen: bill.vasFen });
  if (does.roam) {
    const regionVisited = population.provinceOf(random).code;
    const days = Math.min(random.integer(1, 7), to - from + 1);
    const start = random.integer(from, to - days + 1);
    for (let nth = 0; nth < days; nth++) {
      add('ROAM', 'NONE', {
        count: random.integer(3, 30),
        volumeKb: random.integer(20_000, 900_000),
        feeFen: Math.floor(bill.roamingFen / days) + (nth === 0 ? bill.roamingFen % days : 0),
        day: start + nth,
        regionVisited,
      });
    }
  }
  if (customer.secondaryMsisdn !== undefined && !activity.isSilent) {
    add('DATA', 'NONE', { count: about(40), volumeKb: about(2_000_000), msisdn: customer.secondaryMsisdn });
  }

  const { signs } = customer;
  if (signs.forwardsAwayFrom <= m && does.talk) add('VOICE_MT', 'OFF_NET_CU', { ...call(30, 40, 90), forwarded: '1' });
  if (!does.talk) return records;
  // The service numbers of rivals and of porting are tried out of curiosity too, by people who stay.
  const rivalCalls = signs.rivalHotlineIn === m ? signs.rivalHotlineCalls : random.chance(0.004) ? 1 : 0;
  if (rivalCalls > 0) {
    add('VOICE_MO', 'HOTLINE_RIVAL', { count: rivalCalls, durationSec: rivalCalls * random.integer(60, 400) });
  }
  if (signs.portingQueryIn === m || random.chance(0.0012)) add('SERVICE', 'MNP_QUERY', { count: 1 });
  if (signs.portingCodeIn === m) add('SERVICE', 'MNP_CODE', { count: 1 });
  if (signs.billDetailIn === m) add('SERVICE', 'BILL_DETAIL', { count: random.integer(3, 6) });
  else if (random.chance(0.008)) add('SERVICE', 'BILL_DETAIL', { count: 1 });
  if (random.chance(0.03)) {
    const count = random.integer(1, 3);
    add('VOICE_MO', 'HOTLINE_OWN', { count, durationSec: count * random.integer(60, 420) });
  }
  return records;
}

/** Telecom fees carry 6% VAT, inside the fee. */
export function vatIn(feeFen: number): number {
  return Math.round((feeFen * 6) / 106);
}

/** `from > to`: the number works on no day. */
function daysOfService(
  customer: Customer,
  m: number,
  firstDay: number,
  lastDay: number,
): { readonly from: number; readonly to: number; readonly isSuspended: boolean } {
  const stopped = customer.suspensions.find((s) => s.oneWay.month <= m && m <= s.resumed.month);
  if (stopped === undefined) return { from: firstDay, to: lastDay, isSuspended: false };
  if (stopped.oneWay.month === m) {
    return { from: firstDay, to: Math.min(lastDay, stopped.oneWay.day), isSuspended: true };
  }
  if (stopped.resumed.month === m) return { from: stopped.resumed.day, to: lastDay, isSuspended: true };
  return { from: lastDay + 1, to: lastDay, isSuspended: true };
}

/** What is left of the spend while it falls: to half, then further. */
function spendLeft(signs: LeavingSigns, m: number): number {
  if (m < signs.spendFallsFrom || m >= signs.spendRecoversFrom) return 1;
  return [0.5, 0.4][m - signs.spendFallsFrom] ?? 0.3;
}
