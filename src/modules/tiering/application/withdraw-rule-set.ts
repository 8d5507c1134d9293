import { Injectable } from '@nestjs/common';
import { Transaction } from '../../../platform/database/index.js';
import { RuleSetNotInStatus } from '../domain/refusals-of-rule-sets.js';
import type { RuleSet, RuleSetStatus } from '../domain/rule-set.js';
import { lockRuleSet, ruleSetOfVersion, storeStatus } from '../persistence/rule-sets.js';

const withdrawable: readonly RuleSetStatus[] = ['draft', 'simulated', 'approved'];

/** Takes back a rule set that has never decided: it is kept, and its version stays taken. */
@Injectable()
export class WithdrawRuleSet {
  constructor(private readonly transaction: Transaction) {}

  /** @throws RuleSetNotFound, RuleSetNotInStatus */
  withdraw(version: string): Promise<RuleSet> {
    return this.transaction.run(async (tx) => {
      const { ruleSet } = await lockRuleSet(tx, version);
      if (!withdrawable.includes(ruleSet.status)) throw new RuleSetNotInStatus(ruleSet.status, withdrawable);
      await storeStatus(tx, version, 'retired');
      tx.audit({
        action: 'tiering.withdraw-rule-set',
        objectType: 'RuleSet',
        objectId: version,
        before: { status: ruleSet.status },
        after: { status: 'retired' },
      });
      return ruleSetOfVersion(tx, version);
    });
  }
}
