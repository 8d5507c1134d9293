import { newId, type Tx } from '../../../platform/database/index.js';
import type { DayFigures } from '../domain/reconciliation.js';
import type { SourceDay } from '../domain/source-day.js';
import { BinaryRows } from './binary-copy.js';
import { COUNTED } from './day-figures.js';
import { keyOf, ON_DAY } from './day-sheets.js';

/** More differences than anybody reads are counted, not named. */
const NAMED = 10_000;

interface RecordDifference {
  record_id: string;
  version: number;
  type: 'MISSING' | 'EXTRA' | 'AMOUNT';
  theirs: number | null;
  ours: number | null;
  found: number;
}

/** Single records of a day as their source states them, on their way to be held against those that are stored. */
export class StatedRecords {
  readonly #rows = new BinaryRows(1 << 20);

  private constructor(private readonly tx: Tx) {}

  static async open(tx: Tx): Promise<StatedRecords> {
    await tx.execute(
      `CREATE TEMP TABLE stated_record (record_id text COLLATE "C", version int, fee_fen bigint, minutes bigint, kb bigint)
       ON COMMIT DROP`,
    );
    return new StatedRecords(tx);
  }

  add(recordId: string, version: number, { feeFen, minutes, kb }: Omit<DayFigures, 'records'>): void {
    this.#rows.row(5).ascii(recordId).int4(version).int8(feeFen).int8(minutes).int8(kb);
  }

  get isFull(): boolean {
    return this.#rows.rows >= 20_000;
  }

  async flush(): Promise<void> {
    if (this.#rows.isEmpty) return;
    await this.#rows.copyInto(this.tx, 'stated_record', ['record_id', 'version', 'fee_fen', 'minutes', 'kb']);
    this.#rows.clear();
  }

  /** What all of them say together. */
  async sums(): Promise<DayFigures> {
    await this.tx.execute('ANALYZE stated_record');
    const [row] = await this.tx.query<DayFigures>(
      `SELECT count(*) AS records, COALESCE(sum(fee_fen), 0)::bigint AS "feeFen", COALESCE(sum(minutes), 0)::bigint AS minutes,
         COALESCE(sum(kb), 0)::bigint AS kb FROM stated_record`,
    );
    return row ?? { records: 0, feeFen: 0, minutes: 0, kb: 0 };
  }
}

/** What is stored of a day, joined with what is stated of it: each side is read once. */
export const recordDifferencesSql = ({ kind }: Pick<SourceDay, 'kind'>): string => {
  const { table, id, feeFen, minutes, kb } = COUNTED[kind];
  return `
    WITH entry AS MATERIALIZED (
      SELECT intake_id, received_at FROM usage.intake d WHERE ${ON_DAY}
    ), stored AS (
      SELECT r.${id} AS record_id, r.version::int AS version, ${feeFen}::bigint AS fee_fen, (${minutes})::bigint AS minutes,
        (${kb})::bigint AS kb
      FROM ${table} r JOIN entry ON entry.intake_id = r.file_id
      WHERE r.source = $1 AND r.recorded_at >= (SELECT min(received_at) FROM entry)
        AND r.recorded_at <= (SELECT max(received_at) FROM entry)
    )
    SELECT record_id, version, theirs.fee_fen AS theirs, ours.fee_fen AS ours, count(*) OVER () AS found,
      CASE WHEN ours.fee_fen IS NULL THEN 'MISSING' WHEN theirs.fee_fen IS NULL THEN 'EXTRA' ELSE 'AMOUNT' END AS type
    FROM stated_record theirs FULL JOIN stored ours USING (record_id, version)
    WHERE (theirs.fee_fen, theirs.minutes, theirs.kb) IS DISTINCT FROM (ours.fee_fen, ours.minutes, ours.kb)
    ORDER BY record_id, version LIMIT ${NAMED}`;
};

/** Names the very records that differ; those that do no longer are gone. Answers how many there are. */
export async function keepRecordDifferences(tx: Tx, day: SourceDay, at: Date): Promise<number> {
  const key = keyOf(day);
  const rows = await tx.query<RecordDifference>(recordDifferencesSql(day), key);
  const columns = [
    rows.map(() => newId()),
    rows.map(({ type }) => type),
    rows.map(({ record_id }) => record_id),
    rows.map(({ version }) => version),
    rows.map(({ theirs }) => theirs),
    rows.map(({ ours }) => ours),
  ];
  await tx.execute(
    `UPDATE usage.day_difference d SET state = 'GONE', ended_at = $5
     WHERE ${ON_DAY} AND d.state <> 'GONE' AND d.measure = 'RECORD'
       AND NOT EXISTS (SELECT FROM unnest($6::text[], $7::int[]) AS n (record_id, version)
         WHERE n.record_id = d.record_id AND n.version = d.version)`,
    [...key, at, columns[2], columns[3]],
  );
  await tx.execute(
    `INSERT INTO usage.day_difference AS d (difference_id, source, kind, province, business_date, type, measure, record_id,
       version, theirs, ours, found_at)
     SELECT difference_id, $1, $2, $3, $4, type, 'RECORD', record_id, version, theirs, ours, $5
     FROM unnest($6::uuid[], $7::text[], $8::text[], $9::int[], $10::bigint[], $11::bigint[])
       AS n (difference_id, type, record_id, version, theirs, ours)
     ON CONFLICT (source, kind, business_date, province, measure, record_id, version) DO UPDATE SET type = EXCLUDED.type,
       theirs = EXCLUDED.theirs, ours = EXCLUDED.ours, ended_at = NULL,
       state = CASE WHEN d.state = 'EXPLAINED' AND (d.type, d.theirs, d.ours)
         IS NOT DISTINCT FROM (EXCLUDED.type, EXCLUDED.theirs, EXCLUDED.ours) THEN 'EXPLAINED' ELSE 'OPEN' END`,
    [...key, at, ...columns],
  );
  return rows[0]?.found ?? 0;
}
