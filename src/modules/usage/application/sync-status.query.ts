import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Database } from '../../../platform/database/index.js';
import type { Kind } from '../domain/codes.js';

/** How one feed of a source stands (同步状态). */
export interface FeedStatus {
  readonly source: string;
  readonly kind: Kind;
  readonly lastSuccessAt: Date | null;
  readonly lagSeconds: number | null;
  readonly lastBusinessDate: string | null;
  /** The lowest sequence that has not come, while later ones have. */
  readonly openGapFrom: number | null;
  readonly openAlarms: number;
  readonly openDifferences: number;
  readonly openRejects: number;
  readonly held: number;
  readonly oldestOpenDay: string | null;
}

/** All that is to be known of the feeds on one page (USG-10). */
@Injectable()
export class SyncStatus {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @param source of one source only */
  feeds(source?: string): Promise<readonly FeedStatus[]> {
    return this.database.query<FeedStatus & Record<string, unknown>>(
      `SELECT f.source, f.kind, f.last_success_at AS "lastSuccessAt",
         greatest(0, extract(epoch FROM $2::timestamptz - f.last_success_at))::bigint AS "lagSeconds",
         f.last_business_date AS "lastBusinessDate",
         CASE WHEN f.closed_sequence < f.last_sequence THEN f.closed_sequence + 1 END AS "openGapFrom",
         COALESCE(a.n, 0) AS "openAlarms", COALESCE(d.n, 0) AS "openDifferences", COALESCE(r.n, 0) AS "openRejects",
         COALESCE(h.n, 0) AS held, s.oldest AS "oldestOpenDay"
       FROM usage.source_feed f
         LEFT JOIN (SELECT source, record_kind AS kind, count(*) AS n FROM usage.intake_alarm
                    WHERE cleared_at IS NULL GROUP BY 1, 2) a USING (source, kind)
         LEFT JOIN (SELECT source, kind, count(*) AS n FROM usage.day_difference
                    WHERE state <> 'GONE' GROUP BY 1, 2) d USING (source, kind)
         LEFT JOIN (SELECT source, kind, count(*) AS n FROM usage.reject WHERE state = 'OPEN' GROUP BY 1, 2) r USING (source, kind)
         LEFT JOIN (SELECT source, kind, count(*) AS n FROM usage.held_record GROUP BY 1, 2) h USING (source, kind)
         LEFT JOIN (SELECT source, kind, min(business_date) AS oldest FROM usage.source_day
                    WHERE state = 'OPEN' GROUP BY 1, 2) s USING (source, kind)
       WHERE $1::text IS NULL OR f.source = $1
       ORDER BY f.source, f.kind`,
      [source ?? null, this.clock.now()],
    );
  }
}
