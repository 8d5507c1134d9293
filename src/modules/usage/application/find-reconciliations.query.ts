import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../platform/database/index.js';
import { readPage, ResourceNotFound, type ListRequest, type Page } from '../../../platform/http/index.js';
import type { Kind } from '../domain/codes.js';
import type { DayState, SourceDay } from '../domain/source-day.js';
import { keyOf, ON_DAY } from '../persistence/day-sheets.js';

export interface SheetRow {
  source: string;
  kind: Kind;
  province: string;
  business_date: string;
  state: DayState;
  theirs_from: string | null;
  theirs_records: number | null;
  theirs_fee_fen: number | null;
  theirs_minutes: number | null;
  theirs_kb: number | null;
  ours_records: number;
  ours_fee_fen: number;
  ours_minutes: number;
  ours_kb: number;
  duplicates: number;
  rejected: number;
  held: number;
  open_differences: number;
  compared_at: Date | null;
  closed_at: Date | null;
  closed_by: string | null;
  closing_reason: string | null;
}

export interface DifferenceRow {
  difference_id: string;
  source: string;
  kind: Kind;
  province: string;
  business_date: string;
  type: string;
  measure: string;
  record_id: string;
  version: number;
  theirs: number | null;
  ours: number | null;
  state: string;
  found_at: Date;
  owner: string | null;
  comment: string | null;
  resolution: string | null;
  explained_by: string | null;
  ended_at: Date | null;
}

/** Whose days somebody sees: of one source, of some provinces. */
interface DaysSeen {
  readonly source?: string | undefined;
  readonly provinces?: readonly string[] | undefined;
}

const SEEN = '($1::text IS NULL OR d.source = $1) AND ($2::text[] IS NULL OR d.province = ANY ($2))';
const seenBy = ({ source, provinces }: DaysSeen): readonly unknown[] => [source ?? null, provinces ?? null];

/** The sheets of business days (对账单) and their differences. */
@Injectable()
export class FindReconciliations {
  constructor(private readonly database: Database) {}

  page<View extends object>(list: ListRequest, seen: DaysSeen, viewOf: (row: SheetRow) => View): Promise<Page<View>> {
    return readPage<SheetRow, View>(
      this.database,
      list,
      { select: 'd.*', from: 'usage.source_day d', where: SEEN, params: seenBy(seen) },
      viewOf,
    );
  }

  /** @throws ResourceNotFound also for one that this reader does not see. */
  async ofDay(day: SourceDay, { source, provinces }: DaysSeen): Promise<SheetRow> {
    const isSeen = (source ?? day.source) === day.source && (provinces?.includes(day.province) ?? true);
    const [row] = isSeen
      ? await this.database.query<SheetRow>(`SELECT d.* FROM usage.source_day d WHERE ${ON_DAY}`, keyOf(day))
      : [];
    if (!row) throw new ResourceNotFound('reconciliation');
    return row;
  }

  differences<View extends object>(
    list: ListRequest,
    seen: DaysSeen,
    viewOf: (row: DifferenceRow) => View,
  ): Promise<Page<View>> {
    return readPage<DifferenceRow, View>(
      this.database,
      list,
      { select: 'd.*', from: 'usage.day_difference d', where: SEEN, params: seenBy(seen) },
      viewOf,
    );
  }

  /** @throws ResourceNotFound */
  async difference(differenceId: string): Promise<DifferenceRow> {
    const [row] = isId(differenceId)
      ? await this.database.query<DifferenceRow>('SELECT d.* FROM usage.day_difference d WHERE difference_id = $1', [
          differenceId,
        ])
      : [];
    if (!row) throw new ResourceNotFound('reconciliationDifference');
    return row;
  }
}
