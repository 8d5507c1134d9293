import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../../platform/database/index.js';
import { type ListRequest, type Page, readPage } from '../../../../platform/http/index.js';
import type { PointsType } from '../../domain/ledger/ledger.js';
import { ExpiryBatchNotFound } from '../../domain/expiry/refusals-of-expiry.js';
import type { ExpiryBatch } from '../../persistence/expiry/expiry.js';

/** A batch with what it has cleared, or would clear, in all. */
export interface BatchInAll extends ExpiryBatch {
  readonly grace_days: number;
  readonly started_at: Date;
  readonly reversed_by: string | null;
  readonly returned: number | null;
  readonly lots: number;
  readonly points: number;
}

/** Of one class, province (empty: of none) and last day. */
export interface BatchSum {
  readonly points_type: PointsType;
  readonly region: string;
  readonly expires_on: string;
  readonly lots: number;
  readonly points: number;
}

const IN_ALL = {
  select: `b.*, (SELECT COALESCE(sum(s.lots), 0)::bigint FROM points.expiry_sum s WHERE s.batch_id = b.batch_id) AS lots,
    (SELECT COALESCE(sum(s.points), 0)::bigint FROM points.expiry_sum s WHERE s.batch_id = b.batch_id) AS points`,
  from: 'points.expiry_batch b',
};

@Injectable()
export class FindExpiryBatches {
  constructor(private readonly database: Database) {}

  list<V extends object>(list: ListRequest, view: (batch: BatchInAll) => V): Promise<Page<V>> {
    return readPage<BatchInAll, V>(this.database, list, IN_ALL, view);
  }

  /** @throws ExpiryBatchNotFound */
  async one(batchId: string): Promise<BatchInAll & { readonly sums: readonly BatchSum[] }> {
    if (!isId(batchId)) throw new ExpiryBatchNotFound();
    const [batch] = await this.database.query<BatchInAll>(
      `SELECT ${IN_ALL.select} FROM ${IN_ALL.from} WHERE b.batch_id = $1`,
      [batchId],
    );
    if (!batch) throw new ExpiryBatchNotFound();
    const sums = await this.database.query<BatchSum & Record<string, unknown>>(
      `SELECT points_type, region, expires_on, lots, points FROM points.expiry_sum WHERE batch_id = $1
       ORDER BY points_type, region, expires_on`,
      [batchId],
    );
    return { ...batch, sums };
  }
}
