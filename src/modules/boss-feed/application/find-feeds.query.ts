import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { readPage, ResourceNotFound, type ListRequest, type Page } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { isFeedId, type Feed } from '../domain/feed.js';
import { feedOf, readFeed, type FeedRow } from '../persistence/feed-rows.js';
import { seesTarget, targetsSeenBy } from './feeds-in-sight.js';

@Injectable()
export class FindFeeds {
  constructor(private readonly database: Database) {}

  page<V extends object>(list: ListRequest, actor: Actor, viewOf: (feed: Feed) => V): Promise<Page<V>> {
    const source = {
      select: 'd.*',
      from: 'boss_feed.feed d',
      where: '$1::text[] IS NULL OR d.target = ANY ($1)',
      params: [targetsSeenBy(actor) ?? null],
    };
    return readPage<FeedRow, V>(this.database, list, source, (row) => viewOf(feedOf(row)));
  }

  /** @throws ResourceNotFound also for one that the actor does not see */
  async one(feedId: string, actor: Actor): Promise<Feed> {
    const feed = isFeedId(feedId) ? await readFeed(this.database, feedId) : undefined;
    if (!feed || !seesTarget(actor, feed.target)) throw new ResourceNotFound('feed');
    return feed;
  }
}
