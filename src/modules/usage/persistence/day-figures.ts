import type { Tx } from '../../../platform/database/index.js';
import { EVENT_TYPE, type Kind } from '../domain/codes.js';
import type { DayFigures, SaidFigures } from '../domain/reconciliation.js';
import { saidByFiles } from '../domain/reconciliation.js';

/** Where records of a kind lie, and what each adds to the sums of its day. */
interface Counted {
  readonly table: string;
  readonly id: string;
  readonly feeFen: string;
  readonly minutes: string;
  readonly kb: string;
}

const isVoice = `r.event_type IN (${EVENT_TYPE.VOICE_MO}, ${EVENT_TYPE.VOICE_MT})`;

export const COUNTED: Readonly<Record<Kind, Counted>> = {
  USG: {
    table: 'usage.usage_record',
    id: 'record_id',
    feeFen: 'r.fee_fen',
    minutes: `CASE WHEN ${isVoice} THEN (r.duration_sec + 59) / 60 ELSE 0 END`,
    kb: 'r.volume_kb',
  },
  BIL: { table: 'usage.customer_bill', id: 'bill_no', feeFen: 'r.payable_fen', minutes: '0', kb: '0' },
  PAY: { table: 'usage.payment', id: 'payment_id', feeFen: 'r.amount_fen', minutes: '0', kb: '0' },
  ARR: { table: 'usage.arrears_record', id: 'record_id', feeFen: 'r.arrears_fen', minutes: '0', kb: '0' },
  SUB: { table: 'usage.subscription_record', id: 'record_id', feeFen: '0', minutes: '0', kb: '0' },
};

/** Both sides of one day of one province, and what of it is not stored. */
export interface CountedDay {
  readonly province: string;
  readonly businessDate: string;
  readonly ours: DayFigures;
  readonly theirs: SaidFigures | undefined;
  readonly theirsFrom: 'STATEMENT' | 'TRAILERS' | undefined;
  readonly duplicates: number;
  readonly rejected: number;
  readonly held: number;
}

interface DayRow {
  province: string;
  business_date: string;
  ours_records: number;
  ours_fee_fen: number;
  ours_minutes: number;
  ours_kb: number;
  said_records: number | null;
  said_fee_fen: number | null;
  said_minutes: number | null;
  said_kb: number | null;
  signed_files: number;
  signed_records: number;
  signed_fee_fen: number;
  signed_minutes: number;
  signed_kb: number;
  duplicates: number;
  rejected: number;
  held: number;
}

/** The first and the last time at which something of these days came in: records of other times need not be looked at. */
async function arrivals(
  tx: Tx,
  source: string,
  kind: Kind,
  dates: readonly string[],
): Promise<readonly [Date, Date] | undefined> {
  const [row] = await tx.query<{ first: Date | null; last: Date | null }>(
    `SELECT min(received_at) AS first, max(received_at) AS last FROM usage.intake
     WHERE source = $1 AND kind = $2 AND business_date = ANY ($3::date[])`,
    [source, kind, dates],
  );
  return row?.first && row.last ? [row.first, row.last] : undefined;
}

/** Counts what is stored of these days, from the records themselves, and what is said of them: one pass over what came with them. */
export async function countDays(
  tx: Tx,
  source: string,
  kind: Kind,
  dates: readonly string[],
): Promise<readonly CountedDay[]> {
  const { sql, params } = await countingSql(tx, source, kind, dates);
  return (await tx.query<DayRow>(sql, params)).map(countedDay);
}

export async function countingSql(
  tx: Tx,
  source: string,
  kind: Kind,
  dates: readonly string[],
): Promise<{ readonly sql: string; readonly params: readonly unknown[] }> {
  const { table, feeFen, minutes, kb } = COUNTED[kind];
  const [first, last] = (await arrivals(tx, source, kind, dates)) ?? [new Date(0), new Date(0)];
  const sql = `
    WITH entry AS MATERIALIZED (
      SELECT intake_id, province, business_date, signed_records, signed_fee_fen, signed_minutes, signed_kb
      FROM usage.intake WHERE source = $1 AND kind = $2 AND business_date = ANY ($3::date[])
    ), stored AS (
      SELECT entry.province, entry.business_date, count(*) AS records, sum(${feeFen})::bigint AS fee_fen,
        sum(${minutes})::bigint AS minutes, sum(${kb})::bigint AS kb
      FROM ${table} r JOIN entry ON entry.intake_id = r.file_id
      WHERE r.recorded_at BETWEEN $4 AND $5 AND r.source = $1
      GROUP BY 1, 2
    ), signed AS (
      SELECT entry.province, entry.business_date, count(signed_records) AS files, sum(signed_records)::bigint AS records,
        sum(signed_fee_fen)::bigint AS fee_fen, sum(signed_minutes)::bigint AS minutes, sum(signed_kb)::bigint AS kb,
        sum(f.duplicate)::bigint AS duplicates
      FROM entry LEFT JOIN usage.intake_file f ON f.file_id = entry.intake_id
      GROUP BY 1, 2
    ), said AS (
      SELECT DISTINCT ON (province, business_date) province, business_date, records, fee_fen, minutes, kb
      FROM usage.statement WHERE source = $1 AND kind = $2 AND business_date = ANY ($3::date[])
      ORDER BY province, business_date, sent_at DESC, statement_id DESC
    ), rejected AS (
      SELECT province, business_date, count(*) AS records FROM usage.reject
      WHERE source = $1 AND kind = $2 AND business_date = ANY ($3::date[]) AND state = 'OPEN' GROUP BY 1, 2
    ), held AS (
      SELECT entry.province, entry.business_date, count(*) AS records
      FROM usage.held_record h JOIN entry USING (intake_id) WHERE h.source = $1 AND h.kind = $2 GROUP BY 1, 2
    )
    SELECT province, business_date, COALESCE(stored.records, 0) AS ours_records, COALESCE(stored.fee_fen, 0) AS ours_fee_fen,
      COALESCE(stored.minutes, 0) AS ours_minutes, COALESCE(stored.kb, 0) AS ours_kb, said.records AS said_records,
      said.fee_fen AS said_fee_fen, said.minutes AS said_minutes, said.kb AS said_kb,
      COALESCE(signed.files, 0) AS signed_files, COALESCE(signed.records, 0) AS signed_records,
      COALESCE(signed.fee_fen, 0) AS signed_fee_fen, COALESCE(signed.minutes, 0) AS signed_minutes,
      COALESCE(signed.kb, 0) AS signed_kb, COALESCE(signed.duplicates, 0) AS duplicates,
      COALESCE(rejected.records, 0) AS rejected, COALESCE(held.records, 0) AS held
    FROM signed FULL JOIN said USING (province, business_date) LEFT JOIN stored USING (province, business_date)
      LEFT JOIN rejected USING (province, business_date) LEFT JOIN held USING (province, business_date)
    ORDER BY business_date, province`;
  return { sql, params: [source, kind, dates, first, last] };
}

function countedDay(row: DayRow): CountedDay {
  const ours = { records: row.ours_records, feeFen: row.ours_fee_fen, minutes: row.ours_minutes, kb: row.ours_kb };
  const signed = {
    records: row.signed_records,
    feeFen: row.signed_fee_fen,
    minutes: row.signed_minutes,
    kb: row.signed_kb,
  };
  const said =
    row.said_records === null
      ? undefined
      : {
          records: row.said_records,
          feeFen: row.said_fee_fen ?? 0,
          minutes: row.said_minutes ?? 0,
          kb: row.said_kb ?? 0,
        };
  const { province, business_date: businessDate, duplicates, rejected, held } = row;
  const byFiles = row.signed_files > 0 ? saidByFiles(signed, duplicates) : undefined;
  return {
    province, businessDate, ours, duplicates, rejected, held,
    theirs: said ?? byFiles,
    theirsFrom: said ? 'STATEMENT' : byFiles && 'TRAILERS',
  }; // prettier-ignore
}
