import { Injectable } from '@nestjs/common';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../../customers/index.js';

@Injectable()
@ContributesToSubjectCopy('points-transfers')
export class TransfersInCopy implements ContributesSections {
  sections(): readonly CopySection[] {
    return SECTIONS;
  }
}

const SECTIONS: readonly CopySection[] = [
  {
    name: 'points.payee',
    title: 'To whom you may give points (积分受让人)',
    sql: `SELECT payee_id AS "payeeId", relation, registered_at AS "registeredAt", active_from AS "activeFrom", removed_at AS "removedAt"
          FROM points.payee WHERE customer_id = $1 ORDER BY registered_at, registration_id`,
  },
  {
    name: 'points.transfer',
    title: 'Points that you gave away (积分转让记录)',
    sql: `SELECT transfer_id AS "transferId", payee_id AS "payeeId", points, status, channel, asked_at AS "askedAt", ended_at AS "endedAt"
          FROM points.transfer WHERE customer_id = $1 ORDER BY asked_at, transfer_id`,
  },
  {
    name: 'points.transfer-flag',
    title: 'When your transfers were looked at (积分转让核查)',
    sql: `SELECT reason_code AS "reason", flagged_at AS "from", lifted_at AS "until"
          FROM points.transfer_flag WHERE customer_id = $1 ORDER BY flagged_at, flag_id`,
  },
];
