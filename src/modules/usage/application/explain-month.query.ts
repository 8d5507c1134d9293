import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { ROAM_DAY_BIT, type Facts } from '../persistence/month-facts.js';
import { BILL, PAYMENT, USAGE } from '../persistence/staged-kind.js';

/** A figure of a month: what is kept, and what the records say when they are added up again. */
export interface ExplainedFigure {
  /** Column of `usage.customer_month`. */
  readonly name: string;
  readonly kept: number;
  readonly recomputed: number;
}

/** Which records a month was made of: how many, and which, whatever their order. */
export interface Inputs {
  readonly count: number;
  /** Exclusive or of their content hashes, 16 hexadecimal digits. */
  readonly xor: string;
  readonly lastRecordedAt: Date | undefined;
}

export interface Input {
  readonly kind: string;
  readonly source: string;
  readonly recordId: string;
  readonly version: number;
  readonly recordedAt: Date;
  readonly intakeId: string;
}

export interface ExplainedMonth {
  readonly customerId: string;
  /** First day, `YYYY-MM-DD`. */
  readonly month: string;
  readonly figures: readonly ExplainedFigure[];
  readonly kept: Inputs;
  readonly recomputed: Inputs;
  /** The records themselves, up to {@link RECORDS_SHOWN}, by kind, source and id. */
  readonly records: readonly Input[];
  /** What is kept is what the records say. */
  readonly isExplained: boolean;
}

export const RECORDS_SHOWN = 1000;

interface CountedKind {
  readonly kind: string;
  readonly table: string;
  readonly idColumn: string;
  readonly monthColumn: string;
  readonly counts: string;
  readonly facts: Facts<never>;
}
const KINDS: readonly CountedKind[] = [USAGE, BILL, PAYMENT];

const counting = ({ table, monthColumn, counts }: CountedKind): string =>
  `${table} WHERE customer_id = $1 AND ${monthColumn} = $2 AND is_current AND ${counts}`;

/** Its facts, added up as the intake does, and what they were made of. */
function sumOf(kind: CountedKind): string {
  const sums = Object.entries(kind.facts).map(
    ([name, { figure, when }]) =>
      `COALESCE(sum(${figure})${when ? ` FILTER (WHERE ${when})` : ''}, 0)::bigint AS ${name}`,
  );
  const days = kind.kind === 'USG' ? [`COALESCE(bit_or(${ROAM_DAY_BIT}), 0) AS roam_day_mask`] : [];
  return `SELECT ${[...sums, ...days].join(', ')}, count(*) AS inputs, COALESCE(bit_xor(content_hash), 0) AS input_xor
    FROM ${counting(kind)}`;
}

const inputsOf = (kind: CountedKind): string =>
  `SELECT '${kind.kind}' AS kind, source, ${kind.idColumn} AS record_id, version, recorded_at, file_id FROM ${counting(kind)}`;

/** A snapshot repeats a suspension day after day: it is one by number and time. */
const SUSPENSIONS = `
  SELECT count(DISTINCT (msisdn_index, status_at)) FILTER (WHERE status = 'SUSPENDED_TWO_WAY') AS two_way_suspensions,
    count(DISTINCT (msisdn_index, status_at)) FILTER (WHERE status = 'SUSPENDED_ONE_WAY') AS one_way_suspensions
  FROM usage.subscription_record
  WHERE customer_id = $1 AND status LIKE 'SUSPENDED%' AND date_trunc('month', status_at AT TIME ZONE 'Asia/Shanghai')::date = $2`;

// One statement, so that all of it is of one moment: an intake that ends meanwhile must not look like a mistake.
const EXPLAIN = `
  WITH usg AS (${sumOf(USAGE)}), bil AS (${sumOf(BILL)}), pay AS (${sumOf(PAYMENT)}), sub AS (${SUSPENSIONS}),
  input AS (${KINDS.map(inputsOf).join(' UNION ALL ')})
  SELECT to_jsonb(m) - 'input_xor' AS kept, m.inputs AS kept_count, m.last_recorded_at, to_hex(COALESCE(m.input_xor, 0)) AS kept_xor,
    to_jsonb(usg) || to_jsonb(bil) || to_jsonb(pay) || to_jsonb(sub) AS recomputed,
    usg.inputs + bil.inputs + pay.inputs AS count, to_hex(usg.input_xor # bil.input_xor # pay.input_xor) AS xor,
    (SELECT max(recorded_at) FROM input) AS recorded_at,
    (SELECT COALESCE(jsonb_agg(i), '[]') FROM (
       SELECT * FROM input ORDER BY kind, source, record_id, version LIMIT ${RECORDS_SHOWN}) i) AS records
  FROM usg, bil, pay, sub LEFT JOIN usage.customer_month m ON m.customer_id = $1 AND m.month = $2`;

const FIGURES = [
  ...KINDS.flatMap(({ facts }) => Object.keys(facts)),
  'roam_day_mask',
  'two_way_suspensions',
  'one_way_suspensions',
];

type Figures = Readonly<Record<string, number | undefined>>;

interface Row {
  readonly kept: Figures | null;
  readonly kept_count: number | null;
  readonly kept_xor: string;
  readonly last_recorded_at: Date | null;
  readonly recomputed: Figures;
  readonly count: number;
  readonly xor: string;
  readonly recorded_at: Date | null;
  readonly records: readonly {
    readonly kind: string;
    readonly source: string;
    readonly record_id: string;
    readonly version: number;
    readonly recorded_at: string;
    readonly file_id: string;
  }[];
}

/** Why the figures of a customer's month are what they are (DOMAIN §4.3.29): they are added up again from the records and compared. */
@Injectable()
export class ExplainMonth {
  constructor(private readonly database: Database) {}

  /** @param month its first day, `YYYY-MM-DD` */
  async of(customerId: string, month: string): Promise<ExplainedMonth> {
    const [row] = await this.database.query<Row>(EXPLAIN, [customerId, month]);
    if (!row) throw new Error('A sum has always a row');
    const figures = FIGURES.map((name) => ({
      name,
      kept: row.kept?.[name] ?? 0,
      recomputed: row.recomputed[name] ?? 0,
    }));
    const kept = inputs(row.kept_count ?? 0, row.kept_xor, row.last_recorded_at);
    const recomputed = inputs(row.count, row.xor, row.recorded_at);
    return {
      customerId,
      month,
      figures,
      kept,
      recomputed,
      records: row.records.map((record) => ({
        kind: record.kind,
        source: record.source,
        recordId: record.record_id,
        version: record.version,
        recordedAt: new Date(record.recorded_at),
        intakeId: record.file_id,
      })),
      isExplained:
        kept.count === recomputed.count &&
        kept.xor === recomputed.xor &&
        figures.every((figure) => figure.kept === figure.recomputed),
    };
  }
}

const inputs = (count: number, xor: string, lastRecordedAt: Date | null): Inputs => ({
  count,
  xor: xor.padStart(16, '0'),
  lastRecordedAt: lastRecordedAt ?? undefined,
});
