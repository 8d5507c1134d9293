import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/index.js';
import { FindCards, type CardStanding, type PresentedCard } from './application/cards.query.js';
import type { TrialEntitlement } from './domain/potential-customer.js';
import { levelYearOf } from './domain/standing.js';
import { serviceRank, type Tier } from './domain/tier.js';
import { grantsOf } from './persistence/grants.js';
import { trialEntitlementsOf } from './persistence/potential-customers.js';
import { ruleSetInEffect } from './persistence/rule-sets.js';

/** The days `from <= day < until` between two yearly reviews (定级年度), and the levels of the programme, highest first. */
export interface LevelYear {
  readonly from: string;
  readonly until: string;
  readonly scale: readonly string[];
}

export interface TierShare {
  /** Province code; null where BOSS has told none. */
  readonly region: string | null;
  readonly tier: Tier;
  readonly customers: number;
}

/** What other modules may ask about levels. Set-wise SQL joins the published view {@link CURRENT_TIER} instead. */
@Injectable()
export class TieringFacade {
  constructor(
    private readonly database: Database,
    private readonly cards: FindCards,
  ) {}

  /** The level that the customer holds now; ORDINARY when never rated, and for an unknown id. */
  async tierOf(customerId: string): Promise<Tier> {
    return (await this.tiersOf([customerId])).get(customerId) ?? 'ORDINARY';
  }

  /** The levels held now, by customer id; every id asked for is answered. */
  async tiersOf(customerIds: readonly string[]): Promise<ReadonlyMap<string, Tier>> {
    const rows = await this.database.query<{ customer_id: string; tier: Tier }>(
      `SELECT customer_id, tier FROM tiering.current_tier WHERE customer_id = ANY($1::uuid[])`,
      [customerIds],
    );
    const held = new Map(rows.map(({ customer_id, tier }) => [customer_id, tier]));
    return new Map(customerIds.map((id) => [id, held.get(id) ?? 'ORDINARY']));
  }

  /**
   * What goes by itself with the level that a customer holds in a programme on a day, by code: of `CREDIT` STOP_DELAY (days) and
   * DEPOSIT_WAIVER_PERCENT, of `STAR` OVERDRAFT (fen) and STOP_DELAY. Whoever was never rated has what goes with the lowest level.
   * @throws NoRuleSetInEffect
   */
  grantsOf(
    customerId: string,
    { program, on }: { readonly program: string; readonly on: string },
  ): Promise<ReadonlyMap<string, number>> {
    return grantsOf(this.database, { customerId, program, asOf: on });
  }

  /** The level year of a programme that a business day, 'YYYY-MM-DD', is in. @throws NoRuleSetInEffect */
  async levelYearOf(program: string, day: string, tx?: Tx): Promise<LevelYear> {
    const { body, scale } = await ruleSetInEffect(tx ?? this.database, { program, asOf: day, region: undefined });
    return { ...levelYearOf(body.review, day), scale };
  }

  /** In-network customers per region and level, ordinary ones included. */
  async distribution(): Promise<readonly TierShare[]> {
    return this.database.query<TierShare & Record<string, unknown>>(
      `SELECT p.region, COALESCE(t.tier, 'ORDINARY') AS tier, count(*) AS customers
       FROM customers.profile p LEFT JOIN tiering.current_tier t USING (customer_id)
       WHERE p.archive = 'in-network'
       GROUP BY p.region, COALESCE(t.tier, 'ORDINARY') ORDER BY p.region, customers DESC`,
    );
  }

  /**
   * Whose card somebody shows, and whether points can be redeemed with it; `undefined` when nobody has such a card.
   * @throws InvalidCardNumber, UnreadableTrack
   */
  async cardStanding(card: PresentedCard): Promise<CardStanding | undefined> {
    const found = await this.cards.presented(card);
    return found && this.cards.standingOf(found);
  }

  /**
   * The card that a customer redeems with, in the caller's transaction: until it has ended, nobody can report the card lost.
   * @throws InvalidCardNumber, CardOfSomebodyElse, CardCannotRedeem
   */
  async redeemingCard(
    tx: Tx,
    card: { readonly customerId: string; readonly cardNumber: string },
  ): Promise<{ readonly cardId: string }> {
    const { cardId } = await this.cards.redeeming(tx, card);
    return { cardId };
  }

  /**
   * Whose card somebody pays with, in the caller's transaction: until it has ended, nobody can report the card lost. `undefined` when
   * nobody has such a card.
   * @throws InvalidCardNumber, UnreadableTrack, CardCannotRedeem
   */
  async payingCard(
    tx: Tx,
    card: PresentedCard,
  ): Promise<{ readonly cardId: string; readonly customerId: string } | undefined> {
    const found = await this.cards.paying(tx, card);
    return found && { cardId: found.cardId, customerId: found.customerId };
  }

  /** What the customer may do on trial (体验权益) on a business day, 'YYYY-MM-DD'; nothing for an unknown id. */
  trialEntitlementsOf(customerId: string, day: string): Promise<readonly TrialEntitlement[]> {
    return trialEntitlementsOf(this.database, { customerId, day });
  }

  /** 5 for DIAMOND down to 0 for ORDINARY. */
  serviceRank(tier: Tier): number {
    return serviceRank(tier);
  }
}

/** Published view: customer_id, program (together unique), tier, valid_from, valid_until, decision_id: {@link CURRENT_TIER} of every programme. */
export const CURRENT_LEVEL = 'tiering.current_level';

/** Published view: customer_id, tier, valid_from, valid_until, decision_id. A customer without a row is ORDINARY. */
export const CURRENT_TIER = 'tiering.current_tier';

/**
 * `customer_id, program, decision_id, would_be, begun_on, ends_on`: whose level will be lowered (降级缓冲) on the last of these days, by the
 * decision that has announced it. Whoever recovers before is gone from it.
 */
export const CURRENT_GRACE = 'tiering.current_grace';

/**
 * Published view: `customer_id, decision_id (together unique), program, tier, valid_from, valid_until`: who held which level of a programme on
 * the days `valid_from <= day < valid_until`. On days without a row it was the lowest of the scale.
 */
export const LEVEL_PERIOD = 'tiering.level_period';

/** Published view: `customer_id, decision_id (together unique), run_id`: which run decided. */
export const DECISION_RUN = 'tiering.decision_run';

/** Published view: customer_id (unique), since. Who is a points member (积分卡客户) now, of whatever level. */
export const CURRENT_POINTS_MEMBER = 'tiering.current_points_member';

/**
 * Published view: customer_id, candidate_id, code (together unique), label, unit, value, valid_from, valid_until: what potential customers
 * have on trial (体验权益), on the days `valid_from <= day < valid_until`.
 */
export const CURRENT_TRIAL_ENTITLEMENT = 'tiering.current_trial_entitlement';
