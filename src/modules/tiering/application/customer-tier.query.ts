import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Database } from '../../../platform/database/index.js';
import type { CustomerFacts } from '../../../platform/rules/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import { decide, tellOf, type DecidedFrom, type Decision } from '../domain/decide.js';
import { explain, type Explanation } from '../domain/explain.js';
import type { Standing } from '../domain/movement.js';
import { atCurrentPace } from '../domain/projection.js';
import { ratedKind } from '../domain/program.js';
import type { RuleSet, RuleSetBody } from '../domain/rule-set.js';
import { dayBefore, nextReviewAfter, progressOf, type Progress } from '../domain/standing.js';
import { readFacts } from '../persistence/customer-facts.js';
import { PROGRAM, ruleSetInEffect, ruleSetOfVersion } from '../persistence/rule-sets.js';
import { standingOf } from '../persistence/standings.js';

export interface CustomerTier {
  readonly customerId: string;
  readonly tier: string;
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
  /** An announced downgrade (降级缓冲) and the day on which it comes. */
  readonly grace: { readonly wouldBe: string; readonly lowersOn: string } | undefined;
  /** An approved exception (特批) that holds today. */
  readonly exception: Standing['override'];
  readonly progress: readonly Progress[];
  /** What the next review decides if the customer goes on at the pace of the last three months. */
  readonly projection: Pick<Decision, 'tier' | 'outcome' | 'earned'>;
}

export interface StoredDecision extends Pick<Decision, 'outcome' | 'inputs' | 'reasons'> {
  readonly decisionId: string;
  readonly ruleSetVersion: string;
  /** Of that version. */
  readonly rules: RuleSetBody;
  readonly asOf: string;
  readonly decidedAt: Date;
}

export interface KeptLevel {
  readonly wouldBe: string;
  /** The day of the review that may lower it. */
  readonly until: string;
  /** The intake that changed the figures; undefined when it was another change of facts. */
  readonly intakeId: string | undefined;
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
  async tierOf(customerId: string, program = PROGRAM): Promise<CustomerTier> {
    const today = businessDate(this.clock.now());
    const { region, kind } = await this.profileOf(customerId);
    const ruleSet = await ruleSetInEffect(this.database, { program, asOf: today, region });
    requireRated(ruleSet, kind);
    const { body, scale } = ruleSet;
    const nextReviewOn = nextReviewAfter(body.review, today);
    const facts = await this.facts(customerId, ruleSet, nextReviewOn);
    const held = await this.held(customerId, ruleSet);
    const standing = await standingOf(this.database, {
      customerId,
      program,
      review: body.review,
      asOf: nextReviewOn,
      held: held?.tier,
    });
    const tier = held?.tier ?? scale[scale.length - 1] ?? '';
    const projected = decide(
      ruleSet,
      atCurrentPace(await this.withRecentMonths(facts, { customerId, ruleSet, today }), { today, until: nextReviewOn }),
      standing,
      nextReviewOn,
    );
    return {
      customerId,
      tier,
      validFrom: held?.validFrom,
      validUntil: dayBefore(nextReviewOn),
      ruleSet,
      decision: held?.decision,
      nextReviewOn,
      kept: await this.keptLevel(customerId, { program, today }),
      grace: await this.grace(customerId, program),
      exception: (
        await standingOf(this.database, { customerId, program, review: body.review, asOf: today, held: tier })
      ).override,
      progress: progressOf(ruleSet, decide(ruleSet, facts, standing, nextReviewOn), { tier, region }),
      projection: { tier: projected.tier, outcome: projected.outcome, earned: projected.earned },
    };
  }

  /**
   * What a review as of that day decides by the facts of today, computed anew; on the day of a review, just what it decided.
   * @throws CustomerNotFound, NoRuleSetInEffect
   */
  async explain(
    customerId: string,
    asOf: string,
    program = PROGRAM,
  ): Promise<Explanation & { readonly ruleSet: RuleSet }> {
    const { region, kind } = await this.profileOf(customerId);
    const ruleSet = await ruleSetInEffect(this.database, { program, asOf, region });
    requireRated(ruleSet, kind);
    const facts = await this.facts(customerId, ruleSet, asOf);
    const held = await this.heldBefore(customerId, { program, day: asOf });
    const { review } = ruleSet.body;
    const standing = await standingOf(this.database, { customerId, program, review, asOf, held });
    return { ...explain(ruleSet, facts, standing, asOf), ruleSet };
  }

  /** @throws CustomerNotFound */
  private async profileOf(customerId: string): Promise<{ region: string | null; kind: 'individual' | 'group' }> {
    const [row] = await this.database.query<{ region: string | null; kind: 'individual' | 'group' }>(
      'SELECT region, kind FROM customers.profile WHERE customer_id = $1',
      [customerId],
    );
    if (!row) throw new CustomerNotFound();
    return row;
  }

  /** @throws CustomerNotFound */
  private async facts(customerId: string, { body }: RuleSet, asOf: string): Promise<CustomerFacts> {
    const facts = await readFacts(this.database, { customerId, body, asOf });
    if (!facts) throw new CustomerNotFound();
    return facts;
  }

  /** The months of the windows of today beside those of the next review: its own may not have begun. */
  private async withRecentMonths(
    facts: CustomerFacts,
    { customerId, ruleSet, today }: { customerId: string; ruleSet: RuleSet; today: string },
  ): Promise<CustomerFacts> {
    const { months } = await this.facts(customerId, ruleSet, today);
    const known = new Set(facts.months.map(({ month }) => month));
    return { ...facts, months: [...facts.months, ...months.filter(({ month }) => !known.has(month))] };
  }

  private async held(
    customerId: string,
    current: RuleSet,
  ): Promise<{ tier: string; validFrom: string; decision: StoredDecision | undefined } | undefined> {
    const [row] = await this.database.query<
      Omit<StoredDecision, 'decisionId' | 'rules' | 'inputs' | 'reasons'> &
        DecidedFrom & { decisionId: string | null; tier: string; validFrom: string }
    >(
      `SELECT t.tier, t.valid_from AS "validFrom", d.decision_id AS "decisionId", d.rule_set_version AS "ruleSetVersion",
         d.as_of AS "asOf", d.outcome, d.facts, d.standing, d.told, d.decided_at AS "decidedAt"
       FROM tiering.current_level t
       LEFT JOIN tiering.tier_decision d ON d.customer_id = t.customer_id AND d.decision_id = t.decision_id
       WHERE t.customer_id = $1 AND t.program = $2`,
      [customerId, current.program],
    );
    if (!row) return undefined;
    const { tier, validFrom, decisionId, outcome, ruleSetVersion, asOf, decidedAt } = row;
    if (decisionId === null) return { tier, validFrom, decision: undefined };
    const ruleSet =
      ruleSetVersion === current.version ? current : await ruleSetOfVersion(this.database, ruleSetVersion);
    const decision = { decisionId, outcome, ruleSetVersion, asOf, decidedAt, rules: ruleSet.body };
    return { tier, validFrom, decision: { ...decision, ...tellOf(ruleSet, row, asOf) } };
  }

  private async keptLevel(
    customerId: string,
    { program, today }: { readonly program: string; readonly today: string },
  ): Promise<KeptLevel | undefined> {
    const [row] = await this.database.query<KeptLevel & Record<string, unknown>>(
      `SELECT k.would_be AS "wouldBe", k.kept_until AS until, k.cause ->> 'intakeId' AS "intakeId", k.decided_at AS "decidedAt"
       FROM tiering.current_level t CROSS JOIN LATERAL (
         SELECT * FROM tiering.tier_decision d
         WHERE d.customer_id = t.customer_id AND d.refers_to = t.decision_id AND d.outcome IN ('kept', 'restored')
         ORDER BY d.decided_at DESC LIMIT 1
       ) k
       WHERE t.customer_id = $1 AND t.program = $3 AND k.outcome = 'kept' AND k.kept_until > $2`,
      [customerId, today, program],
    );
    return row;
  }

  private async grace(customerId: string, program: string): Promise<CustomerTier['grace']> {
    const [row] = await this.database.query<{ wouldBe: string; lowersOn: string }>(
      `SELECT would_be AS "wouldBe", ends_on AS "lowersOn" FROM tiering.tier_grace WHERE customer_id = $1 AND program = $2`,
      [customerId, program],
    );
    return row;
  }

  /** The level held on the eve of a day. */
  private async heldBefore(
    customerId: string,
    { program, day }: { readonly program: string; readonly day: string },
  ): Promise<string | undefined> {
    const [row] = await this.database.query<{ tier: string }>(
      `SELECT tier FROM tiering.tier_assignment
       WHERE customer_id = $1 AND program = $3 AND valid_from < $2 AND $2 <= valid_until`,
      [customerId, day, program],
    );
    return row?.tier;
  }
}

/** A group has no card level and a person no class of a group: there is nobody of the name in that programme. @throws CustomerNotFound */
function requireRated({ kind }: RuleSet, ofCustomer: 'individual' | 'group'): void {
  if ((ratedKind(kind) ?? ofCustomer) !== ofCustomer) throw new CustomerNotFound();
}
