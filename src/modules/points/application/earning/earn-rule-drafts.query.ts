import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../../platform/database/index.js';
import { type ListRequest, type Page, readPage } from '../../../../platform/http/index.js';
import type { EarnRuleDraft } from '../../domain/earning/earn-rule-draft.js';
import { EarnRuleDraftNotFound } from '../../domain/earning/refusals-of-earn-rules.js';
import { DRAFT_COLUMNS, draftOf, type DraftRow, earnRuleDraftOf } from '../../persistence/earning/earn-rule-drafts.js';

@Injectable()
export class FindEarnRuleDrafts {
  constructor(private readonly database: Database) {}

  list<V extends object>(list: ListRequest, view: (draft: EarnRuleDraft) => V): Promise<Page<V>> {
    return readPage<DraftRow, V>(
      this.database,
      list,
      { select: DRAFT_COLUMNS, from: 'points.earn_rule_draft d' },
      (row) => view(earnRuleDraftOf(row)),
    );
  }

  /** @throws EarnRuleDraftNotFound */
  async one(draftId: string): Promise<EarnRuleDraft> {
    const draft = isId(draftId) ? await draftOf(this.database, draftId) : undefined;
    if (!draft) throw new EarnRuleDraftNotFound();
    return draft;
  }
}
