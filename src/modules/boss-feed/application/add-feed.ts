import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { feedIdOf, type Feed, type FeedKind } from '../domain/feed.js';
import { FeedExists } from '../domain/refusals.js';
import { addFeed, readFeed } from '../persistence/feed-rows.js';

/** A feed of one province, beside that of the whole operator. It begins with what happens from now on. */
@Injectable()
export class AddFeed {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws FeedExists */
  execute(kind: FeedKind, province: string): Promise<Feed> {
    const feedId = feedIdOf(kind, province);
    return this.transaction.run(async (tx) => {
      if (!(await addFeed(tx, feedId, kind, province, this.clock.now()))) throw new FeedExists();
      tx.audit({ action: 'feed.add', objectType: 'Feed', objectId: feedId, after: { kind, province } });
      const feed = await readFeed(tx, feedId);
      if (!feed) throw new Error('The feed was written in this transaction');
      return feed;
    });
  }
}
