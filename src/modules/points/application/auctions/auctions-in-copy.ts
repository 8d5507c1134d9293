import { Injectable } from '@nestjs/common';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../../customers/index.js';

@Injectable()
@ContributesToSubjectCopy('points-auctions')
export class AuctionsInCopy implements ContributesSections {
  sections(): readonly CopySection[] {
    return SECTIONS;
  }
}

const SECTIONS: readonly CopySection[] = [
  {
    name: 'points.auction-bid',
    title: 'What you bid points for (积分竞投记录)',
    sql: `SELECT b.bid_id AS "bidId", a.label_en AS "item", a.label_zh AS "itemInChinese", b.points, b.state, b.placed_at AS "placedAt",
            b.ended_at AS "endedAt"
          FROM points.auction_bid b JOIN points.auction a USING (auction_id)
          WHERE b.customer_id = $1 ORDER BY b.placed_at, b.bid_id`,
  },
];
