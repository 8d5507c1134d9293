import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/index.js';
import { type Balance, FindAccount } from './application/ledger/account.query.js';
import { type AwardPoints, AwardPointsUseCase } from './application/ledger/award-points.js';
import { type RedeemedFor, type RedeemPoints, RedeemPointsUseCase } from './application/ledger/redeem-points.js';
import type { Redemption } from './application/ledger/redemption.query.js';
import { type PointsTotals, PointsTotalsQuery } from './application/ledger/totals.query.js';
import type { Entry } from './persistence/ledger/points-ledger.js';

/** The front door of the points ledger. One point is two fen. */
@Injectable()
export class PointsFacade {
  constructor(
    private readonly account: FindAccount,
    private readonly all: PointsTotalsQuery,
    private readonly redeeming: RedeemPointsUseCase,
    private readonly awarding: AwardPointsUseCase,
  ) {}

  /** @throws CustomerNotFound */
  balanceOf(customerId: string): Promise<Balance> {
    return this.account.balanceOf(customerId);
  }

  /** Points issued and outstanding over all customers. */
  totals(): Promise<PointsTotals> {
    return this.all.execute();
  }

  /**
   * Redeems in a transaction of its own.
   * @throws CustomerNotFound, KeyReused, InvalidPointsAmount, AccountClosed, AccountFrozen, RealNameNeeded,
   *   BelowThreshold, InsufficientPoints
   */
  redeem(request: RedeemPoints): Promise<Redemption> {
    return this.redeeming.execute(request);
  }

  /** Redeems in the caller's transaction: with what is done for the points, or not at all. @throws what `redeem` throws */
  redeemWithin(tx: Tx, request: RedeemPoints & RedeemedFor): Promise<Redemption> {
    return this.redeeming.within(tx, request);
  }

  /**
   * Gives points to one customer, in the caller's transaction. The same reference again is the same award.
   * @throws CustomerNotFound, KeyReused, InvalidPointsAmount, AccountClosed, RealNameNeeded
   */
  award(tx: Tx, request: AwardPoints): Promise<Pick<Entry, 'journalId' | 'points' | 'availableAfter'>> {
    return this.awarding.execute(tx, request);
  }
}
