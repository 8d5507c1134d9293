import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Database, newId, Transaction } from '../../../platform/database/index.js';
import type { Feed } from '../domain/feed.js';
import { dayAfter, daysToFile, type FileCut } from '../domain/feed-file.js';
import { advanceFiled, firstUnpublished, insertFile, publishContent, type FeedFile } from '../persistence/file-rows.js';
import { allFeeds, lastSequenceBefore, lockFeed } from '../persistence/feed-rows.js';
import { countCustomersIn } from '../persistence/items.js';
import { ReadFeed, type FileText } from './read-feed.js';

/**
 * Gives every feed its file of every business day that is over, also when nothing happened: an empty file is news, a missing one
 * is a question. Killed anywhere, it goes on from the rows: what was cut is published, what was published stays as it is.
 */
@Injectable()
export class PublishFiles {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly read: ReadFeed,
    private readonly clock: Clock,
  ) {}

  async execute(stopping?: AbortSignal): Promise<void> {
    for (const feed of await allFeeds(this.database)) {
      await this.cut(feed);
      let file: FeedFile | undefined;
      while (!stopping?.aborted && (file = await firstUnpublished(this.database, feed.feedId)))
        await this.publish(file);
    }
  }

  /** Numbers the files of the days that have none. From here on it is decided which items they hold. */
  private async cut(feed: Feed): Promise<void> {
    const now = this.clock.now();
    const today = businessDate(now);
    if (daysToFile(feed, today).length === 0) return;
    await this.transaction.run(async (tx) => {
      let locked = await lockFeed(tx, feed);
      for (const businessDate of daysToFile(locked, today)) {
        const cut: FileCut = {
          feedId: locked.feedId,
          kind: locked.kind,
          target: locked.target,
          businessDate,
          sequence: locked.lastFileSequence + 1,
          version: 1,
          afterSequence: locked.filedSequence,
          toSequence: await lastSequenceBefore(tx, locked, new Date(`${dayAfter(businessDate, 1)}T00:00:00+08:00`)),
          createdAt: now,
        };
        await insertFile(tx, newId(), cut);
        await advanceFiled(tx, locked, cut);
        locked = { ...locked, lastFileSequence: cut.sequence, filedSequence: cut.toSequence, filedUntil: businessDate };
      }
    });
  }

  /** When somebody it names was erased meanwhile, it is left as it is: to be made anew. */
  private async publish(file: FeedFile): Promise<void> {
    const text = await wholeOf(this.read.textOf(file));
    const customers = await countCustomersIn(this.database, file);
    await this.transaction.run((tx) => publishContent(tx, file, { ...text, customers }, this.clock.now()));
  }
}

async function wholeOf(text: AsyncGenerator<string, FileText>): Promise<FileText> {
  for (;;) {
    const step = await text.next();
    if (step.done) return step.value;
  }
}
