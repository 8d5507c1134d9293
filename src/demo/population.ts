/**
 * The people a demo billing system bills. Nothing is remembered: a customer and each of its months follow from the
 * seed and the customer's index alone, so that a population of any size is written in one pass with constant memory.
 */
import type { Brand, SimKind } from './boss-records.js';
import { billingMonth, dateIn, daysAfter, monthsAfter } from './calendar.js';
import type { BillingMonth } from './calendar.js';
import { NEVER, SMALLEST_TARIFF, TARIFFS } from './customer.js';
import type { BorderPlan, Customer, LeavingSigns, Moment, PayingHabit, Suspension, Tariff } from './customer.js';
import { Random } from './random.js';
import { syntheticIdNumber, syntheticMsisdn, syntheticName } from './synthetic-identity.js';

export const FIRST_MONTH = '2025-01';

/** GB/T 2260: six provinces, their share of the customers and the cities whose codes name the branches. */
export const DEMO_PROVINCES = [
  { code: '440000', share: 0.27, branches: ['440100', '440300', '441900'] },
  { code: '320000', share: 0.19, branches: ['320100', '320500', '320200'] },
  { code: '330000', share: 0.17, branches: ['330100', '330200', '330300'] },
  { code: '510000', share: 0.15, branches: ['510100', '510700'] },
  { code: '110000', share: 0.12, branches: ['110101', '110105', '110108'] },
  { code: '310000', share: 0.1, branches: ['310101', '310115'] },
] as const;

export interface DemoProvince {
  readonly code: string;
  readonly share: number;
  readonly branches: readonly [string, ...string[]];
}

export interface PopulationSettings {
  readonly seed: number;
  readonly customers: number;
  readonly months: number;
  readonly provinces: readonly DemoProvince[];
}

/** Which stream of luck a question draws from, so that one answer never shifts another. */
export const LUCK = { customer: 1, month: 2, bill: 3, usage: 4, payment: 5, noise: 6, arrears: 7 } as const;

const BORDER_TARIFF: Tariff = { code: 'PKG-38', feeFen: 3800 };
const DATA_TARIFF: Tariff = { code: 'DATA-19', feeFen: 1900 };

// Lognormal monthly spend: with this spread about 5% of the customers give a third of the revenue.
export const MEDIAN_SPEND_FEN = 4_600;
const SPEND_SPREAD = 1.18;
const HIGHEST_SPEND_FEN = 600_000;

const MONTHLY_LEAVING = 0.012;
const MONTHLY_JOINING = 0.011;
/** Customers who will leave this soon after the last month already show it. */
const MONTHS_FORESEEN = 2;
const QUIET: LeavingSigns = {
  spendFallsFrom: NEVER,
  spendRecoversFrom: NEVER,
  rivalHotlineIn: NEVER,
  rivalHotlineCalls: 0,
  portingQueryIn: NEVER,
  portingCodeIn: NEVER,
  silentIn: NEVER,
  silence: 'TRIPLE_ZERO',
  forwardsAwayFrom: NEVER,
  billDetailIn: NEVER,
};

/**
 * Figures on the borders of the default level rules (growth value = floor of the year's net spend in yuan + 100 / 200 /
 * 300 for tenure ≥ 1 / 3 / 10 years), as of 1 February 2026.
 */
export const BORDER_PLANS: readonly BorderPlan[] = [
  ...[4000, 3000, 1800, 1200, 800].flatMap((growth) => [
    { why: `growth value exactly ${growth}`, netSpend2025Fen: (growth - 200) * 100, activatedOn: '2020-05-10' },
    {
      why: `one fen below growth value ${growth}`,
      netSpend2025Fen: (growth - 200) * 100 - 1,
      activatedOn: '2020-05-10',
    },
  ]),
  { why: 'net spend exactly 3,999 yuan', netSpend2025Fen: 399_900, activatedOn: '2019-03-15' },
  { why: 'net spend exactly 4,000 yuan', netSpend2025Fen: 400_000, activatedOn: '2019-03-15' },
  { why: 'three years to the day', netSpend2025Fen: 380_000, activatedOn: '2023-02-01' },
  { why: 'one day short of three years', netSpend2025Fen: 380_000, activatedOn: '2023-02-02' },
  { why: 'ten years to the day', netSpend2025Fen: 370_000, activatedOn: '2016-02-01' },
  { why: 'one day short of ten years', netSpend2025Fen: 370_000, activatedOn: '2016-02-02' },
  { why: 'twelve months to the day', netSpend2025Fen: 390_000, activatedOn: '2025-02-01' },
  { why: 'one day short of twelve months', netSpend2025Fen: 390_000, activatedOn: '2025-02-02' },
  { why: 'activated on a leap day', netSpend2025Fen: 380_000, activatedOn: '2016-02-29' },
];

/** Border cases would bend the spread of a very small population: they are planted from this size on. */
const SMALLEST_WITH_BORDERS = 200;

export class Population {
  readonly settings: PopulationSettings;
  readonly months: readonly BillingMonth[];
  readonly #newcomers: number;

  constructor(settings: PopulationSettings) {
    this.settings = settings;
    // One month more than is written: a bill of the last month is due in the next.
    this.months = Array.from({ length: settings.months + MONTHS_FORESEEN + 2 }, (_, m) => billingMonth(FIRST_MONTH, m));
    const joining = MONTHLY_JOINING * settings.months;
    this.#newcomers = Math.round((settings.customers * joining) / (1 + joining));
  }

  month(m: number): BillingMonth {
    const month = this.months[m];
    if (month === undefined) throw new RangeError(`month ${m} lies outside the population's calendar`);
    return month;
  }

  customer(index: number): Customer {
    const { seed, customers, months } = this.settings;
    const random = new Random(seed, LUCK.customer, index);
    const province = this.provinceOf(random);
    const { idNumber, birthDate } = syntheticIdNumber(seed, index, province.code);
    const name = syntheticName(random);
    const branchCode = random.pick(province.branches);
    const accountNo = `${province.code.slice(0, 2)}${String(index).padStart(10, '0')}`;
    const identity = { index, accountNo, name, idNumber, birthDate, province: province.code, branchCode };
    const msisdn = syntheticMsisdn(seed, index);

    const border = customers >= SMALLEST_WITH_BORDERS ? BORDER_PLANS[index] : undefined;
    if (border !== undefined) return this.#borderCustomer({ ...identity, msisdn }, border);

    const isNewcomer = index >= customers - this.#newcomers;
    const joins: Moment = isNewcomer
      ? { month: random.integer(0, months - 1), day: random.integer(1, 27) }
      : { month: -1, day: 1 };
    const activatedOn = isNewcomer
      ? dateIn(this.month(joins.month), joins.day)
      : daysAfter(monthsAfter('2024-12-01', -tenureMonths(random)), -random.integer(0, 27));

    const simKind: SimKind = random.chance(0.012) ? 'DATA' : 'MAIN';
    const secondaryMsisdn =
      simKind === 'MAIN' && random.chance(0.015) ? syntheticMsisdn(seed, customers + index) : undefined;
    const logSpend = Math.log(MEDIAN_SPEND_FEN) + SPEND_SPREAD * random.normal();
    const spendFen =
      simKind === 'DATA' ? random.integer(1900, 6000) : Math.round(Math.min(HIGHEST_SPEND_FEN, Math.exp(logSpend)));
    const habit = habitOf(random.next());

    const isUnderContract = random.chance(0.42);
    const leavingRate = MONTHLY_LEAVING * (habit === 'DEFAULTER' ? 2.5 : isUnderContract ? 0.75 : 1.15);
    const stays = Math.floor(Math.log(1 - random.next()) / Math.log(1 - leavingRate));
    const leavesIn = Math.max(0, joins.month + 1) + stays;
    const willLeave = leavesIn < months + MONTHS_FORESEEN;
    const leaves: Moment = willLeave ? { month: leavesIn, day: random.integer(2, 28) } : { month: NEVER, day: 1 };
    const suspensions = this.#suspensionsOf(random, habit, joins.month + 1, leaves.month);
    const showsSigns = willLeave ? random.chance(0.8) : random.chance(0.06);
    const alarmIn = willLeave ? leavesIn : random.integer(2, months - 1);
    const signs = showsSigns ? signsBefore(random, alarmIn, willLeave) : QUIET;

    const first = packageFor(spendFen * 0.8, simKind);
    const tariffs = [{ from: 0, tariff: first }];
    if (signs.spendFallsFrom < months && random.chance(0.7)) {
      const smaller = packageFor(Math.min(spendFen * 0.4, first.feeFen - 1), simKind);
      if (smaller.code !== first.code) tariffs.push({ from: signs.spendFallsFrom, tariff: smaller });
    } else if (random.chance(0.08)) {
      const larger = TARIFFS.find((tariff) => tariff.feeFen > first.feeFen);
      const from = random.integer(joins.month + 2, months);
      if (larger !== undefined && simKind === 'MAIN' && from < leaves.month) tariffs.push({ from, tariff: larger });
    }

    return {
      ...identity,
      msisdn,
      secondaryMsisdn,
      brand: brandOf(spendFen, birthDate),
      simKind,
      activatedOn,
      joins,
      leaves,
      isClosedForDebt: suspensions.at(-1)?.resumed.month === NEVER && willLeave,
      spendFen,
      tariffs,
      hasPackageDiscount: random.chance(0.06),
      contracts: this.#contractsOf(random, isUnderContract, joins, leaves, showsSigns),
      habit,
      isPaidByOther: random.chance(0.03),
      signs,
      hasSigns: isLeavingShown(signs),
      isFalseAlarm: isLeavingShown(signs) && !willLeave,
      suspensions,
      border: undefined,
    };
  }

  provinceOf(random: Random): DemoProvince {
    const { provinces } = this.settings;
    let left = random.next() * provinces.reduce((sum, province) => sum + province.share, 0);
    const found = provinces.find((province) => (left -= province.share) < 0) ?? provinces.at(-1);
    if (found === undefined) throw new RangeError('a population needs at least one province');
    return found;
  }

  #borderCustomer(
    identity: Pick<
      Customer,
      'index' | 'accountNo' | 'name' | 'idNumber' | 'birthDate' | 'province' | 'branchCode' | 'msisdn'
    >,
    border: BorderPlan,
  ): Customer {
    const isNewcomer = border.activatedOn >= this.month(0).firstDate;
    return {
      ...identity,
      secondaryMsisdn: undefined,
      brand: 'GOTONE',
      simKind: 'MAIN',
      activatedOn: border.activatedOn,
      joins: isNewcomer
        ? {
            month: this.months.findIndex((month) => border.activatedOn.startsWith(month.prefix)),
            day: Number(border.activatedOn.slice(8)),
          }
        : { month: -1, day: 1 },
      leaves: { month: NEVER, day: 1 },
      isClosedForDebt: false,
      spendFen: Math.round(border.netSpend2025Fen / 12),
      tariffs: [{ from: 0, tariff: BORDER_TARIFF }],
      hasPackageDiscount: false,
      contracts: [],
      habit: 'AUTO',
      isPaidByOther: false,
      signs: QUIET,
      hasSigns: false,
      isFalseAlarm: false,
      suspensions: [],
      border,
    };
  }

  #suspensionsOf(random: Random, habit: PayingHabit, earliest: number, leavesIn: number): readonly Suspension[] {
    const { months } = this.settings;
    if (habit === 'DEFAULTER') {
      // Bills of `start` and later stay unpaid; stopped one way after the first due date, both ways two weeks later.
      const start = random.integer(earliest, Math.max(earliest, months - 3));
      const isNeverSettled = leavesIn < months && start + 2 <= leavesIn;
      return [
        {
          oneWay: { month: start + 2, day: 6 },
          twoWay: { month: start + 2, day: 21 },
          resumed: isNeverSettled ? { month: NEVER, day: 1 } : { month: start + 3, day: random.integer(4, 27) },
        },
      ];
    }
    if (habit !== 'CHRONIC') return [];
    const times = random.integer(3, 8);
    const start = random.integer(earliest + 1, Math.max(earliest + 1, 12 - times));
    return Array.from({ length: times }, (_, n) => ({
      oneWay: { month: start + n, day: 22 },
      twoWay: { month: start + n, day: 25 },
      resumed: { month: start + n, day: 28 },
    }));
  }

  #contractsOf(
    random: Random,
    isUnderContract: boolean,
    joins: Moment,
    leaves: Moment,
    showsSigns: boolean,
  ): Customer['contracts'] {
    const { months } = this.settings;
    if (!isUnderContract) return [];
    const endsIn =
      leaves.month < NEVER && showsSigns && random.chance(0.75)
        ? Math.max(0, leaves.month + random.integer(-1, 1))
        : Math.max(0, joins.month) + random.integer(3, months + 12);
    const endDay = random.integer(1, 28);
    const ends = dateIn(billingMonth(FIRST_MONTH, endsIn), endDay);
    const first = { from: 0, endsOn: ends };
    const renewsIn = endsIn;
    if (renewsIn >= months || renewsIn >= leaves.month - 2 || !random.chance(0.65)) return [first];
    return [first, { from: renewsIn, endsOn: monthsAfter(ends, 24) }];
  }
}

function habitOf(luck: number): PayingHabit {
  if (luck < 0.68) return 'AUTO';
  if (luck < 0.92) return 'ON_TIME';
  if (luck < 0.98) return 'LATE';
  return luck < 0.997 ? 'DEFAULTER' : 'CHRONIC';
}

/** 0 – 239 months, many young, a long tail of twenty years. */
function tenureMonths(random: Random): number {
  return Math.floor(239 * Math.pow(random.next(), 1.6));
}

function packageFor(fen: number, simKind: SimKind): Tariff {
  if (simKind === 'DATA') return DATA_TARIFF;
  return TARIFFS.findLast((tariff) => tariff.feeFen <= fen) ?? SMALLEST_TARIFF;
}

function brandOf(spendFen: number, birthDate: string): Brand {
  if (spendFen >= 8000) return 'GOTONE';
  return birthDate >= '1997' ? 'MZONE' : 'EASYOWN';
}

function signsBefore(random: Random, month: number, isReal: boolean): LeavingSigns {
  // People who stay after all show fewer signs, and their spend comes back.
  const weight = isReal ? 1 : 0.45;
  const when = (probability: number, earliest: number): number =>
    random.chance(probability * weight) ? Math.max(0, month - random.integer(0, earliest)) : NEVER;
  const spendFallsFrom = random.chance(0.6 * weight) ? Math.max(0, month - random.integer(1, 2)) : NEVER;
  return {
    spendFallsFrom,
    spendRecoversFrom: isReal || spendFallsFrom === NEVER ? NEVER : spendFallsFrom + random.integer(1, 2),
    rivalHotlineIn: when(0.42, 2),
    rivalHotlineCalls: random.integer(2, 5),
    portingQueryIn: when(0.35, 1),
    portingCodeIn: isReal ? when(0.22, 0) : NEVER,
    silentIn: random.chance(0.22 * weight) ? Math.max(0, month - 1) : NEVER,
    silence: random.chance(0.5) ? 'DOUBLE_ZERO' : 'TRIPLE_ZERO',
    forwardsAwayFrom: isReal ? when(0.12, 2) : NEVER,
    billDetailIn: when(0.25, 2),
  };
}

function isLeavingShown(signs: LeavingSigns): boolean {
  const { spendFallsFrom, rivalHotlineIn, portingQueryIn, portingCodeIn, silentIn, forwardsAwayFrom, billDetailIn } =
    signs;
  const first = Math.min(spendFallsFrom, rivalHotlineIn, portingQueryIn, portingCodeIn, silentIn, forwardsAwayFrom);
  return Math.min(first, billDetailIn) < NEVER;
}
