import { Injectable } from '@nestjs/common';
import { businessMonth } from '../../../platform/clock/index.js';
import { Database, isId, type Tx } from '../../../platform/database/index.js';
import type { ListRequest, ListSource } from '../../../platform/http/index.js';
import { STATUS_SQL, type UsageStatus } from '../domain/usage-status.js';
import { usageKeyOf, type StoredUsageKey, type UsageKey } from '../domain/usage-id.js';
import type { FilesSeen } from './find-files.query.js';
import { CLASS_SQL, OPERATION_SQL, TYPE_SQL } from './usage.resource.js';

/** A stored usage record, as its list and its page show it. */
export interface UsageRow {
  readonly is: 'stored';
  readonly customer_id: string;
  readonly month: string;
  readonly source: string;
  readonly record_id: string;
  readonly version: number;
  readonly event_time: Date;
  readonly usage_type: string;
  readonly counterparty_class: string;
  readonly status: UsageStatus;
  readonly operation: string;
  readonly duration_sec: number;
  readonly volume_kb: number;
  readonly event_count: number;
  readonly fee_fen: number;
  readonly tax_fen: number;
  readonly region_home: string | null;
  readonly region_visited: string | null;
  readonly forwarded: boolean | null;
  readonly tariff_code: string | null;
  readonly ref_record_id: string | null;
  /** When billing got it from the network. */
  readonly received_at: Date | null;
  /** Sealed; empty when it was forgotten. */
  readonly extra_sealed: Buffer | null;
}

/** A record that waits, without anything that it says of a customer. */
export interface ReceivedRow {
  readonly is: 'received';
  readonly source: string;
  readonly record_id: string;
  readonly version: number;
  readonly reason: string;
}

/** A record that was refused, without anything that it says of a customer. */
export interface RefusedRow {
  readonly is: 'refused';
  readonly intake_id: string;
  readonly line_no: number;
  readonly source: string;
  readonly record_id: string | null;
  readonly code: string;
  readonly field: string | null;
  readonly reason: string;
}

/** Counting hundreds of millions of rows for a page header would cost more than the page. */
export const COUNTED_UP_TO = 100_000;

const STORED_FROM = `usage.usage_record r
  LEFT JOIN usage.customer_month m ON m.customer_id = r.customer_id AND m.month = r.month
  LEFT JOIN usage.record_extra e ON e.customer_id = r.customer_id AND e.kind = 'USG' AND e.source = r.source
    AND e.record_id = r.record_id AND e.version = r.version`;
const STORED_COLUMNS = `'stored' AS is, r.customer_id, r.month, r.source, r.record_id, r.version, r.event_time,
  ${TYPE_SQL} AS usage_type, ${CLASS_SQL} AS counterparty_class, ${STATUS_SQL} AS status, ${OPERATION_SQL} AS operation,
  r.duration_sec, r.volume_kb, r.event_count, r.fee_fen, r.tax_fen, r.region_home, r.region_visited, r.forwarded, r.tariff_code,
  r.ref_record_id, r.received_at, e.sealed AS extra_sealed`;
const KEY = 'r.customer_id = $1 AND r.month = $2 AND r.source = $3 AND r.record_id = $4 AND r.version = $5';

const RECEIVED_FROM = 'usage.held_record h LEFT JOIN usage.intake i USING (intake_id)';
const RECEIVED_COLUMNS = `'received' AS is, h.source, h.record_id, h.version, h.reason`;
const REFUSED_FROM = 'usage.rejected_record f LEFT JOIN usage.intake i USING (intake_id)';
const REFUSED_COLUMNS = `'refused' AS is, f.intake_id, f.line_no, f.source, f.record_id, f.code, f.field, f.reason`;

/** Of those that somebody sees of the intake. */
const seenBy = (alias: string, first: number): string =>
  `${alias}.kind = 'USG' AND ($${first}::text IS NULL OR ${alias}.source = $${first})
   AND ($${first + 1}::text[] IS NULL OR i.province = ANY($${first + 1}))`;
const paramsOf = ({ source, provinces }: FilesSeen): readonly unknown[] => [source ?? null, provinces ?? null];

@Injectable()
export class FindUsage {
  constructor(private readonly database: Database) {}

  /** A stored record, whatever its version. */
  async byId(id: string): Promise<UsageRow | undefined> {
    const key = usageKeyOf(id);
    const stored = key && (await this.storedKeyOf(key));
    return stored && isId(stored.customerId) ? this.byKey(stored) : undefined;
  }

  async byKey({ customerId, month, source, recordId, version }: StoredUsageKey): Promise<UsageRow | undefined> {
    const [row] = await this.database.query<UsageRow>(`SELECT ${STORED_COLUMNS} FROM ${STORED_FROM} WHERE ${KEY}`, [
      customerId,
      month,
      source,
      recordId,
      version,
    ]);
    return row;
  }

  /** What waits or was refused, for those who see it of the intake. */
  async ofIntake(id: string, seen: FilesSeen): Promise<ReceivedRow | RefusedRow | undefined> {
    const key = usageKeyOf(id);
    if (key?.is === 'received') {
      const [row] = await this.database.query<ReceivedRow>(
        `SELECT ${RECEIVED_COLUMNS} FROM ${RECEIVED_FROM}
         WHERE h.source = $1 AND h.record_id = $2 AND h.version = $3 AND ${seenBy('h', 4)}`,
        [key.source, key.recordId, key.version, ...paramsOf(seen)],
      );
      return row;
    }
    if (key?.is !== 'refused') return undefined;
    const [row] = await this.database.query<RefusedRow>(
      `SELECT ${REFUSED_COLUMNS} FROM ${REFUSED_FROM}
       WHERE f.intake_id = $1 AND f.line_no = $2 AND ${seenBy('f', 3)}`,
      [key.intakeId, key.lineNo, ...paramsOf(seen)],
    );
    return row;
  }

  /** The versions of what a record says: its own and those of its corrections. */
  async versionsOf({ customer_id, source, ...row }: UsageRow): Promise<readonly number[]> {
    const rows = await this.database.query<{ version: number }>(
      `SELECT version FROM usage.usage_record
       WHERE customer_id = $1 AND source = $2 AND COALESCE(ref_record_id, record_id) = $3`,
      [customer_id, source, row.ref_record_id ?? row.record_id],
    );
    return rows.map(({ version }) => version);
  }

  private async storedKeyOf(key: UsageKey): Promise<StoredUsageKey | undefined> {
    if (key.is === 'stored') return key;
    return key.is === 'received' ? storedKeyOf(this.database, key) : undefined;
  }
}

export const keyOfRow = (row: UsageRow): StoredUsageKey => ({
  customerId: row.customer_id,
  month: row.month,
  source: row.source,
  recordId: row.record_id,
  version: row.version,
});

/** Where a record lies that is stored by now. */
export async function storedKeyOf(
  reader: Pick<Tx, 'query'>,
  { source, recordId, version }: { readonly source: string; readonly recordId: string; readonly version: number },
): Promise<StoredUsageKey | undefined> {
  const [row] = await reader.query<{ customer_id: string; month: string }>(
    `SELECT customer_id, month FROM usage.record_directory
     WHERE source = $1 AND kind = 'USG' AND record_id = $2 AND version = $3`,
    [source, recordId, version],
  );
  return row && { customerId: row.customer_id, month: row.month, source, recordId, version };
}

/** What a list of stored records is read from. */
export function storedUsage(list: ListRequest): ListSource {
  const { where, params } = monthsOf(list);
  return {
    select: STORED_COLUMNS,
    from: STORED_FROM,
    where,
    params,
    countSql: `SELECT count(*) AS total FROM (SELECT FROM ${STORED_FROM} WHERE {where} LIMIT ${COUNTED_UP_TO}) counted`,
  };
}

export const receivedUsage = (seen: FilesSeen): ListSource => ({
  select: RECEIVED_COLUMNS,
  from: RECEIVED_FROM,
  where: seenBy('h', 1),
  params: paramsOf(seen),
});

export const refusedUsage = (seen: FilesSeen): ListSource => ({
  select: REFUSED_COLUMNS,
  from: REFUSED_FROM,
  where: seenBy('f', 1),
  params: paramsOf(seen),
});

const OPERATOR = { gt: '>=', gte: '>=', lt: '<=', lte: '<=' } as const;
const LAST_DAY = Date.UTC(9999, 11, 31);

/** The months that the dates asked for lie in: with them, only their partitions and that part of a customer's key are read. */
function monthsOf(list: ListRequest): { readonly where: string; readonly params: readonly unknown[] } {
  const monthOf = (value: unknown): string =>
    `${businessMonth(new Date(Math.min(Date.parse(String(value)), LAST_DAY)))}-01`;
  const dates = list.filters.filter(({ attribute }) => attribute === 'usageDate');
  const conditions = dates.map(({ comparison }, at) =>
    comparison === 'eq'
      ? `r.month = ANY($${at + 1}::date[])`
      : `r.month ${OPERATOR[comparison]} ($${at + 1}::date[])[1]`,
  );
  return {
    where: conditions.join(' AND ') || 'TRUE',
    params: dates.map(({ values }) => values.map(monthOf)),
  };
}
