import { COUNTERPARTY_CLASS, EVENT_TYPE, OPERATION } from '../domain/codes.js';

/** How a column of `usage.customer_month` adds up: the figure of one record, and which records count (all without `when`). */
export interface Fact {
  readonly figure: string;
  readonly when?: string;
}

const { VOICE_MO, VOICE_MT, SMS, DATA, ROAM } = EVENT_TYPE;
const { OFF_NET_CU, OFF_NET_CB, HOTLINE_RIVAL, MNP_QUERY, MNP_CODE, BILL_DETAIL } = COUNTERPARTY_CLASS;
const isCall = `event_type IN (${VOICE_MO}, ${VOICE_MT})`;

export const USAGE_FACTS: Readonly<Record<string, Fact>> = {
  usage_fee_fen: { figure: 'fee_fen' },
  voice_mo_sec: { figure: 'duration_sec', when: `event_type = ${VOICE_MO}` },
  voice_mt_sec: { figure: 'duration_sec', when: `event_type = ${VOICE_MT}` },
  data_kb: { figure: 'volume_kb', when: `event_type = ${DATA}` },
  roam_kb: { figure: 'volume_kb', when: `event_type = ${ROAM}` },
  calls: { figure: 'event_count', when: isCall },
  sms: { figure: 'event_count', when: `event_type = ${SMS}` },
  offnet_calls: {
    figure: 'event_count',
    when: `${isCall} AND counterparty_class BETWEEN ${OFF_NET_CU} AND ${OFF_NET_CB}`,
  },
  forwarded_calls: { figure: 'event_count', when: `${isCall} AND forwarded` },
  rival_hotline_calls: { figure: 'event_count', when: `counterparty_class = ${HOTLINE_RIVAL}` },
  mnp_queries: { figure: 'event_count', when: `counterparty_class = ${MNP_QUERY}` },
  mnp_codes: { figure: 'event_count', when: `counterparty_class = ${MNP_CODE}` },
  bill_detail_queries: { figure: 'event_count', when: `counterparty_class = ${BILL_DETAIL}` },
};

/** Bit of the business day on which a record's event happened; days of roaming are counted once, however many records. */
export const ROAM_DAY_BIT = `CASE WHEN event_type = ${ROAM}
  THEN 1 << (EXTRACT(day FROM event_time AT TIME ZONE 'Asia/Shanghai')::int - 1) ELSE 0 END`;

export const BILL_FACTS: Readonly<Record<string, Fact>> = {
  spend_fen: { figure: 'payable_fen' },
  net_spend_fen: { figure: 'net_spend_fen' },
  arrears_fen: { figure: 'arrears_fen' },
  // The package that was really paid, after discounts: the package route to a level looks at that (DOMAIN §2.1).
  billed_package_fen: { figure: 'greatest(0, monthly_fee_fen + discount_fen)' },
  bills: { figure: '1' },
};

export const PAYMENT_FACTS: Readonly<Record<string, Fact>> = {
  paid_fen: { figure: 'amount_fen' },
  paid_by_others_fen: { figure: 'amount_fen', when: 'paid_by_other' },
};

/**
 * Adds records to the monthly facts. `source` is a relation with the columns of the records, `customer_id`, `month` and
 * `sign`: 1 for a record that begins to count, -1 for one that ceases to.
 *
 * One statement per transaction, ordered by key: two intakes lock months in the same order, so they wait and never deadlock.
 */
export function addToFacts(source: string, facts: Readonly<Record<string, Fact>>, withRoaming: boolean): string {
  const columns = Object.keys(facts);
  const sums = Object.entries(facts).map(
    ([column, { figure, when }]) =>
      `COALESCE(sum(sign * (${figure}))${when ? ` FILTER (WHERE ${when})` : ''}, 0) AS ${column}`,
  );
  const additions = columns.map((column) => `${column} = m.${column} + EXCLUDED.${column}`);
  if (withRoaming) {
    columns.push('roam_day_mask');
    // Only ever sets bits; where a record ceases to count, the mask is made anew afterwards.
    sums.push(`COALESCE(bit_or(${ROAM_DAY_BIT}) FILTER (WHERE event_type = ${ROAM} AND sign = 1), 0) AS roam_day_mask`);
    additions.push('roam_day_mask = m.roam_day_mask | EXCLUDED.roam_day_mask');
  }
  return `
    INSERT INTO usage.customer_month AS m (customer_id, month, ${columns.join(', ')})
    SELECT customer_id, month, ${sums.join(', ')}
    FROM ${source} AS record GROUP BY customer_id, month ORDER BY customer_id, month
    ON CONFLICT (customer_id, month) DO UPDATE SET ${additions.join(', ')}`;
}

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
