import { Injectable } from '@nestjs/common';
import { newId, type Tx } from '../../../platform/database/index.js';
import { Refusal } from '../../../platform/errors/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { statusOn, type Card } from '../domain/card.js';
import { MembershipTransferred } from '../domain/events.js';
import { obstacleTo, type MembershipTransfer } from '../domain/membership-transfer.js';
import { LevelsDoNotFollow, SubscriptionOfNobodyHere } from '../domain/refusals-of-transfers.js';
import { nextReviewAfter } from '../domain/standing.js';
import { serviceRank } from '../domain/tier.js';
import { moveCard, openCardOf } from '../persistence/cards.js';
import { membershipOf } from '../persistence/memberships.js';
import {
  hasSubscription,
  insertTransferredLevel,
  moveTransfer,
  partyOf,
  type TransferredLevel,
} from '../persistence/membership-transfers.js';
import { PROGRAM, ruleSetInEffect } from '../persistence/rule-sets.js';
import { followException } from './follow-exception.js';
import { auditIssue } from './issue-card.js';
import { MakeCard } from './make-card.js';

interface Moment {
  readonly today: string;
  readonly now: Date;
}

/** Both ends of a transfer at once: the level leaves the giver as it comes to the receiver, and so does the card. */
@Injectable()
export class CarryOutTransfer {
  constructor(
    private readonly customers: CustomersFacade,
    private readonly making: MakeCard,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Of a transfer that cools off no more, in a transaction that holds it and both customers. What stands in its way now fails it, and
   * leaves both as they were.
   */
  async execute(tx: Tx, transfer: MembershipTransfer, moment: Moment): Promise<'completed' | 'failed'> {
    const failure = await this.attempt(tx, transfer, moment);
    const status = failure ? 'failed' : 'completed';
    const closed = { ...transfer, status, closedBy: 'cooling-off', closedAt: moment.now } as const;
    await moveTransfer(tx, { ...closed, failure: failure?.code ?? null });
    auditTransfer(tx, transfer, failure ? 'fail' : 'complete', {
      before: { status: transfer.status },
      after: { status, failure: failure?.code },
    });
    return status;
  }

  private async attempt(tx: Tx, transfer: MembershipTransfer, moment: Moment): Promise<Refusal | undefined> {
    await tx.execute('SAVEPOINT transfer');
    try {
      await this.move(tx, transfer, moment);
      await tx.execute('RELEASE SAVEPOINT transfer');
      return undefined;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await tx.execute('ROLLBACK TO SAVEPOINT transfer');
      return error;
    }
  }

  private async move(tx: Tx, transfer: MembershipTransfer, { today, now }: Moment): Promise<void> {
    const { transferId, fromCustomerId, toCustomerId } = transfer;
    const { level: tier, until } = await requireNoObstacle(tx, this.customers, transfer, today);
    if (fromCustomerId !== toCustomerId) {
      const days = { program: PROGRAM, validFrom: today, validUntil: until };
      // What the giver has spent would earn the level again with the next run.
      const given = {
        ...days,
        overrideId: newId(),
        customerId: fromCustomerId,
        tier: 'ORDINARY',
        mode: 'exactly',
      } as const;
      const taken = { ...days, overrideId: newId(), customerId: toCustomerId, tier, mode: 'at-least' } as const;
      for (const level of [given, taken]) await this.follow(tx, level, transfer, { today, now });
      await requireFollowed(tx, given, taken);
    }
    await this.moveCards(tx, { ...transfer, tier }, { today, now });
    const event = { transferId, fromCustomerId, toCustomerId, tier, effectiveOn: today };
    await this.outbox.publish(tx, MembershipTransferred, event, { customerId: fromCustomerId, occurredAt: now });
  }

  private async follow(
    tx: Tx,
    level: TransferredLevel,
    transfer: MembershipTransfer,
    { today, now }: Moment,
  ): Promise<void> {
    await insertTransferredLevel(tx, level, transfer, now);
    const { customerId, program, overrideId: exceptionId } = level;
    await followException(tx, { customerId, program, exceptionId }, { today, now });
  }

  /** The giver's card ends, and another is made for the receiver in the place of the one of a lower level, if there is one. */
  private async moveCards(
    tx: Tx,
    { fromCustomerId, toCustomerId, toSubscriptionId, tier }: MembershipTransfer,
    { today, now }: Moment,
  ): Promise<void> {
    const given = fromCustomerId === toCustomerId ? undefined : await openCardOf(tx, fromCustomerId);
    if (given) await endCard(tx, given, { status: 'ended', endReason: 'transferred', at: now });
    const held = await openCardOf(tx, toCustomerId);
    const isGood = held !== undefined && statusOn(held, today) !== 'expired';
    if (held) await endCard(tx, held, { status: isGood ? 'replaced' : 'expired', at: now });
    const replaced = isGood ? { replacesCardId: held.cardId } : {};
    const order = { customerId: toCustomerId, tier, subscriptionId: toSubscriptionId, ...replaced, at: now };
    auditIssue(tx, await this.making.execute(tx, order));
  }
}

async function endCard(tx: Tx, card: Card, end: Parameters<typeof moveCard>[2]): Promise<void> {
  await moveCard(tx, card, end);
  const { cardId, customerId, status } = card;
  const [before, after] = [{ status }, { status: end.status }];
  tx.audit({ action: 'cards.end', objectType: 'Card', objectId: cardId, customerId, before, after });
}

/**
 * The level that goes over, and the day until which both keep what the transfer gives them: the next review, which decides by figures.
 * @throws the refusals of {@link obstacleTo}, SubscriptionOfNobodyHere, NoRuleSetInEffect
 */
export async function requireNoObstacle(
  tx: Tx,
  customers: CustomersFacade,
  { fromCustomerId, toCustomerId, toSubscriptionId }: TransferEnds,
  today: string,
): Promise<{ readonly level: MembershipTransfer['tier']; readonly until: string }> {
  const { region } = await customers.profileOf(toCustomerId, tx);
  const { body } = await ruleSetInEffect(tx, { program: PROGRAM, asOf: today, region });
  const until = nextReviewAfter(body.review, today);
  const days = { program: PROGRAM, from: today, until };
  const giver = await partyOf(tx, { customerId: fromCustomerId, ...days });
  const receiver =
    fromCustomerId === toCustomerId ? undefined : await partyOf(tx, { customerId: toCustomerId, ...days });
  const obstacle = obstacleTo(giver, receiver);
  if (obstacle) throw obstacle;
  if (toSubscriptionId !== null && !(await hasSubscription(tx, toCustomerId, toSubscriptionId)))
    throw new SubscriptionOfNobodyHere();
  return { level: giver.tier, until };
}

export type TransferEnds = Pick<MembershipTransfer, 'fromCustomerId' | 'toCustomerId' | 'toSubscriptionId'>;

/** @throws LevelsDoNotFollow */
async function requireFollowed(tx: Tx, given: TransferredLevel, taken: TransferredLevel): Promise<void> {
  const left = await membershipOf(tx, given.customerId);
  const held = await membershipOf(tx, taken.customerId);
  if (left.tier !== given.tier || serviceRank(held.tier) < serviceRank(taken.tier)) throw new LevelsDoNotFollow();
}

/** A line for each of the two. */
export function auditTransfer(
  tx: Tx,
  { transferId, fromCustomerId, toCustomerId, approvalId }: MembershipTransfer,
  verb: string,
  change: { readonly before?: object; readonly after: object },
): void {
  for (const customerId of new Set([fromCustomerId, toCustomerId])) {
    tx.audit({
      action: `transfers.${verb}`,
      objectType: 'MembershipTransfer',
      objectId: transferId,
      customerId,
      approvalId,
      ...change,
    });
  }
}
