import type { PointsType } from '../../domain/ledger/ledger.js';
import { itemsOfEntry } from '../../persistence/earning/earn-items-sql.js';

/** A line of the statement of a customer (积分明细). */
export interface StatementRow {
  readonly journal_id: string;
  readonly account_version: number;
  readonly kind: string;
  readonly points: number;
  readonly available_after: number;
  readonly business_date: string;
  readonly occurred_at: Date;
  readonly recorded_at: Date;
  readonly channel: string | null;
  readonly source_ref: string | null;
  readonly reverses_journal_id: string | null;
  /** What a bill has earned, class by class. */
  readonly items: readonly { readonly pointsType: PointsType; readonly points: number }[] | null;
}

/** Where statements are read from. */
export const STATEMENT = {
  select: `j.journal_id, j.account_version, j.kind, j.points, j.available_after, j.business_date, j.occurred_at, j.recorded_at, j.channel,
    j.source_ref, j.reverses_journal_id,
    (SELECT jsonb_agg(jsonb_build_object('pointsType', i.item, 'points', i.points) ORDER BY i.item::points.points_type)
     FROM ${itemsOfEntry('j')} i WHERE j.kind IN ('EARN', 'EARN_CORRECTION')) AS items`,
  from: 'points.journal j',
} as const;
