import { Injectable } from '@nestjs/common';
import { isId, Transaction } from '../../../platform/database/index.js';
import { ResourceNotFound } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { maskFreeText } from '../../../platform/privacy/index.js';
import { OrganizationFacade } from '../../organization/index.js';

export interface Explanation {
  /** Who looks after it: a member of staff. */
  readonly owner?: string | undefined;
  readonly comment?: string | undefined;
  /** What it is, and what was done about it; with it the difference is explained. `null` takes it back. */
  readonly resolution?: string | null | undefined;
}

/** Somebody takes a difference on, says what it is, and how it was settled (差异处理). */
@Injectable()
export class ExplainDifference {
  constructor(
    private readonly transaction: Transaction,
    private readonly organization: OrganizationFacade,
  ) {}

  /** Who explains a difference without an owner owns it. @throws ResourceNotFound, StaffNotFound */
  async execute(differenceId: string, { owner, comment, resolution }: Explanation, actor: Actor): Promise<void> {
    if (!isId(differenceId)) throw new ResourceNotFound('reconciliationDifference');
    if (owner !== undefined) await this.organization.staffById(owner);
    const masked = (text: string | null | undefined): string | null => (text ? maskFreeText(text) : null);
    await this.transaction.run(async (tx) => {
      // Of a closed day nothing is rewritten: what was signed off is what is there.
      const [before] = await tx.query<Record<string, unknown>>(
        `SELECT x.owner, x.comment, x.resolution, x.state FROM usage.day_difference x
           JOIN usage.source_day d USING (source, kind, province, business_date)
         WHERE x.difference_id = $1 AND x.state <> 'GONE' AND d.state = 'OPEN' FOR UPDATE OF x, d`,
        [differenceId],
      );
      if (!before) throw new ResourceNotFound('reconciliationDifference');
      const [after] = await tx.query<Record<string, unknown>>(
        `UPDATE usage.day_difference SET
           owner = COALESCE($2, owner, CASE WHEN $4::text IS NOT NULL THEN $6::text END),
           comment = COALESCE($3, comment),
           resolution = CASE WHEN $5 THEN $4 ELSE resolution END,
           state = CASE WHEN $5 THEN CASE WHEN $4::text IS NULL THEN 'OPEN' ELSE 'EXPLAINED' END ELSE state END,
           explained_by = CASE WHEN $5 THEN CASE WHEN $4::text IS NULL THEN NULL ELSE $6 END ELSE explained_by END
         WHERE difference_id = $1 RETURNING owner, comment, resolution, state`,
        [differenceId, owner ?? null, masked(comment), masked(resolution), resolution !== undefined, actor.id],
      );
      tx.audit({
        action: 'usage.explain-difference',
        objectType: 'ReconciliationDifference',
        objectId: differenceId,
        before,
        after,
      });
    });
  }
}
