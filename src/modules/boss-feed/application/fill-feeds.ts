import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Database, Transaction } from '../../../platform/database/index.js';
import { FEED_KINDS } from '../domain/feed.js';
import { giveNumbers } from '../persistence/feed-rows.js';
import { collectNext, kindsPending } from '../persistence/pending-items.js';

const ITEMS_AT_ONCE = 10_000;

/** Takes in the entries of runs, and gives what waits its numbers. Any number of workers may do it at once. */
@Injectable()
export class FillFeeds {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** Until nothing is left to do, or it is to stop. Returns how many items got their number. */
  async execute(stopping?: AbortSignal): Promise<number> {
    let given = 0;
    for (;;) {
      const step = await this.step();
      if (step === undefined || stopping?.aborted) return given + (step ?? 0);
      given += step;
    }
  }

  /** In turn, so that what waits is not held up by a run. */
  private async step(): Promise<number | undefined> {
    const isCollecting = await this.transaction.run((tx) => collectNext(tx, this.clock.now()));
    const kinds = await kindsPending(this.database, FEED_KINDS);
    let given = 0;
    for (const kind of kinds) {
      given += await this.transaction.run((tx) => giveNumbers(tx, kind, ITEMS_AT_ONCE, this.clock.now()));
    }
    return isCollecting || kinds.length > 0 ? given : undefined;
  }
}
