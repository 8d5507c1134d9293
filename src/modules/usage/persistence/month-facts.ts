import { COUNTERPARTY_CLASS, EVENT_TYPE, OPERATION } from '../domain/codes.js';
import type { BillRecord } from '../domain/records/bill.js';
import type { PaymentRecord } from '../domain/records/payment.js';
import type { UsageRecord } from '../domain/records/usage.js';

/**
 * How a column of `usage.customer_month` adds up, said twice: `of` a record that comes in and counts at once, and in SQL of rows that
 * begin or cease to count later (`figure` of those `when`). test/modules/usage/month-sums.spec.ts holds the two together.
 */
export interface Fact<R> {
  readonly figure: string;
  readonly when?: string;
  readonly of: (record: R) => number;
}
export type Facts<R> = Readonly<Record<string, Fact<R>>>;

const { VOICE_MO, VOICE_MT, SMS, DATA, ROAM } = EVENT_TYPE;
const { OFF_NET_CU, OFF_NET_CB, HOTLINE_RIVAL, MNP_QUERY, MNP_CODE, BILL_DETAIL } = COUNTERPARTY_CLASS;
const CALL = `event_type IN (${VOICE_MO}, ${VOICE_MT})`;
const isCall = (r: UsageRecord): boolean => r.eventType === VOICE_MO || r.eventType === VOICE_MT;

/** The seconds of one type of event. */
const secondsOf = (type: number): Fact<UsageRecord> => ({
  figure: 'duration_sec',
  when: `event_type = ${type}`,
  of: (r) => (r.eventType === type ? r.durationSec : 0),
});
const volumeOf = (type: number): Fact<UsageRecord> => ({
  figure: 'volume_kb',
  when: `event_type = ${type}`,
  of: (r) => (r.eventType === type ? r.volumeKb : 0),
});
/** The number of events with one class of counterparty. */
const eventsWith = (counterparty: number): Fact<UsageRecord> => ({
  figure: 'event_count',
  when: `counterparty_class = ${counterparty}`,
  of: (r) => (r.counterpartyClass === counterparty ? r.eventCount : 0),
});

export const USAGE_FACTS: Facts<UsageRecord> = {
  usage_fee_fen: { figure: 'fee_fen', of: (r) => r.feeFen },
  voice_mo_sec: secondsOf(VOICE_MO),
  voice_mt_sec: secondsOf(VOICE_MT),
  data_kb: volumeOf(DATA),
  roam_kb: volumeOf(ROAM),
  calls: { figure: 'event_count', when: CALL, of: (r) => (isCall(r) ? r.eventCount : 0) },
  sms: { figure: 'event_count', when: `event_type = ${SMS}`, of: (r) => (r.eventType === SMS ? r.eventCount : 0) },
  offnet_calls: {
    figure: 'event_count',
    when: `${CALL} AND counterparty_class BETWEEN ${OFF_NET_CU} AND ${OFF_NET_CB}`,
    of: (r) => (isCall(r) && r.counterpartyClass >= OFF_NET_CU && r.counterpartyClass <= OFF_NET_CB ? r.eventCount : 0),
  },
  forwarded_calls: {
    figure: 'event_count',
    when: `${CALL} AND forwarded`,
    of: (r) => (isCall(r) && r.forwarded === true ? r.eventCount : 0),
  },
  rival_hotline_calls: eventsWith(HOTLINE_RIVAL),
  mnp_queries: eventsWith(MNP_QUERY),
  mnp_codes: eventsWith(MNP_CODE),
  bill_detail_queries: eventsWith(BILL_DETAIL),
};

/** Bit of the business day on which a record's event happened; days of roaming are counted once, however many records. */
export const ROAM_DAY_BIT = `CASE WHEN event_type = ${ROAM}
  THEN 1 << (EXTRACT(day FROM event_time AT TIME ZONE 'Asia/Shanghai')::int - 1) ELSE 0 END`;

const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;
/** As {@link ROAM_DAY_BIT}. */
export const roamDayBit = ({ eventType, eventTime, month }: UsageRecord): number =>
  eventType === ROAM ? 1 << (Math.floor((eventTime + SHANGHAI_OFFSET_MS) / DAY_MS) - month) : 0;

/** What a bill adds is only known beside its other versions, so SQL alone adds it up. */
const inSql = (figure: string): Fact<BillRecord> => ({ figure, of: () => 0 });

export const BILL_FACTS: Facts<BillRecord> = {
  spend_fen: inSql('payable_fen'),
  net_spend_fen: inSql('net_spend_fen'),
  arrears_fen: inSql('arrears_fen'),
  // The package that was really paid, after discounts: the package route to a level looks at that (DOMAIN §2.1).
  billed_package_fen: inSql('greatest(0, monthly_fee_fen + discount_fen)'),
  bills: inSql('1'),
};

export const PAYMENT_FACTS: Facts<PaymentRecord> = {
  paid_fen: { figure: 'amount_fen', of: (r) => r.amountFen },
  paid_by_others_fen: {
    figure: 'amount_fen',
    when: 'paid_by_other',
    of: (r) => (r.paidByOther ? r.amountFen : 0),
  },
};

/** Columns of what is added to the months, beside the facts of the kind: see migration 1763900300001. */
const INPUTS = ['roam_day_mask', 'inputs', 'input_xor'] as const;

export const addedColumns = (facts: readonly string[]): string[] => ['customer_id', 'month', ...facts, ...INPUTS];
const typesOfAdded = (facts: readonly string[]): string[] => [
  'uuid', 'date', ...facts.map(() => 'bigint'), 'int', 'int', 'bigint',
]; // prettier-ignore

/** {@link addedColumns} as arrays, one parameter each from the second on. */
export const additionOfParameters = (facts: readonly string[]): string =>
  `unnest(${typesOfAdded(facts)
    .map((type, at) => `$${at + 2}::${type}[]`)
    .join(', ')}) AS addition (${addedColumns(facts).join(', ')})`;

/** `CREATE TEMP TABLE`: what is to be added to the months, several rows of one month allowed. */
export const createAddition = (facts: readonly string[]): string =>
  `CREATE TEMP TABLE month_addition (customer_id uuid, month date, ${facts.map((fact) => `${fact} bigint, `).join('')}
     roam_day_mask int, inputs int, input_xor bigint) ON COMMIT DROP`;

/** Adds up rows that changed sides: `flipped` has the columns of the records; those that now are current begin to count. */
export function addFlipped<R>(facts: Facts<R>, counts: string, month: string, withRoaming: boolean): string {
  const sums = Object.values(facts).map(
    ({ figure, when }) => `COALESCE(sum(sign * (${figure}))${when ? ` FILTER (WHERE ${when})` : ''}, 0)::bigint`,
  );
  // Only ever sets bits; where a record ceases to count, the mask is made anew afterwards.
  const days = withRoaming ? `COALESCE(bit_or(${ROAM_DAY_BIT}) FILTER (WHERE sign = 1), 0)` : '0';
  return `
    INSERT INTO month_addition (${addedColumns(Object.keys(facts)).join(', ')})
    SELECT customer_id, ${month}, ${[...sums, days, 'sum(sign)', 'bit_xor(content_hash)'].join(', ')}
    FROM (SELECT *, CASE WHEN is_current THEN 1 ELSE -1 END AS sign FROM flipped WHERE ${counts}) record
    GROUP BY customer_id, ${month}`;
}

/**
 * Adds to the months what `source` has for them, at most one row per month. `$1` is when. One statement per transaction, ordered
 * by key: two intakes lock months in the same order, so they wait and never deadlock.
 */
export function addToMonths(source: string, facts: readonly string[]): string {
  const columns = addedColumns(facts);
  return `
    INSERT INTO usage.customer_month AS m (${columns.join(', ')}, last_recorded_at)
    SELECT ${columns.join(', ')}, $1::timestamptz FROM ${source} ORDER BY customer_id, month
    ON CONFLICT (customer_id, month) DO UPDATE SET
      ${facts.map((fact) => `${fact} = m.${fact} + EXCLUDED.${fact}, `).join('')}
      roam_day_mask = m.roam_day_mask | EXCLUDED.roam_day_mask, inputs = m.inputs + EXCLUDED.inputs,
      input_xor = m.input_xor # EXCLUDED.input_xor,
      last_recorded_at = greatest(m.last_recorded_at, EXCLUDED.last_recorded_at)`;
}

/** `month_addition` with one row per month. */
export const additionByMonth = (facts: readonly string[]): string =>
  `(SELECT customer_id, month, ${facts.map((fact) => `sum(${fact})::bigint AS ${fact}, `).join('')}
      bit_or(roam_day_mask) AS roam_day_mask, sum(inputs) AS inputs, bit_xor(input_xor) AS input_xor
    FROM month_addition GROUP BY customer_id, month) addition`;

/** Where a record of roaming began or ceased to count, the days are taken from all records of the month again. */
export const REMAKE_ROAM_DAYS = `
  WITH changed AS (
    SELECT DISTINCT customer_id, month FROM flipped WHERE event_type = ${ROAM} AND operation <> ${OPERATION.CANCEL}
  ), days AS (
    SELECT customer_id, month, bit_or(${ROAM_DAY_BIT}) AS mask
    FROM changed JOIN usage.usage_record r USING (customer_id, month)
    WHERE r.is_current AND r.operation <> ${OPERATION.CANCEL}
    GROUP BY customer_id, month
  )
  UPDATE usage.customer_month m SET roam_day_mask = COALESCE(days.mask, 0)
  FROM changed LEFT JOIN days USING (customer_id, month)
  WHERE m.customer_id = changed.customer_id AND m.month = changed.month`;
