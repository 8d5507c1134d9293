import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { rollBack } from '../domain/life-of-a-rule-set.js';
import type { RuleSet } from '../domain/rule-set.js';
import { meantDaysOf, periodsOf, retireWhatHasEnded, storeTurn } from '../persistence/rule-set-periods.js';
import { lockRuleSet, ruleSetOfVersion, storeStatus } from '../persistence/rule-sets.js';

/**
 * Takes a rule set back (回滚): the version before it decides again from today, or its trial ends. Levels that it has given stay
 * until the next run decides.
 */
@Injectable()
export class RollBackRuleSet {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws RuleSetNotFound, RuleSetDecidesNothing, NoRuleSetBefore, RuleSetOutsideItsDays */
  rollBack(version: string, actor: Actor): Promise<RuleSet> {
    return this.transaction.run(async (tx) => {
      const { ruleSet } = await lockRuleSet(tx, version);
      const { program } = ruleSet;
      const at = this.clock.now();
      const today = businessDate(at);
      const days = await meantDaysOf(tx, program);
      const meant = (each: string) => days.get(each) ?? { from: '', until: '' };
      const turn = rollBack({ version, periods: await periodsOf(tx, { program }), meant, today });
      const again = turn.begins?.version ?? turn.resumes?.version;
      await storeTurn(tx, turn, { program, actorId: actor.id, at });
      await storeStatus(tx, version, 'retired');
      if (again) await storeStatus(tx, again, 'active');
      await retireWhatHasEnded(tx, program, today);
      tx.audit({
        action: 'tiering.roll-back-rule-set',
        objectType: 'RuleSet',
        objectId: version,
        before: { status: ruleSet.status },
        after: { status: 'retired', decidesAgain: again },
      });
      return ruleSetOfVersion(tx, version);
    });
  }
}
