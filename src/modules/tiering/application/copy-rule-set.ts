import { Injectable } from '@nestjs/common';
import { Transaction } from '../../../platform/database/index.js';
import type { RuleSet } from '../domain/rule-set.js';
import { ruleSetOfVersion } from '../persistence/rule-sets.js';
import { DraftRuleSet, type RuleSetDraft } from './draft-rule-set.js';

/** A new version begins as a copy of one that is there, whatever became of that one. */
@Injectable()
export class CopyRuleSet {
  constructor(
    private readonly transaction: Transaction,
    private readonly drafts: DraftRuleSet,
  ) {}

  /** @throws RuleSetNotFound, InvalidRuleSet, RuleSetVersionTaken, RuleSetNeverInEffect */
  copy(original: string, wanted: Omit<RuleSetDraft, 'program' | 'body'>): Promise<RuleSet> {
    return this.transaction.run(async (tx) => {
      const { program, body } = await ruleSetOfVersion(tx, original);
      return this.drafts.draftWithin(tx, { ...wanted, program, body });
    });
  }
}
