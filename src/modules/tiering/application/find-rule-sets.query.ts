import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Database } from '../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import type { Language } from '../../../platform/rules/index.js';
import { differenceOf, type Difference } from '../domain/difference-of-rule-sets.js';
import { RuleSetNotFound } from '../domain/refusals.js';
import { renderRuleSet, type Section } from '../domain/render-rule-set.js';
import type { RuleSet } from '../domain/rule-set.js';
import { periodsOf, type KeptPeriod } from '../persistence/rule-set-periods.js';
import { RULE_SETS, ruleSetInEffect, ruleSetOf, ruleSetOfVersion, type RuleSetRow } from '../persistence/rule-sets.js';

export type { KeptPeriod as PeriodOfRuleSet } from '../persistence/rule-set-periods.js';

/** The versions of the rules of all programmes, drafts and retired ones too; in words, and compared. */
@Injectable()
export class FindRuleSets {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  list<View extends object>(list: ListRequest, view: (ruleSet: RuleSet) => View): Promise<Page<View>> {
    return readPage<RuleSetRow, View>(this.database, list, RULE_SETS, (row) => view(ruleSetOf(row)));
  }

  /** @throws RuleSetNotFound whatever the shape of the version */
  async ofVersion(version: string): Promise<RuleSet> {
    if (version.includes('\0')) throw new RuleSetNotFound(); // PostgreSQL would fail on it.
    return ruleSetOfVersion(this.database, version);
  }

  /** @throws RuleSetNotFound */
  async inWords(version: string, language: Language): Promise<readonly Section[]> {
    return renderRuleSet(await this.ofVersion(version), language);
  }

  /**
   * @param from default: the version that decides everywhere today.
   * @throws RuleSetNotFound, NoRuleSetInEffect
   */
  async difference(
    version: string,
    from: string | undefined,
  ): Promise<{ readonly from: RuleSet; readonly differences: readonly Difference[] }> {
    const after = await this.ofVersion(version);
    const asOf = businessDate(this.clock.now());
    const before = await (from === undefined
      ? ruleSetInEffect(this.database, { program: after.program, asOf, region: undefined })
      : this.ofVersion(from));
    return { from: before, differences: differenceOf(before.body, after.body) };
  }

  /** @throws RuleSetNotFound */
  async periodsOf(version: string): Promise<readonly KeptPeriod[]> {
    await this.ofVersion(version);
    return periodsOf(this.database, { version });
  }
}
