import { Injectable } from '@nestjs/common';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../customers/index.js';

@Injectable()
@ContributesToSubjectCopy('boss-feed')
export class FeedInCopy implements ContributesSections {
  sections(): readonly CopySection[] {
    return SECTIONS;
  }
}

const SECTIONS: readonly CopySection[] = [
  {
    name: 'bossFeed.item',
    title: 'What we told billing and the data warehouse of you (向计费与经分系统通报)',
    sql: `SELECT feed_id AS "feed", sequence, occurred_at AS "occurredAt", given_at AS "givenAt", detail
          FROM boss_feed.item WHERE customer_id = $1 ORDER BY feed_id, sequence`,
  },
];
