import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { Transaction, type Tx } from '../../../../platform/database/index.js';
import { WholeOperatorOnly } from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import {
  type Approval,
  Approvals,
  type Approved,
  CarriesOut,
  type CarriesOutApproval,
  defineApproval,
} from '../../../organization/index.js';
import { requireBegin, requireEarnRules } from '../../domain/earning/earn-rule-draft.js';
import { DraftChanged } from '../../domain/earning/refusals-of-earn-rules.js';
import { putInForce } from '../../persistence/earning/earn-rule-drafts.js';
import { lockDraft, ownDraft } from './draft-earn-rules.js';

/** What is approved is what its checksum says. */
interface Proposed {
  readonly draftId: string;
  readonly effectiveFrom: string;
  readonly rules: object;
  readonly checksum: string;
}

const PutEarnRulesInForce = defineApproval<Proposed>('points.earn-rules', {
  title: { en: 'Put earn rules in force', zh: '积分规则生效' },
  ask: 'points.author',
  decide: 'points.approve',
});

@Injectable()
export class ProposeEarnRules {
  constructor(
    private readonly transaction: Transaction,
    private readonly approvals: Approvals,
    private readonly clock: Clock,
  ) {}

  /** @throws EarnRuleDraftNotFound, NotYourDraft, DraftIsApproved, EarnRulesBeginWrongly, RequestWithoutReason */
  execute(draftId: string, reason: string, actor: Actor): Promise<Approval> {
    return this.transaction.run(async (tx) => {
      const { effectiveFrom, rules, checksum } = await ownDraft(tx, draftId, actor);
      requireBegin(effectiveFrom, businessDate(this.clock.now()));
      const payload = { draftId, effectiveFrom, rules, checksum };
      return this.approvals.ask(tx, PutEarnRulesInForce, { subject: draftId, payload, reason }, actor);
    });
  }
}

@CarriesOut(PutEarnRulesInForce)
@Injectable()
export class PutApprovedEarnRulesInForce implements CarriesOutApproval<Proposed> {
  constructor(private readonly clock: Clock) {}

  /** What held when it was asked may have passed, so it is looked at again. */
  async carryOut(tx: Tx, { approvalId, payload, approver }: Approved<Proposed>): Promise<{ version: number }> {
    // Rules are for everybody.
    if (!approver.scope.everybody) throw new WholeOperatorOnly();
    const draft = await lockDraft(tx, payload.draftId);
    if (draft.checksum !== payload.checksum) {
      throw new DraftChanged({ expected: payload.checksum, actual: draft.checksum });
    }
    const at = this.clock.now();
    requireEarnRules(draft.rules);
    requireBegin(draft.effectiveFrom, businessDate(at));
    const version = await putInForce(tx, draft, { approvalId, approvedBy: approver.id, at });
    tx.audit({
      action: 'points.put-earn-rules-in-force',
      objectType: 'EarnRuleSet',
      objectId: String(version),
      after: { effectiveFrom: draft.effectiveFrom, rules: draft.rules, checksum: draft.checksum },
    });
    return { version };
  }
}
