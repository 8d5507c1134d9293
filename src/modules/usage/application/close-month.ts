import { Injectable } from '@nestjs/common';
import { businessMonth, Clock } from '../../../platform/clock/index.js';
import { Database, Transaction, type Tx } from '../../../platform/database/index.js';
import { readPage, ResourceNotFound, type ListRequest, type Page } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { MonthNotOver, MonthNotReady } from '../domain/refusals.js';
import { DayClosings } from '../persistence/day-closings.js';
import { AuditMonth } from './audit-month.query.js';
import { requireBillsOf } from './require-bills-of.js';

export interface ClosedMonthRow {
  month: string;
  closed_at: Date;
  closed_by: string;
  figures: Readonly<Record<string, unknown>>;
}

/**
 * Closes a business month (关账) when both sides agree on all of its days, or have signed them off, and its bills have come. From
 * then on what comes late is a difference to what was published; nothing opens the month again.
 */
@Injectable()
export class CloseMonth {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly days: DayClosings,
    private readonly audit: AuditMonth,
  ) {}

  /**
   * Closed before, it answers as it did then.
   * @param month `YYYY-MM`
   * @throws MonthNotOver, DayBusy, MonthNotReady, MonthNotLoaded
   */
  async execute(month: string, reason: string, actor: Actor): Promise<ClosedMonthRow> {
    if (month >= businessMonth(this.clock.now())) throw new MonthNotOver();
    const first = `${month}-01`;
    return this.transaction.run(async (tx) => {
      await this.days.keepAll(tx);
      const [before] = await tx.query<ClosedMonthRow>('SELECT * FROM usage.closed_month WHERE month = $1', [first]);
      if (before) return before;
      const { open, oldest, days } = await this.daysOf(tx, first);
      if (open > 0) throw new MonthNotReady({ month, openDays: open, oldest: oldest ?? undefined });
      await requireBillsOf(tx, first);
      const figures = { days, ...(await this.audit.summary(first, tx)) };
      const [closed] = await tx.query<ClosedMonthRow>(
        `INSERT INTO usage.closed_month (month, closed_at, closed_by, figures) VALUES ($1, $2, $3, $4) RETURNING *`,
        [first, this.clock.now(), actor.id, JSON.stringify(figures)],
      );
      if (!closed) throw new Error('A month that was just closed is not there');
      tx.audit({ action: 'usage.close-month', objectType: 'MonthClosing', objectId: month, after: figures, reason });
      return closed;
    });
  }

  page<View extends object>(list: ListRequest, viewOf: (row: ClosedMonthRow) => View): Promise<Page<View>> {
    return readPage<ClosedMonthRow, View>(this.database, list, { select: 'c.*', from: 'usage.closed_month c' }, viewOf);
  }

  /** @param month `YYYY-MM` @throws ResourceNotFound */
  async ofMonth(month: string): Promise<ClosedMonthRow> {
    const [row] = /^\d{4}-(0[1-9]|1[0-2])$/.test(month)
      ? await this.database.query<ClosedMonthRow>('SELECT * FROM usage.closed_month WHERE month = $1', [`${month}-01`])
      : [];
    if (!row) throw new ResourceNotFound('monthClosing');
    return row;
  }

  /** Days on which something came, was stated, or should have come. */
  private async daysOf(tx: Tx, first: string): Promise<{ days: number; open: number; oldest: string | null }> {
    const [row] = await tx.query<{ days: number; open: number; oldest: string | null }>(
      `WITH within AS (SELECT $1::date AS first, ($1::date + interval '1 month')::date AS beyond),
       day AS (
         SELECT i.source, i.kind, i.province, i.business_date FROM usage.intake i, within
         WHERE i.business_date >= within.first AND i.business_date < within.beyond
         UNION SELECT s.source, s.kind, s.province, s.business_date FROM usage.statement s, within
         WHERE s.business_date >= within.first AND s.business_date < within.beyond
         UNION SELECT f.source, f.kind, '', expected.day::date
         FROM usage.source_feed f, within, generate_series(greatest(within.first, f.expected_since), within.beyond - 1, '1 day')
           AS expected (day)
         WHERE f.expected_daily AND NOT EXISTS (
           SELECT FROM usage.intake i WHERE i.source = f.source AND i.kind = f.kind AND i.business_date = expected.day::date)
       )
       SELECT count(*) AS days, count(*) FILTER (WHERE COALESCE(d.state, 'OPEN') = 'OPEN') AS open,
         min(day.business_date) FILTER (WHERE COALESCE(d.state, 'OPEN') = 'OPEN') AS oldest
       FROM day LEFT JOIN usage.source_day d USING (source, kind, province, business_date)`,
      [first],
    );
    return row ?? { days: 0, open: 0, oldest: null };
  }
}
