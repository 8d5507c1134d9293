import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction, type Tx } from '../../../platform/database/index.js';
import { batchGapAlarmKey, deadlineAlarmKey } from '../domain/alarm.js';
import { lastDueDate } from '../domain/feed.js';
import { IntakeAlarms } from '../persistence/intake-alarms.js';
import { SourceRegister } from '../persistence/source-register.js';

/** Batches from several connections overtake each other; one that is missing so long is missing. */
const OVERTAKES_MS = 60_000;

/** Raises the alarm for what did not come: the file of a day at its deadline, a batch out of an unbroken sequence. */
@Injectable()
export class WatchFeeds {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly sources: SourceRegister,
    private readonly alarms: IntakeAlarms,
  ) {}

  execute(): Promise<void> {
    return this.transaction.run(async (tx) => {
      await this.watchDeadlines(tx);
      await this.watchBatches(tx);
    });
  }

  private async watchDeadlines(tx: Tx): Promise<void> {
    const now = this.clock.now();
    for (const { source, feed, expectedSince } of await this.sources.expectedDaily(tx)) {
      const { kind: recordKind, deadline = '' } = feed;
      await this.sources.lockFeed(tx, source, recordKind, now); // a file that is being stored clears its alarm first
      const missing = await this.sources.datesWithoutFile(
        tx,
        source,
        recordKind,
        expectedSince,
        lastDueDate(feed, now),
      );
      for (const businessDate of missing) {
        const key = deadlineAlarmKey(source, recordKind, businessDate);
        await this.alarms.raiseOnce(tx, {
          kind: 'DEADLINE_MISSED', source, recordKind, businessDate, key, detail: { deadline, days: feed.deadlineDays },
        }); // prettier-ignore
      }
    }
  }

  private async watchBatches(tx: Tx): Promise<void> {
    const before = new Date(this.clock.now().getTime() - OVERTAKES_MS);
    for (const { source, kind: recordKind, from, to } of await this.sources.missingBatches(tx, before)) {
      const key = batchGapAlarmKey(source, recordKind);
      if (from === null || to === null) await this.alarms.clear(tx, key);
      else
        await this.alarms.raiseOnce(tx, {
          kind: 'SEQUENCE_GAP',
          source,
          recordKind,
          key,
          detail: { of: 'batches', from, to },
        });
    }
  }
}
