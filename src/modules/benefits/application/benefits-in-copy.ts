import { Injectable } from '@nestjs/common';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../customers/index.js';

@Injectable()
@ContributesToSubjectCopy('benefits')
export class BenefitsInCopy implements ContributesSections {
  sections(): readonly CopySection[] {
    return SECTIONS;
  }
}

const SECTIONS: readonly CopySection[] = [
  {
    name: 'benefits.entitlement',
    title: 'What you are entitled to (权益)',
    sql: `SELECT benefit, level, level_year AS "validFrom", valid_until AS "validUntil", granted, exchanged, used
          FROM benefits.entitlement WHERE customer_id = $1 ORDER BY level_year, benefit`,
  },
  {
    name: 'benefits.entitlement-change',
    title: 'How it was granted (权益发放记录)',
    sql: `SELECT benefit, level_year AS "levelYear", version, level, granted_before AS "grantedBefore", granted, used,
            as_of AS "asOf", recorded_at AS "recordedAt"
          FROM benefits.entitlement_change WHERE customer_id = $1 ORDER BY recorded_at, benefit, version`,
  },
  {
    name: 'benefits.entitlement-use',
    title: 'What you have used (权益核销记录)',
    sql: `SELECT benefit, units, channel, place, used_at AS "usedAt"
          FROM benefits.entitlement_use WHERE customer_id = $1 ORDER BY used_at, use_id`,
  },
  {
    name: 'benefits.points-exchange',
    title: 'What you have exchanged points for (积分兑换权益)',
    sql: `SELECT order_id AS "orderId", benefit, units, level_year AS "levelYear", exchanged_at AS "exchangedAt"
          FROM benefits.points_exchange WHERE customer_id = $1 ORDER BY exchanged_at, order_id`,
  },
];
