import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { RuleSetNeverInEffect, RuleSetVersionTaken } from '../domain/refusals.js';
import { checksumOf } from '../domain/rule-set-checksum.js';
import type { RuleSet } from '../domain/rule-set.js';
import { ruleSetBodyFrom } from '../domain/validate-rule-set.js';
import { PROGRAM, ruleSetOfVersion } from '../persistence/rule-sets.js';

export interface RuleSetDraft {
  readonly version: string;
  readonly effectiveFrom: string;
  readonly effectiveUntil?: string | undefined;
  /** Checked here. */
  readonly body: unknown;
  readonly author: string;
}

/** Keeps a new version of the level rules as a draft (TIER-01). It decides nothing until it is approved. */
@Injectable()
export class DraftRuleSet {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws InvalidRuleSet, RuleSetVersionTaken, RuleSetNeverInEffect */
  async draft({
    version,
    effectiveFrom,
    effectiveUntil = '9999-12-31',
    body: json,
    author,
  }: RuleSetDraft): Promise<RuleSet> {
    const body = ruleSetBodyFrom(json);
    if (effectiveFrom >= effectiveUntil) throw new RuleSetNeverInEffect();
    return this.transaction.run(async (tx) => {
      const kept = await tx.execute(
        `INSERT INTO tiering.rule_set
           (program, version, status, effective_from, effective_until, body, checksum, author, created_at)
         VALUES ($1, $2, 'draft', $3, $4, $5, $6, $7, $8) ON CONFLICT (program, version) DO NOTHING`,
        [
          PROGRAM,
          version,
          effectiveFrom,
          effectiveUntil,
          JSON.stringify(body),
          checksumOf(body),
          author,
          this.clock.now(),
        ],
      );
      if (kept === 0) throw new RuleSetVersionTaken(version);
      tx.audit({
        action: 'tiering.draft-rule-set',
        objectType: 'RuleSet',
        objectId: version,
        after: { effectiveFrom, effectiveUntil, body },
      });
      return ruleSetOfVersion(tx, version);
    });
  }
}
