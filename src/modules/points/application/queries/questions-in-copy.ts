import { Injectable } from '@nestjs/common';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../../customers/index.js';

@Injectable()
@ContributesToSubjectCopy('points-questions')
export class QuestionsInCopy implements ContributesSections {
  sections(): readonly CopySection[] {
    return [
      {
        name: 'points.smsQuestion',
        title: 'What you asked about points by message (短信查询积分)',
        sql: `SELECT answer, language, reply, answered_at AS "answeredAt"
              FROM points.sms_question WHERE customer_id = $1 ORDER BY answered_at, message_id`,
      },
    ];
  }
}
