import { Injectable } from '@nestjs/common';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../../customers/index.js';

@Injectable()
@ContributesToSubjectCopy('points-holds')
export class HoldsInCopy implements ContributesSections {
  sections(): readonly CopySection[] {
    return SECTIONS;
  }
}

const SECTIONS: readonly CopySection[] = [
  {
    name: 'points.hold',
    title: 'Points that were set aside (积分预占)',
    sql: `SELECT hold_id AS "holdId", purpose, points, captured, released, state, opened_at AS "openedAt", expires_at AS "expiresAt",
            ended_at AS "endedAt"
          FROM points.point_hold WHERE customer_id = $1 ORDER BY opened_at, hold_id`,
  },
  {
    name: 'points.paymentDay',
    title: 'What you paid with points on each day (积分小额支付)',
    sql: `SELECT day, paid_fen AS "paidFen" FROM points.payment_day WHERE customer_id = $1 ORDER BY day`,
  },
];
