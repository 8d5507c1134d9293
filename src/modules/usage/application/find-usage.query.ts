import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../platform/database/index.js';
import { COUNTERPARTY_CLASSES, EVENT_TYPES, OPERATION, OPERATIONS } from '../domain/codes.js';

/** A stored usage record, as its list and its page show it. */
export interface UsageRow {
  readonly customer_id: string;
  readonly month: string;
  readonly source: string;
  readonly record_id: string;
  readonly version: number;
  readonly event_time: Date;
  readonly usage_type: string;
  readonly counterparty_class: string;
  readonly status: string;
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
}

/** TMF635's words: `rerated` replaced another record, `recycled` was replaced by one, `rejected` takes a record back. */
export const USAGE_STATUSES = ['rated', 'rerated', 'recycled', 'rejected'] as const;
export const STATUS_SQL = `CASE WHEN NOT r.is_current THEN 'recycled' WHEN r.operation = ${OPERATION.CANCEL} THEN 'rejected'
  WHEN r.operation = ${OPERATION.CORRECT} THEN 'rerated' ELSE 'rated' END`;

const wordOf = (column: string, words: readonly string[]): string => `(ARRAY['${words.join("','")}'])[${column}]`;
export const TYPE_SQL = wordOf('r.event_type', EVENT_TYPES);

export const USAGE_COLUMNS = `r.customer_id, r.month, r.source, r.record_id, r.version, r.event_time, ${TYPE_SQL} AS usage_type,
  ${wordOf('r.counterparty_class', COUNTERPARTY_CLASSES)} AS counterparty_class, ${STATUS_SQL} AS status,
  ${wordOf('r.operation', OPERATIONS)} AS operation, r.duration_sec, r.volume_kb, r.event_count, r.fee_fen, r.tax_fen,
  r.region_home, r.region_visited, r.forwarded, r.tariff_code, r.ref_record_id`;

/** The id of a record is its key, so that it is found without a directory of a billion records. */
export const usageIdOf = (row: Pick<UsageRow, 'customer_id' | 'month' | 'source' | 'record_id' | 'version'>): string =>
  [row.customer_id, row.month.slice(0, 7).replace('-', ''), row.source, row.record_id, row.version].join('~');

const USAGE_ID = /^([0-9a-f-]{36})~(\d{4})(0[1-9]|1[0-2])~([A-Z0-9]{2,12})~([\w.-]{1,64})~(\d{1,5})$/;

@Injectable()
export class FindUsage {
  constructor(private readonly database: Database) {}

  async byId(id: string): Promise<UsageRow | undefined> {
    const [, customerId = '', year, month, source, recordId, version] = USAGE_ID.exec(id) ?? [];
    if (!isId(customerId)) return undefined;
    const [row] = await this.database.query<UsageRow>(
      `SELECT ${USAGE_COLUMNS} FROM usage.usage_record r
       WHERE r.customer_id = $1 AND r.month = $2 AND r.source = $3 AND r.record_id = $4 AND r.version = $5::int`,
      [customerId, `${year}-${month}-01`, source, recordId, version],
    );
    return row;
  }

  /** Where a record that was just taken lies now. */
  async byRecord(source: string, recordId: string, version: number, customerId: string): Promise<UsageRow | undefined> {
    const [row] = await this.database.query<UsageRow>(
      `SELECT ${USAGE_COLUMNS} FROM usage.usage_record r
       WHERE r.customer_id = $1 AND r.source = $2 AND r.record_id = $3 AND r.version = $4`,
      [customerId, source, recordId, version],
    );
    return row;
  }
}
