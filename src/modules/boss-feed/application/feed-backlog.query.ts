import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';

export interface Backlog {
  readonly waiting: number;
  readonly behind: number;
  readonly unacknowledged: number;
}

@Injectable()
export class FeedBacklog {
  constructor(private readonly database: Database) {}

  async execute(): Promise<Backlog> {
    const [found] = await this.database.query<Backlog>(
      `SELECT (SELECT count(*) FROM boss_feed.pending_item) AS waiting,
         (SELECT COALESCE(max(f.last_sequence - s.accepted_sequence), 0)
          FROM boss_feed.subscription s JOIN boss_feed.feed f USING (feed_id) WHERE s.ended_at IS NULL) AS behind,
         (SELECT count(*) FROM boss_feed.file WHERE state = 'published' AND acknowledged_at IS NULL) AS unacknowledged`,
    );
    return found ?? { waiting: 0, behind: 0, unacknowledged: 0 };
  }
}
