import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/index.js';
import type { EarnRuleSet } from '../../domain/earning/earn-rule-set.js';
import { allRuleSets } from '../../persistence/earning/earn-rule-sets.js';

@Injectable()
export class FindEarnRuleSets {
  constructor(private readonly database: Database) {}

  /** All of them, the latest first. */
  execute(): Promise<readonly EarnRuleSet[]> {
    return allRuleSets(this.database);
  }
}
