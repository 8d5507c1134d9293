import { Injectable } from '@nestjs/common';
import { Transaction } from '../../../platform/database/index.js';
import { RuleSetVersionTaken } from '../domain/refusals.js';
import { UnknownProgram } from '../domain/refusals-of-rule-sets.js';
import { requireTakable, type RuleSetDocument } from '../domain/rule-set-document.js';
import type { RuleSet } from '../domain/rule-set.js';
import { programOf } from '../persistence/programs.js';
import { findRuleSet } from '../persistence/rule-sets.js';
import { DraftRuleSet } from './draft-rule-set.js';

/**
 * Takes in what another installation has exported, as a draft of whoever takes it in: approval does not travel. The same document again
 * changes nothing.
 */
@Injectable()
export class ImportRuleSet {
  constructor(
    private readonly transaction: Transaction,
    private readonly drafts: DraftRuleSet,
  ) {}

  /** @throws UnknownProgram, RuleSetDocumentRefused, InvalidRuleSet, RuleSetVersionTaken, RuleSetNeverInEffect */
  take(document: RuleSetDocument, author: string): Promise<RuleSet> {
    return this.transaction.run(async (tx) => {
      const program = await programOf(tx, document.program);
      if (!program) throw new UnknownProgram(document.program);
      requireTakable(document, program);
      try {
        return await this.drafts.draftWithin(tx, { ...document, author });
      } catch (error) {
        const existing = error instanceof RuleSetVersionTaken && (await findRuleSet(tx, document.version));
        if (existing && existing.program === document.program && existing.checksum === document.checksum)
          return existing;
        throw error;
      }
    });
  }
}
