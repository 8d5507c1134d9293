import { Injectable } from '@nestjs/common';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../../customers/index.js';

@Injectable()
@ContributesToSubjectCopy('points')
export class CampaignsInCopy implements ContributesSections {
  sections(): readonly CopySection[] {
    return SECTIONS;
  }
}

const SECTIONS: readonly CopySection[] = [
  {
    name: 'points.campaign_use',
    title: 'What campaigns gave you (活动赠分)',
    sql: `SELECT c.code AS campaign, u.points_year AS "pointsYear", u.points, u.times
          FROM points.campaign_use u JOIN points.campaign c ON c.campaign_id = u.campaign_id
          WHERE u.customer_id = $1 ORDER BY u.points_year, c.code`,
  },
  {
    name: 'points.manual_entry',
    title: 'Points given or adjusted by hand (手工赠送与调账)',
    sql: `SELECT journal_id AS "journalId", kind, points, reason_code AS "reasonCode", posted_at AS "postedAt"
          FROM points.manual_entry WHERE customer_id = $1 ORDER BY posted_at, journal_id`,
  },
  {
    name: 'points.account_freeze',
    title: 'When your account was frozen (账户冻结)',
    sql: `SELECT reason_code AS "reasonCode", frozen_at AS "frozenAt", end_reason_code AS "endReasonCode", ended_at AS "endedAt"
          FROM points.account_freeze WHERE customer_id = $1 ORDER BY frozen_at, freeze_id`,
  },
];
