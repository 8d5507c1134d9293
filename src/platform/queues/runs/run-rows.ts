import type { Row } from '../../database/index.js';
import type { Counts, Progress, Run, RunStatus } from './run.js';

export interface RunRow {
  readonly run_id: string;
  readonly kind: string;
  readonly run_key: string;
  readonly as_of: string;
  readonly parameters: object;
  readonly rule_version: string | null;
  readonly status: RunStatus;
  readonly counts: Counts;
  readonly checksum: string | null;
  readonly summary: Readonly<Record<string, unknown>> | null;
  readonly error: string | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly slices_total: number;
  readonly slices_done: number;
  readonly customers_total: number;
  readonly customers_done: number;
  readonly customers_now: number;
  readonly seconds_now: string | null;
}

/** Anything that reads: a transaction, or the database outside one. */
interface Reader {
  query<R extends object = Row>(sql: string, params?: readonly unknown[]): Promise<R[]>;
}

/** Progress is counted from the slices, so that it can never disagree with them. */
export const RUN_COLUMNS = `r.run_id, r.kind, r.run_key, r.as_of, r.parameters, r.rule_version, r.status, r.counts, r.checksum,
  r.summary, r.error, r.created_at, r.started_at, r.finished_at, r.slices_total, r.customers_total,
  s.slices_done, s.customers_done, s.customers_now, s.seconds_now`;
export const RUN_SOURCE = `platform.run r CROSS JOIN LATERAL (
    SELECT count(*)::int AS slices_done, COALESCE(sum(customers), 0)::bigint AS customers_done,
      COALESCE(sum(customers) FILTER (WHERE finished_at >= r.executing_since), 0)::bigint AS customers_now,
      extract(epoch FROM max(finished_at) - r.executing_since) AS seconds_now
    FROM platform.run_slice WHERE run_id = r.run_id AND finished_at IS NOT NULL
  ) s`;

/** One run, or none. */
export async function readRuns(reader: Reader, { runId }: { readonly runId: string }): Promise<Run[]> {
  const rows = await reader.query<RunRow>(`SELECT ${RUN_COLUMNS} FROM ${RUN_SOURCE} WHERE r.run_id = $1`, [runId]);
  return rows.map(runOf);
}

export function runOf(row: RunRow): Run {
  return {
    runId: row.run_id,
    kind: row.kind,
    key: row.run_key,
    asOf: row.as_of,
    parameters: row.parameters,
    ruleVersion: row.rule_version ?? undefined,
    status: row.status,
    counts: row.counts,
    checksum: row.checksum ?? undefined,
    summary: row.summary ?? undefined,
    error: row.error ?? undefined,
    progress: progressOf(row),
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
  };
}

function progressOf(row: RunRow): Progress {
  const seconds = Number(row.seconds_now ?? 0);
  const customersPerSecond = seconds > 0 && row.customers_now > 0 ? Math.round(row.customers_now / seconds) : undefined;
  const left = row.customers_total - row.customers_done;
  return {
    slicesTotal: row.slices_total,
    slicesDone: row.slices_done,
    customersTotal: row.customers_total,
    customersDone: row.customers_done,
    percent:
      row.status === 'completed'
        ? 100
        : row.slices_total === 0
          ? 0
          : Math.floor((row.slices_done / row.slices_total) * 100),
    customersPerSecond,
    secondsLeft: row.status === 'running' && customersPerSecond ? Math.ceil(left / customersPerSecond) : undefined,
  };
}
