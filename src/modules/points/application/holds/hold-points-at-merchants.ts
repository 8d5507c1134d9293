import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { newId, type Tx } from '../../../../platform/database/index.js';
import { PointsMoved } from '../../domain/ledger/events.js';
import { HoldNotFound } from '../../domain/ledger/refusals.js';
import { NothingCaptured } from '../../domain/holds/refusals-of-holds.js';
import { holdWithId, type Hold } from '../../persistence/holds/holds.js';
import { settledBefore } from '../../persistence/holds/pos-clearing.js';
import { giveBackToBudgets, withinBudget } from '../../persistence/money/budgets.js';
import { SingleOperations, type Asked, type Caller } from '../../persistence/ledger/single-operations.js';
import { spendingRulesOn } from '../../persistence/ledger/spending-rules.js';
import { GivePointsBackUseCase, type GivenBack } from '../ledger/give-points-back.js';

/** What one message of a terminal asks of a customer's points. */
export interface AskedAtMerchant {
  readonly customerId: string;
  readonly holdId: string;
  /** What makes it the same when it comes again. */
  readonly key: string;
  /** Of everything that it says. */
  readonly requestHash: string;
  readonly actorId: string;
  /** Ids of the merchant, the terminal and the card, for the statement. */
  readonly metadata?: object;
}

export interface HeldPoints {
  readonly expiresAt: Date;
  readonly availableAfter: number;
}

/** Holds points for a purchase at a merchant, and ends the hold (预授权、完成、撤销、退货). */
@Injectable()
export class HoldPointsAtMerchants {
  constructor(
    private readonly single: SingleOperations,
    private readonly giving: GivePointsBackUseCase,
    private readonly clock: Clock,
  ) {}

  /** Until `forSeconds` are over, else until the rules of spending say. @throws what `SingleOperations.authorise` throws, and BudgetUsedUp */
  async authorise(
    on: Caller,
    { points, forSeconds, ...asked }: AskedAtMerchant & { readonly points: number; readonly forSeconds?: number },
  ): Promise<HeldPoints> {
    const operation = this.asked(asked);
    const seconds = forSeconds ?? (await spendingRulesOn(on, operation.businessDate)).holdSeconds;
    const expiresAt = new Date(operation.occurredAt.getTime() + seconds * 1000);
    const { entry } = await this.single.authorise(withinBudget(on, 'PAYMENT'), {
      ...operation,
      holdId: asked.holdId,
      purpose: 'POS',
      points,
      expiresAt,
    });
    return { expiresAt, availableAfter: entry.availableAfter };
  }

  /** What is not captured returns to its lots. @throws KeyReused, InvalidPointsAmount, HoldNotFound, HoldEnded, MoreThanHeld */
  async capture(
    on: Caller,
    { points, ...asked }: AskedAtMerchant & { readonly points: number },
  ): Promise<{ readonly availableAfter: number }> {
    const { entry } = await this.single.capture(on, {
      ...this.asked(asked),
      holdId: asked.holdId,
      points,
      into: 'POS_CLEARING',
      event: PointsMoved.name,
    });
    return { availableAfter: entry.availableAfter };
  }

  /** @throws KeyReused, HoldNotFound, HoldEnded */
  async void(on: Caller, asked: AskedAtMerchant): Promise<{ readonly availableAfter: number }> {
    const { entry } = await this.single.release(on, { ...this.asked(asked), holdId: asked.holdId, as: 'VOIDED' });
    return { availableAfter: entry.availableAfter };
  }

  /** A part of what was captured, or all of it. @throws KeyReused, HoldNotFound, NothingCaptured, MoreThanCaptured */
  async giveBack(
    tx: Tx,
    { points, ...asked }: AskedAtMerchant & { readonly points: number | 'all' },
  ): Promise<GivenBack> {
    const { customerId, key, requestHash, actorId } = asked;
    const { holdId } = asked;
    const { state, endedBy, authorisedOn } = await this.holdOf(tx, asked);
    if (state !== 'CAPTURED' || endedBy === null) throw new NothingCaptured({ state });
    const given = await this.giving.execute(tx, {
      customerId,
      journalId: endedBy,
      kind: 'RETURN',
      outOf: 'POS_CLEARING',
      points,
      idemKey: key,
      requestHash,
      channel: 'POS',
      actorId,
    });
    const returned = { useId: holdId, returnId: given.entry.journalId, points: given.points, on: authorisedOn };
    await giveBackToBudgets(tx, returned);
    return given;
  }

  settledBefore(tx: Tx): Promise<Date | undefined> {
    return settledBefore(tx);
  }

  private async holdOf(tx: Tx, { customerId, holdId }: Pick<AskedAtMerchant, 'customerId' | 'holdId'>): Promise<Hold> {
    const hold = await holdWithId(tx, customerId, holdId);
    if (!hold) throw new HoldNotFound();
    return hold;
  }

  private asked({ customerId, key, requestHash, actorId, metadata }: Omit<AskedAtMerchant, 'holdId'>): Asked {
    const now = this.clock.now();
    return {
      customerId,
      journalId: newId(),
      idemKey: key,
      requestHash,
      occurredAt: now,
      recordedAt: now,
      businessDate: businessDate(now),
      channel: 'POS',
      actorId,
      ...(metadata && { metadata }),
    };
  }
}
