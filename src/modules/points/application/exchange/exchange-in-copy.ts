import { Injectable } from '@nestjs/common';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../../customers/index.js';

@Injectable()
@ContributesToSubjectCopy('points')
export class ExchangeInCopy implements ContributesSections {
  sections(): readonly CopySection[] {
    return SECTIONS;
  }
}

const SECTIONS: readonly CopySection[] = [
  {
    name: 'points.exchange-order',
    title: 'What you have exchanged points for (积分兑换订单)',
    sql: `SELECT order_id AS "orderId", item_id AS "itemId", kind, points, channel, status, ordered_at AS "orderedAt", ended_at AS "endedAt",
            boss_reference AS "bossReference", refusal, card_sealed IS NOT NULL AS "hasCard", card_shown_at AS "cardShownAt"
          FROM points.exchange_order WHERE customer_id = $1 ORDER BY ordered_at, order_id`,
  },
];
