import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { isId, newId, Transaction, type Tx } from '../../../../platform/database/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { canonicalJson } from '../../../../platform/privacy/index.js';
import { type EarnRuleDraft, requireBegin, requireEarnRules } from '../../domain/earning/earn-rule-draft.js';
import { DraftIsApproved, EarnRuleDraftNotFound, NotYourDraft } from '../../domain/earning/refusals-of-earn-rules.js';
import { draftOf, insertDraft, storeDraft } from '../../persistence/earning/earn-rule-drafts.js';

export interface WrittenRules {
  readonly effectiveFrom: string;
  readonly rules: object;
}

/** Writes earn rules that decide nothing before somebody else has approved them (PTS-02). Drafts may overlap. */
@Injectable()
export class DraftEarnRules {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws EarnRulesRefused, EarnRulesBeginWrongly */
  create(written: WrittenRules, actor: Actor): Promise<EarnRuleDraft> {
    const now = this.clock.now();
    this.requireSound(written);
    const draft = {
      ...written,
      draftId: newId(),
      checksum: checksumOf(written),
      author: actor.id,
      createdAt: now,
      changedAt: now,
      version: undefined,
    };
    return this.transaction.run(async (tx) => {
      await insertDraft(tx, draft);
      tx.audit({ action: 'points.draft-earn-rules', ...aboutDraft(draft.draftId), after: written });
      return draft;
    });
  }

  /** @throws EarnRuleDraftNotFound, NotYourDraft, DraftIsApproved, EarnRulesRefused, EarnRulesBeginWrongly */
  change(draftId: string, changes: Partial<WrittenRules>, actor: Actor): Promise<EarnRuleDraft> {
    return this.transaction.run(async (tx) => {
      const draft = await ownDraft(tx, draftId, actor);
      const written = {
        effectiveFrom: changes.effectiveFrom ?? draft.effectiveFrom,
        rules: changes.rules ?? draft.rules,
      };
      this.requireSound(written);
      const changed = { ...draft, ...written, checksum: checksumOf(written), changedAt: this.clock.now() };
      await storeDraft(tx, changed);
      tx.audit({
        action: 'points.change-earn-rules',
        ...aboutDraft(draftId),
        before: { effectiveFrom: draft.effectiveFrom, rules: draft.rules },
        after: written,
      });
      return changed;
    });
  }

  private requireSound({ effectiveFrom, rules }: WrittenRules): void {
    requireEarnRules(rules);
    requireBegin(effectiveFrom, businessDate(this.clock.now()));
  }
}

/** Locked, so that it stays as it is until the end. @throws EarnRuleDraftNotFound, NotYourDraft, DraftIsApproved */
export async function ownDraft(tx: Tx, draftId: string, actor: Actor): Promise<EarnRuleDraft> {
  const draft = await lockDraft(tx, draftId);
  if (draft.author !== actor.id) throw new NotYourDraft();
  return draft;
}

/** @throws EarnRuleDraftNotFound, DraftIsApproved */
export async function lockDraft(tx: Tx, draftId: string): Promise<EarnRuleDraft> {
  const draft = isId(draftId) ? await draftOf(tx, draftId, 'FOR UPDATE') : undefined;
  if (!draft) throw new EarnRuleDraftNotFound();
  if (draft.version !== undefined) throw new DraftIsApproved();
  return draft;
}

export const checksumOf = (written: object): string =>
  createHash('sha256').update(canonicalJson(written)).digest('hex');

const aboutDraft = (draftId: string) => ({ objectType: 'EarnRuleDraft', objectId: draftId });
