import { Injectable } from '@nestjs/common';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../../customers/index.js';

@Injectable()
@ContributesToSubjectCopy('points-groups')
export class GroupsInCopy implements ContributesSections {
  sections(): readonly CopySection[] {
    return SECTIONS;
  }
}

const SECTIONS: readonly CopySection[] = [
  {
    name: 'points.key-person',
    title: 'For which groups you may redeem, and who may for you (集团关键人物)',
    sql: `SELECT customer_id AS "groupId", person_id AS "personId", role, limit_points AS "limitPoints", active_from AS "activeFrom",
            active_until AS "activeUntil", ended_at AS "endedAt"
          FROM points.key_person WHERE customer_id = $1 OR person_id = $1 ORDER BY registered_at, registration_id`,
  },
];
