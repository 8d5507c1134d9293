import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { isId, Transaction, type Tx } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { OwnRequest, PeopleDecide } from '../../organization/index.js';
import { requireApprovable, type Preview } from '../domain/life-of-a-rule-set.js';
import type { RuleSet } from '../domain/rule-set.js';
import { lockRuleSet, ruleSetOfVersion, storeApproval } from '../persistence/rule-sets.js';

export interface Approving {
  /** Of the rules that the approver has read. */
  readonly checksum: string;
  /** The preview that he has seen. */
  readonly previewRunId: string;
}

/** A second person approves a rule set (复核), bound to its rules and to what a preview of them has shown (TIER-01). */
@Injectable()
export class ApproveRuleSet {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws RuleSetNotFound, PeopleDecide, OwnRequest, RuleSetNotInStatus, RuleSetChanged, PreviewRefused */
  approve(version: string, { checksum, previewRunId }: Approving, actor: Actor): Promise<RuleSet> {
    return this.transaction.run(async (tx) => {
      const { ruleSet, coAuthors } = await lockRuleSet(tx, version);
      if (actor.kind !== 'staff') throw new PeopleDecide();
      if (actor.id === ruleSet.author || coAuthors.includes(actor.id)) throw new OwnRequest();
      const preview = await previewOf(tx, previewRunId);
      const now = this.clock.now();
      requireApprovable({ ruleSet, checksum, preview, now });
      await storeApproval(tx, { version, approver: actor.id, previewRunId, approvedAt: now });
      tx.audit({
        action: 'tiering.approve-rule-set',
        objectType: 'RuleSet',
        objectId: version,
        before: { status: ruleSet.status },
        after: { status: 'approved', checksum, previewRunId },
      });
      return ruleSetOfVersion(tx, version);
    });
  }
}

async function previewOf(tx: Tx, runId: string): Promise<Preview | undefined> {
  if (!isId(runId)) return undefined;
  const [row] = await tx.query<Omit<Preview, 'finishedAt'> & { readonly finishedAt: Date | null }>(
    `SELECT kind, status, rule_version AS "ruleVersion", summary->'ruleSetChecksum' AS "ruleSetChecksum", finished_at AS "finishedAt"
     FROM platform.run WHERE run_id = $1`,
    [runId],
  );
  return row && { ...row, finishedAt: row.finishedAt ?? undefined };
}
