import { Injectable } from '@nestjs/common';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../../customers/index.js';

@Injectable()
@ContributesToSubjectCopy('points')
export class EarningInCopy implements ContributesSections {
  sections(): readonly CopySection[] {
    return SECTIONS;
  }
}

const SECTIONS: readonly CopySection[] = [
  {
    name: 'points.pendingLot',
    title: 'Points that wait for a bill to be paid (待生效积分)',
    sql: `SELECT bill_no AS "billNo", cycle, points_type AS "pointsType", pending, expires_on AS "expiresOn"
          FROM points.pending_lot WHERE customer_id = $1 ORDER BY cycle, bill_no, points_type, expires_on`,
  },
];
