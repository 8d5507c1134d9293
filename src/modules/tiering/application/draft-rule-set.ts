import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction, type Tx } from '../../../platform/database/index.js';
import { RuleSetNeverInEffect, RuleSetVersionTaken } from '../domain/refusals.js';
import { UnknownProgram } from '../domain/refusals-of-rule-sets.js';
import { checksumOf } from '../domain/rule-set-checksum.js';
import type { RuleSet } from '../domain/rule-set.js';
import { programOf } from '../persistence/programs.js';
import { insertDraft, PROGRAM, ruleSetOfVersion } from '../persistence/rule-sets.js';
import { checkedBody } from './checked-body.js';

export interface RuleSetDraft {
  /** Default: the card levels. */
  readonly program?: string | undefined;
  readonly version: string;
  readonly effectiveFrom: string;
  readonly effectiveUntil?: string | undefined;
  /** Checked here. */
  readonly body: unknown;
  readonly author: string;
}

/** Keeps a new version of the rules of a programme as a draft (TIER-01). It decides nothing until it is approved and activated. */
@Injectable()
export class DraftRuleSet {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws UnknownProgram, InvalidRuleSet, RuleSetVersionTaken, RuleSetNeverInEffect */
  draft(draft: RuleSetDraft): Promise<RuleSet> {
    return this.transaction.run((tx) => this.draftWithin(tx, draft));
  }

  /** @throws as draft */
  async draftWithin(
    tx: Tx,
    {
      program: name = PROGRAM,
      version,
      effectiveFrom,
      effectiveUntil = '9999-12-31',
      body: json,
      author,
    }: RuleSetDraft,
  ): Promise<RuleSet> {
    const program = await programOf(tx, name);
    if (!program) throw new UnknownProgram(name);
    const body = checkedBody(json, program);
    if (effectiveFrom >= effectiveUntil) throw new RuleSetNeverInEffect();
    const draft = { program: name, version, effectiveFrom, effectiveUntil, body, checksum: checksumOf(body), author };
    if (!(await insertDraft(tx, draft, this.clock.now()))) throw new RuleSetVersionTaken(version);
    tx.audit({
      action: 'tiering.draft-rule-set',
      objectType: 'RuleSet',
      objectId: version,
      after: { program: name, effectiveFrom, effectiveUntil, body },
    });
    return ruleSetOfVersion(tx, version);
  }
}
