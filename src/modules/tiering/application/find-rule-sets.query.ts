import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import { RuleSetNotFound } from '../domain/refusals.js';
import type { RuleSet } from '../domain/rule-set.js';
import { RULE_SETS, ruleSetOf, ruleSetOfVersion, type RuleSetRow } from '../persistence/rule-sets.js';

/** The versions of the level rules, drafts and retired ones too. */
@Injectable()
export class FindRuleSets {
  constructor(private readonly database: Database) {}

  list<View extends object>(list: ListRequest, view: (ruleSet: RuleSet) => View): Promise<Page<View>> {
    return readPage<RuleSetRow, View>(this.database, list, RULE_SETS, (row) => view(ruleSetOf(row)));
  }

  /** @throws RuleSetNotFound whatever the shape of the version */
  async ofVersion(version: string): Promise<RuleSet> {
    if (version.includes('\0')) throw new RuleSetNotFound(); // PostgreSQL would fail on it.
    return ruleSetOfVersion(this.database, version);
  }
}
