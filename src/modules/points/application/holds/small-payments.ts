import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { Database, isId, newId, Transaction, type Tx } from '../../../../platform/database/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { PointsMoved } from '../../domain/ledger/events.js';
import { valueInFen } from '../../domain/ledger/points-value.js';
import { DailyPaymentsUsedUp, PaymentNotFound } from '../../domain/holds/refusals-of-holds.js';
import { requestHash } from '../../domain/ledger/request-hash.js';
import { pointsToPay, requireReversible } from '../../domain/holds/small-payment.js';
import { giveBackToBudgets, withinBudget } from '../../persistence/money/budgets.js';
import { entryWithId, reversalOf, type SpentEntry } from '../../persistence/holds/holds.js';
import { SingleOperations } from '../../persistence/ledger/single-operations.js';
import { countPayment, paidOn, spendingRulesOn, uncountPayment } from '../../persistence/ledger/spending-rules.js';
import { GivePointsBackUseCase } from '../ledger/give-points-back.js';

export interface PayWithPoints {
  readonly customerId: string;
  readonly amountFen: number;
  /** Where the customer asked: hotline, hall, … */
  readonly channel: string;
  readonly actorId: string;
  /** What the client calls this request; the same again is answered with what was stored. Ours alone when absent. */
  readonly key: string | undefined;
}

export interface SmallPayment {
  readonly paymentId: string;
  readonly customerId: string;
  readonly amountFen: number;
  readonly points: number;
  /** What the points are worth: an odd fen more than the amount. */
  readonly valueInFen: number;
  readonly channel: string | undefined;
  readonly status: 'completed' | 'reversed';
  readonly availableAfter: number;
  readonly paidAt: Date;
  readonly reversedAt?: Date;
}

/** Pays small amounts with points (积分小额支付), up to so much a day (PTS-23). */
@Injectable()
export class SmallPayments {
  constructor(
    private readonly transaction: Transaction,
    private readonly database: Database,
    private readonly single: SingleOperations,
    private readonly giving: GivePointsBackUseCase,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws CustomerNotFound, KeyReused, InvalidPointsAmount, AccountClosed, AccountFrozen, RealNameNeeded, KeyPersonNeeded,
   *   BelowThreshold, InsufficientPoints, DailyPaymentsUsedUp, BudgetUsedUp
   */
  async pay({ customerId, amountFen, channel, actorId, key }: PayWithPoints): Promise<SmallPayment> {
    if (!isId(customerId)) throw new CustomerNotFound();
    const now = this.clock.now();
    const day = businessDate(now);
    const paymentId = newId();
    return this.transaction.run(async (tx) => {
      const { entry, isRepeated } = await this.single.spend(withinBudget(tx, 'PAYMENT'), {
        customerId,
        journalId: paymentId,
        kind: 'PAYMENT',
        // Two clients may use the same key.
        idemKey: `pay:${actorId}:${key ?? paymentId}`,
        requestHash: requestHash(amountFen, channel),
        points: pointsToPay(amountFen),
        into: 'REDEEMED_PAYMENT',
        occurredAt: now,
        recordedAt: now,
        businessDate: day,
        channel,
        actorId,
        metadata: { amountFen },
        event: PointsMoved.name,
      });
      if (isRepeated) return paymentOf(entry, await reversalOf(tx, customerId, entry.journalId));
      const { paymentFenADay } = await spendingRulesOn(tx, day);
      const counted = await countPayment(tx, { customerId, day, fen: amountFen, limitFen: paymentFenADay });
      if (counted === undefined) {
        const paidFen = await paidOn(tx, customerId, day);
        throw new DailyPaymentsUsedUp({ fenADay: paymentFenADay, paidFen, requestedFen: amountFen });
      }
      const after = { amountFen, points: -entry.points, channel };
      tx.audit({ action: 'points.pay', objectType: 'SmallPayment', objectId: paymentId, customerId, after });
      return paymentOf(entry, undefined);
    });
  }

  /** There is one reversal of a payment: asked for again, it is the same one. @throws PaymentNotFound, PaymentReversalTooLate */
  async reverse(asked: {
    readonly customerId: string;
    readonly paymentId: string;
    readonly channel: string;
    readonly actorId: string;
  }): Promise<SmallPayment> {
    const { customerId, paymentId, channel, actorId } = asked;
    return this.transaction.run(async (tx) => {
      const payment = await this.paymentIn(tx, customerId, paymentId);
      const before = await reversalOf(tx, customerId, paymentId);
      if (before) return paymentOf(payment, before);
      const { paymentReversalHours } = await spendingRulesOn(tx, payment.businessDate);
      requireReversible(payment.occurredAt, this.clock.now(), paymentReversalHours);
      const { entry, isRepeated } = await this.giving.execute(tx, {
        customerId,
        journalId: paymentId,
        kind: 'PAYMENT_REVERSAL',
        outOf: 'REDEEMED_PAYMENT',
        points: 'all',
        idemKey: `reverse:${paymentId}`,
        requestHash: requestHash(paymentId),
        channel,
        actorId,
      });
      if (!isRepeated) {
        const returned = {
          useId: paymentId,
          returnId: entry.journalId,
          points: -payment.points,
          on: payment.businessDate,
        };
        await giveBackToBudgets(tx, returned);
        const fen = Number(payment.metadata['amountFen']);
        await uncountPayment(tx, { customerId, day: payment.businessDate, fen });
        const after = { reversedBy: entry.journalId };
        tx.audit({
          action: 'points.reverse-payment',
          objectType: 'SmallPayment',
          objectId: paymentId,
          customerId,
          after,
        });
      }
      return paymentOf(payment, entry);
    });
  }

  /** @throws PaymentNotFound */
  async one(customerId: string, paymentId: string): Promise<SmallPayment> {
    const payment = await this.paymentIn(this.database, customerId, paymentId);
    return paymentOf(payment, await reversalOf(this.database, customerId, paymentId));
  }

  private async paymentIn(reader: Pick<Tx, 'query'>, customerId: string, paymentId: string): Promise<SpentEntry> {
    const found = isId(customerId) && isId(paymentId) ? await entryWithId(reader, customerId, paymentId) : undefined;
    if (found?.kind !== 'PAYMENT') throw new PaymentNotFound();
    return found;
  }
}

function paymentOf(
  { journalId, customerId, points, channel, availableAfter, occurredAt, metadata }: Omit<SpentEntry, 'kind'>,
  reversal: Omit<SpentEntry, 'kind'> | undefined,
): SmallPayment {
  return {
    paymentId: journalId,
    customerId,
    amountFen: Number(metadata['amountFen']),
    points: -points,
    valueInFen: valueInFen(-points),
    channel,
    status: reversal ? 'reversed' : 'completed',
    availableAfter: reversal?.availableAfter ?? availableAfter,
    paidAt: occurredAt,
    ...(reversal && { reversedAt: reversal.occurredAt }),
  };
}
