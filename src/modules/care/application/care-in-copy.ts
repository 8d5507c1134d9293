import { Injectable } from '@nestjs/common';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../customers/index.js';

/** What is done for customers because of their level, and what they were told of it. */
@Injectable()
@ContributesToSubjectCopy('care')
export class CareInCopy implements ContributesSections {
  sections(): readonly CopySection[] {
    return SECTIONS;
  }
}

const SECTIONS: readonly CopySection[] = [
  {
    name: 'care.task',
    title: 'What was to be done for you (服务任务)',
    sql: `SELECT t.code, a.label, t.tier, t.made_on AS "madeOn", t.due_on AS "dueOn", t.state, t.outcome,
            t.cancelled_because AS "cancelledBecause", t.ended_at AS "endedAt"
          FROM care.task t JOIN care.standard_action a ON a.action_id = t.action_id
          WHERE t.customer_id = $1 ORDER BY t.made_on, t.task_id`,
  },
  {
    name: 'care.notice',
    title: 'What you were told of your level and points (级别积分通知)',
    sql: `SELECT kind, channel, zh, en, queued_at AS "queuedAt", state, reported_at AS "reportedAt"
          FROM care.notice WHERE customer_id = $1 ORDER BY queued_at, notice_id`,
  },
];
