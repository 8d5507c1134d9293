import { Injectable } from '@nestjs/common';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../../customers/index.js';

/** What customers were told of points that expire. */
@Injectable()
@ContributesToSubjectCopy('points-expiry')
export class ExpiryInCopy implements ContributesSections {
  sections(): readonly CopySection[] {
    return [
      {
        name: 'points.expiryNotice',
        title: 'What you were told of points that expire (积分到期提醒)',
        sql: `SELECT expires_on AS "expiresOn", days_before AS "daysBefore", points, noticed_at AS "noticedAt"
              FROM points.expiry_notice WHERE customer_id = $1 ORDER BY expires_on, days_before DESC`,
      },
    ];
  }
}
