import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Database } from '../../../platform/database/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import { decide, type Decision } from '../domain/decide.js';
import { explain, type Explanation } from '../domain/explain.js';
import type { RuleSet } from '../domain/rule-set.js';
import { dayBefore, nextReviewAfter, progressOf, type Progress } from '../domain/standing.js';
import type { Tier } from '../domain/tier.js';
import { readFacts } from '../persistence/customer-facts.js';
import { ruleSetInEffect } from '../persistence/rule-sets.js';

export interface CustomerTier {
  readonly customerId: string;
  readonly tier: Tier;
  /** undefined for a customer who was never rated. */
  readonly validFrom: string | undefined;
  /** The last day on which the level is sure: the eve of the next review. */
  readonly validUntil: string;
  readonly ruleSet: RuleSet;
  /** What the level was decided from; undefined for a customer who was never rated. */
  readonly decision: StoredDecision | undefined;
  readonly nextReviewOn: string;
  /** Late figures would have given less: the level is kept all the same. */
  readonly kept: KeptLevel | undefined;
  readonly progress: readonly Progress[];
}

export interface StoredDecision extends Pick<Decision, 'outcome' | 'inputs' | 'reasons'> {
  readonly decisionId: string;
  readonly ruleSetVersion: string;
  readonly asOf: string;
  readonly decidedAt: Date;
}

export interface KeptLevel {
  readonly wouldBe: Tier;
  /** The day of the review that may lower it. */
  readonly until: string;
  /** The intake that changed the figures. */
  readonly intakeId: string;
  readonly decidedAt: Date;
}

/** The level of one customer: why it is held, until when, and what keeps or raises it (级别查询, TIER-16). */
@Injectable()
export class CustomerTierQuery {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerNotFound, NoRuleSetInEffect */
  async tierOf(customerId: string): Promise<CustomerTier> {
    const today = businessDate(this.clock.now());
    const ruleSet = await ruleSetInEffect(this.database, today);
    const { body } = ruleSet;
    const nextReviewOn = nextReviewAfter(body.review, today);
    const facts = await readFacts(this.database, { customerId, body, asOf: nextReviewOn });
    if (!facts) throw new CustomerNotFound();
    const held = await this.held(customerId);
    const tier = held?.tier ?? 'ORDINARY';
    return {
      customerId,
      tier,
      validFrom: held?.validFrom,
      validUntil: dayBefore(nextReviewOn),
      ruleSet,
      decision: held?.decision,
      nextReviewOn,
      kept: await this.keptLevel(customerId, today),
      progress: progressOf(body, decide(body, facts, held?.tier, nextReviewOn), tier),
    };
  }

  /**
   * What a review as of that day decides by the facts of today, computed anew; on the day of a review, just what it decided.
   * @throws CustomerNotFound, NoRuleSetInEffect
   */
  async explain(customerId: string, asOf: string): Promise<Explanation & { readonly ruleSet: RuleSet }> {
    const ruleSet = await ruleSetInEffect(this.database, asOf);
    const facts = await readFacts(this.database, { customerId, body: ruleSet.body, asOf });
    if (!facts) throw new CustomerNotFound();
    const current = await this.heldBefore(customerId, asOf);
    return { ...explain(ruleSet.body, facts, { current, asOf }), ruleSet };
  }

  private async held(
    customerId: string,
  ): Promise<{ tier: Tier; validFrom: string; decision: StoredDecision | undefined } | undefined> {
    const [row] = await this.database.query<
      Omit<StoredDecision, 'decisionId'> & { decisionId: string | null; tier: Tier; validFrom: string }
    >(
      `SELECT t.tier, t.valid_from AS "validFrom", d.decision_id AS "decisionId", d.rule_set_version AS "ruleSetVersion",
         d.as_of AS "asOf", d.outcome, d.inputs, d.reasons, d.decided_at AS "decidedAt"
       FROM tiering.current_tier t
       LEFT JOIN tiering.tier_decision d ON d.customer_id = t.customer_id AND d.decision_id = t.decision_id
       WHERE t.customer_id = $1`,
      [customerId],
    );
    if (!row) return undefined;
    const { tier, validFrom, decisionId, ...decision } = row;
    return { tier, validFrom, decision: decisionId === null ? undefined : { ...decision, decisionId } };
  }

  private async keptLevel(customerId: string, today: string): Promise<KeptLevel | undefined> {
    const [row] = await this.database.query<KeptLevel & Record<string, unknown>>(
      `SELECT k.would_be AS "wouldBe", k.kept_until AS until, k.cause ->> 'intakeId' AS "intakeId", k.decided_at AS "decidedAt"
       FROM tiering.current_tier t CROSS JOIN LATERAL (
         SELECT * FROM tiering.tier_decision d
         WHERE d.customer_id = t.customer_id AND d.refers_to = t.decision_id AND d.outcome IN ('kept', 'restored')
         ORDER BY d.decided_at DESC LIMIT 1
       ) k
       WHERE t.customer_id = $1 AND k.outcome = 'kept' AND k.kept_until > $2`,
      [customerId, today],
    );
    return row;
  }

  /** The level held on the eve of a day. */
  private async heldBefore(customerId: string, day: string): Promise<Tier | undefined> {
    const [row] = await this.database.query<{ tier: Tier }>(
      `SELECT tier FROM tiering.tier_assignment WHERE customer_id = $1 AND valid_from < $2 AND $2 <= valid_until`,
      [customerId, day],
    );
    return row?.tier;
  }
}
