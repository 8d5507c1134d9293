import { Injectable } from '@nestjs/common';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../../customers/index.js';

@Injectable()
@ContributesToSubjectCopy('points')
export class PointsInCopy implements ContributesSections {
  sections(): readonly CopySection[] {
    return SECTIONS;
  }
}

const SECTIONS: readonly CopySection[] = [
  {
    name: 'points.account',
    title: 'Your point account (积分账户)',
    sql: `SELECT available, held, pending, debt, lifetime_earned AS "lifetimeEarned", status, frozen_reason AS "frozenReason"
          FROM points.point_account WHERE customer_id = $1`,
  },
  {
    name: 'points.bucket',
    title: 'When your points expire (积分有效期)',
    sql: `SELECT expires_on AS "expiresOn", points_type AS "pointsType", remaining, held
          FROM points.point_bucket WHERE customer_id = $1 ORDER BY expires_on, points_type, funder_id`,
  },
  {
    name: 'points.journal',
    title: 'What happened to your points (积分流水)',
    sql: `SELECT journal_id AS "journalId", kind, points, available_after AS "availableAfter", occurred_at AS "occurredAt",
            channel, reverses_journal_id AS "reversesJournalId", metadata
          FROM points.journal WHERE customer_id = $1 ORDER BY account_version, journal_id`,
  },
  {
    name: 'points.posting',
    title: 'The entries behind it (积分分录)',
    sql: `SELECT journal_id AS "journalId", business_date AS "businessDate", debit, credit, points, expires_on AS "expiresOn",
            points_type AS "pointsType"
          FROM points.posting WHERE customer_id = $1 ORDER BY business_date, journal_id, line`,
  },
];
