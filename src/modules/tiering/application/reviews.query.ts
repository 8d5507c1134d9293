import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../platform/database/index.js';
import { pageOf, readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import type { RunStatus } from '../../../platform/queues/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { ReviewNotFound } from '../domain/refusals-of-runs.js';

export interface FoundReview {
  readonly run_id: string;
  readonly program: string;
  readonly as_of: string;
  readonly rule_set_version: string;
  readonly trial_version: string | null;
  readonly trial_regions: readonly string[] | null;
  readonly is_yearly: boolean;
  readonly started_at: Date;
  readonly finished_at: Date | null;
  readonly downgrades_released_by: string | null;
  readonly status: RunStatus;
  readonly pending: number;
}

export interface PendingDowngrade {
  readonly customer_id: string;
  readonly region: string | null;
  readonly from_tier: string;
  readonly to_tier: string;
  readonly effective_on: string;
  readonly rule_set_version: string;
}

const REVIEWS = {
  select: `v.run_id, v.program, v.as_of, v.rule_set_version, v.trial_version, v.trial_regions, v.is_yearly, v.started_at,
    v.downgrades_released_by, r.status, r.finished_at,
    (SELECT count(*) FROM tiering.pending_downgrade d WHERE d.run_id = v.run_id) AS pending`,
  from: 'tiering.review v JOIN platform.run r ON r.run_id = v.run_id',
};

@Injectable()
export class FindReviews {
  constructor(
    private readonly database: Database,
    private readonly customers: CustomersFacade,
  ) {}

  list<View extends object>(list: ListRequest, view: (review: FoundReview) => View): Promise<Page<View>> {
    return readPage<FoundReview, View>(this.database, list, REVIEWS, view);
  }

  /** @throws ReviewNotFound */
  async one(runId: string): Promise<FoundReview> {
    const [found] = isId(runId)
      ? await this.database.query<FoundReview>(`SELECT ${REVIEWS.select} FROM ${REVIEWS.from} WHERE v.run_id = $1`, [
          runId,
        ])
      : [];
    if (!found) throw new ReviewNotFound();
    return found;
  }

  /**
   * Whom the review would lower, as far as the actor sees them.
   * @throws ReviewNotFound
   */
  async pendingOf<View extends object>(
    runId: string,
    list: ListRequest,
    view: (pending: PendingDowngrade, maskedName: string | undefined) => View,
  ): Promise<Page<View>> {
    await this.one(runId);
    const found: PendingDowngrade[] = [];
    const whole = await readPage<PendingDowngrade>(
      this.database,
      { ...list, fields: undefined },
      {
        select: 'd.customer_id, p.region, d.from_tier, d.to_tier, d.effective_on, d.rule_set_version',
        from: 'tiering.pending_downgrade d JOIN customers.profile p ON p.customer_id = d.customer_id',
        where: 'd.run_id = $1',
        params: [runId],
      },
      (row) => (found.push(row), row),
    );
    const names = await this.customers.maskedNamesOf(
      this.database,
      found.map((each) => each.customer_id),
    );
    return pageOf(found, whole.total, list, (row) => view(row, names.get(row.customer_id)));
  }
}
