import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Database, Transaction } from '../../../platform/database/index.js';
import type { Kind } from '../domain/codes.js';
import { DayBusy, FilesMissing } from '../domain/refusals.js';
import type { SourceDay } from '../domain/source-day.js';
import { openDays } from '../persistence/day-sheets.js';
import { CloseDay } from './close-day.js';
import { CompareDays } from './compare-days.js';

/** Days that are counted in one statement: each is looked at once, whatever the size of the months it lies in. */
const DAYS_AT_ONCE = 31;
const BY_ITSELF = 'system';

/** Every morning: makes the sheet of each open day that is over (对账单), and closes those that both sides agree on. */
@Injectable()
export class ReconcileDays {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly comparing: CompareDays,
    private readonly closing: CloseDay,
  ) {}

  async execute(stopping?: AbortSignal): Promise<void> {
    const feeds = new Map<string, { source: string; kind: Kind; dates: string[] }>();
    for (const { source, kind, business_date } of await openDays(this.database, businessDate(this.clock.now()))) {
      const feed = feeds.get(`${source}/${kind}`) ?? { source, kind, dates: [] };
      feeds.set(`${source}/${kind}`, feed);
      feed.dates.push(business_date);
    }
    for (const { source, kind, dates } of feeds.values()) {
      for (let from = 0; from < dates.length; from += DAYS_AT_ONCE) {
        if (stopping?.aborted) return; // the days that are left are compared next time
        const some = dates.slice(from, from + DAYS_AT_ONCE);
        await this.transaction.run((tx) => this.comparing.execute(tx, source, kind, some));
        await this.closeEven(source, kind, some);
      }
    }
  }

  /** Only what the source has stated itself: after its word no more is to come. */
  private async closeEven(source: string, kind: Kind, dates: readonly string[]): Promise<void> {
    const even = await this.database.query<{ province: string; business_date: string }>(
      `SELECT d.province, d.business_date FROM usage.source_day d
       WHERE d.source = $1 AND d.kind = $2 AND d.business_date = ANY ($3::date[]) AND d.state = 'OPEN'
         AND d.theirs_from = 'STATEMENT' AND d.open_differences = 0`,
      [source, kind, dates],
    );
    for (const { province, business_date } of even) {
      const day: SourceDay = { source, kind, province, businessDate: business_date };
      try {
        await this.transaction.run((tx) => this.closing.closeIfEven(tx, day, BY_ITSELF));
      } catch (error) {
        // It stays open, and its turn comes tomorrow.
        if (!(error instanceof DayBusy || error instanceof FilesMissing)) throw error;
      }
    }
  }
}
