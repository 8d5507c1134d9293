import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/index.js';
import type { GivenBack } from './application/ledger/give-points-back.js';
import {
  HoldPointsAtMerchants,
  type AskedAtMerchant,
  type HeldPoints,
} from './application/holds/hold-points-at-merchants.js';

/**
 * Points as money at merchants (积分自由行): ids and figures only, always in the caller's transaction. Points, of two fen each; times are
 * those of the clock.
 */
@Injectable()
export class PosPointsFacade {
  constructor(private readonly holding: HoldPointsAtMerchants) {}

  /**
   * Sets points aside, those that expire first, first.
   * @throws CustomerNotFound, KeyReused, InvalidPointsAmount, AccountClosed, AccountFrozen, RealNameNeeded, KeyPersonNeeded, BelowThreshold, InsufficientPoints,
   *   BudgetUsedUp
   */
  authorise(
    tx: Tx,
    asked: AskedAtMerchant & { readonly points: number; readonly forSeconds?: number },
  ): Promise<HeldPoints> {
    return this.holding.authorise(tx, asked);
  }

  /** Takes a part of what is held, or all of it; the rest returns. @throws KeyReused, InvalidPointsAmount, HoldNotFound, HoldEnded, MoreThanHeld */
  capture(tx: Tx, asked: AskedAtMerchant & { readonly points: number }): Promise<{ readonly availableAfter: number }> {
    return this.holding.capture(tx, asked);
  }

  /** Lets go of all that is held. @throws KeyReused, HoldNotFound, HoldEnded */
  void(tx: Tx, asked: AskedAtMerchant): Promise<{ readonly availableAfter: number }> {
    return this.holding.void(tx, asked);
  }

  /** Gives back a part of what was captured, or all of it when nothing was given back before. @throws KeyReused, HoldNotFound, NothingCaptured, MoreThanCaptured */
  giveBack(tx: Tx, asked: AskedAtMerchant & { readonly points: number | 'all' }): Promise<GivenBack> {
    return this.holding.giveBack(tx, asked);
  }

  /** All that merchants did before then is over: nothing is held, every day is cleared. `undefined`: no day was ever cleared. */
  settledBefore(tx: Tx): Promise<Date | undefined> {
    return this.holding.settledBefore(tx);
  }
}
