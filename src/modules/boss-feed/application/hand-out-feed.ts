import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { AccessRegister } from '../../organization/index.js';
import type { Feed, FeedItem, FeedKind } from '../domain/feed.js';
import { BeyondTheFeed, FileNotReady, FileWithdrawn } from '../domain/refusals.js';
import { customersIn } from '../persistence/items.js';
import { FindFeedFiles, type FeedFile } from './find-feed-files.query.js';
import { FindFeeds } from './find-feeds.query.js';
import { ReadFeed } from './read-feed.js';

/** As many ids as a line of the access register keeps. */
const REGISTERED = 1000;

const SHOWN: Readonly<Record<FeedKind, string>> = { TIR: 'tier', PTS: 'points', CHN: 'churn' };

/** What was sent is not what was published: the receiver must not take it for whole. */
class NotAsPublished extends Error {
  constructor(fileId: string) {
    super(`The text of feed file ${fileId} is not the one that was published`);
    this.name = 'NotAsPublished';
  }
}

/** Hands what goes out to whoever asks for it; each time is in the register of looks at customers before the first byte. */
@Injectable()
export class HandOutFeed {
  constructor(
    private readonly database: Database,
    private readonly feeds: FindFeeds,
    private readonly files: FindFeedFiles,
    private readonly read: ReadFeed,
    private readonly register: AccessRegister,
  ) {}

  /** @throws ResourceNotFound, BeyondTheFeed */
  async itemsAfter(
    {
      feedId,
      afterSequence,
      limit,
    }: { readonly feedId: string; readonly afterSequence: number; readonly limit: number },
    actor: Actor,
  ): Promise<{ readonly feed: Feed; readonly items: readonly FeedItem[] }> {
    const feed = await this.feeds.one(feedId, actor);
    const { lastSequence: toSequence } = feed;
    if (afterSequence > toSequence) throw new BeyondTheFeed(toSequence);
    const items = await this.read.items({ feedId, afterSequence, toSequence }, limit);
    if (items.length > 0) {
      await this.register.record({
        actor,
        action: 'feed.read',
        customerIds: [...new Set(items.map(({ customerId }) => customerId))],
        fieldGroups: ['subscription', SHOWN[feed.kind]],
        object: { type: 'Feed', id: feedId },
      });
    }
    return { feed, items };
  }

  /** @throws ResourceNotFound, FileNotReady, FileWithdrawn */
  async fileContent(
    fileId: string,
    actor: Actor,
  ): Promise<{ readonly file: FeedFile; readonly text: AsyncIterable<string> }> {
    const file = await this.files.one(fileId, actor);
    if (file.state === 'preparing') throw new FileNotReady();
    if (file.state === 'withdrawn') throw new FileWithdrawn();
    await this.register.record({
      actor,
      action: 'feed.download',
      customerIds: await customersIn(this.database, file, REGISTERED),
      customerCount: file.content?.customers ?? 0,
      fieldGroups: ['subscription', SHOWN[file.kind]],
      object: { type: 'FeedFile', id: fileId },
    });
    return { file, text: this.checked(file) };
  }

  private async *checked(file: FeedFile): AsyncGenerator<string> {
    const { contentSha256 } = yield* this.read.textOf(file);
    if (contentSha256 !== file.content?.contentSha256) throw new NotAsPublished(file.fileId);
  }
}
