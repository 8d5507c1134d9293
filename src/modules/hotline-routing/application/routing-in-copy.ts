import { Injectable } from '@nestjs/common';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../customers/index.js';

@Injectable()
@ContributesToSubjectCopy('routing')
export class RoutingInCopy implements ContributesSections {
  sections(): readonly CopySection[] {
    return SECTIONS;
  }
}

const SECTIONS: readonly CopySection[] = [
  {
    name: 'routing.manager',
    title: 'Your account manager (客户经理)',
    sql: `SELECT agent_id AS "agentId", assigned_at AS "assignedAt" FROM routing.customer_manager WHERE customer_id = $1`,
  },
  {
    name: 'routing.contact',
    title: 'Your calls to the hotline (来电记录)',
    sql: `SELECT contact_id AS "contactId", dialled_code AS "dialledCode", tier, language, queued_at AS "queuedAt",
            connected_at AS "connectedAt", ended_at AS "endedAt", state
          FROM routing.contact WHERE customer_id = $1 ORDER BY queued_at, contact_id`,
  },
];
