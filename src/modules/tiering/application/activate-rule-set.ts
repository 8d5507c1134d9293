import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { activation } from '../domain/life-of-a-rule-set.js';
import { requireProvinces } from '../domain/program.js';
import type { RuleSet } from '../domain/rule-set.js';
import { periodsOf, retireWhatHasEnded, storeTurn } from '../persistence/rule-set-periods.js';
import { lockRuleSet, ruleSetOfVersion, storeStatus } from '../persistence/rule-sets.js';

export interface Activating {
  /** Default: today, or the first day the rule set is meant for. */
  readonly effectiveFrom?: string | undefined;
  /** Provinces of a trial (灰度); without them everywhere. */
  readonly regions?: readonly string[] | undefined;
}

/** Lets an approved rule set decide, from a day on: on trial in some provinces, or everywhere. The same again changes nothing. */
@Injectable()
export class ActivateRuleSet {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /**
   * Of two who do it at once, one finds the days taken.
   * @throws InvalidCode, RuleSetNotFound, RuleSetNotInStatus, RuleSetFromThePast, RuleSetOutsideItsDays, RuleSetsOverlap, DaysWithoutRuleSet, NoRuleSetInEffect
   */
  async activate(version: string, wanted: Activating, actor: Actor): Promise<RuleSet> {
    requireProvinces(wanted.regions ?? []);
    return this.transaction.run(async (tx) => {
      const { ruleSet } = await lockRuleSet(tx, version);
      const { program } = ruleSet;
      const at = this.clock.now();
      const today = businessDate(at);
      const turn = activation({ ruleSet, periods: await periodsOf(tx, { program }), ...wanted, today });
      if (!turn) return ruleSet;
      await storeTurn(tx, turn, { program, actorId: actor.id, at });
      await storeStatus(tx, version, 'active');
      await retireWhatHasEnded(tx, program, today);
      tx.audit({
        action: 'tiering.activate-rule-set',
        objectType: 'RuleSet',
        objectId: version,
        before: { status: ruleSet.status },
        after: { status: 'active', ...turn.begins },
      });
      return ruleSetOfVersion(tx, version);
    });
  }
}
