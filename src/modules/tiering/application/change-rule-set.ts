import { Injectable } from '@nestjs/common';
import { Transaction } from '../../../platform/database/index.js';
import { changeable } from '../domain/life-of-a-rule-set.js';
import { RuleSetNeverInEffect } from '../domain/refusals.js';
import { RuleSetChanged, RuleSetNotInStatus } from '../domain/refusals-of-rule-sets.js';
import { checksumOf } from '../domain/rule-set-checksum.js';
import type { RuleSet } from '../domain/rule-set.js';
import { lockRuleSet, ruleSetOfVersion, storeChange } from '../persistence/rule-sets.js';
import { checkedBody } from './checked-body.js';

export interface RuleSetChange {
  /** Of the rules that were read. */
  readonly checksum: string;
  readonly effectiveFrom?: string | undefined;
  readonly effectiveUntil?: string | undefined;
  /** Instead of the rules that are there; checked here. */
  readonly body?: unknown;
}

/** Changes a draft. Other rules than those of the preview are a draft again. */
@Injectable()
export class ChangeRuleSet {
  constructor(private readonly transaction: Transaction) {}

  /** @throws RuleSetNotFound, RuleSetNotInStatus, RuleSetChanged, InvalidRuleSet, RuleSetNeverInEffect */
  change(version: string, wanted: RuleSetChange, by: string): Promise<RuleSet> {
    return this.transaction.run(async (tx) => {
      const { ruleSet: before } = await lockRuleSet(tx, version);
      if (!changeable.includes(before.status)) throw new RuleSetNotInStatus(before.status, changeable);
      if (wanted.checksum !== before.checksum) throw new RuleSetChanged(before.checksum);
      const body = wanted.body === undefined ? before.body : checkedBody(wanted.body, before);
      const checksum = checksumOf(body);
      const { effectiveFrom = before.effectiveFrom, effectiveUntil = before.effectiveUntil } = wanted;
      if (effectiveFrom >= effectiveUntil) throw new RuleSetNeverInEffect();
      const status = checksum === before.checksum ? before.status : 'draft';
      await storeChange(tx, { version, status, effectiveFrom, effectiveUntil, body, checksum }, by);
      tx.audit({
        action: 'tiering.change-rule-set',
        objectType: 'RuleSet',
        objectId: version,
        before: { effectiveFrom: before.effectiveFrom, effectiveUntil: before.effectiveUntil, body: before.body },
        after: { effectiveFrom, effectiveUntil, body },
      });
      return ruleSetOfVersion(tx, version);
    });
  }
}
