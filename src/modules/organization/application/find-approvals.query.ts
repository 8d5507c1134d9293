import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Database, isId } from '../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import type { Approval } from '../domain/approval.js';
import { ApprovalNotFound } from '../domain/refusals-of-approvals.js';
import { APPROVAL_COLUMNS, approvalOf, type ApprovalRow } from '../persistence/approval-rows.js';

const FROM = 'organization.approval a';

/** Requests about customers of the actor's scope, and those about none that were asked in his part of the organization: the table itself sees to that. */
@Injectable()
export class FindApprovals {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The resource may compare with `$1`: now. */
  page<V extends object>(list: ListRequest, view: (approval: Approval) => V): Promise<Page<V>> {
    const source = { select: APPROVAL_COLUMNS, from: FROM, where: 'a.asked_at <= $1', params: [this.clock.now()] };
    return readPage<ApprovalRow, V>(this.database, list, source, (row) => view(approvalOf(row)));
  }

  /** @throws ApprovalNotFound */
  async one(approvalId: string): Promise<Approval> {
    const rows = isId(approvalId)
      ? await this.database.query<ApprovalRow>(`SELECT ${APPROVAL_COLUMNS} FROM ${FROM} WHERE a.approval_id = $1`, [
          approvalId,
        ])
      : [];
    if (!rows[0]) throw new ApprovalNotFound();
    return approvalOf(rows[0]);
  }
}
