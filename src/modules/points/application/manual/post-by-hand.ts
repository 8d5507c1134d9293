import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { isId, newId, Transaction, type Tx } from '../../../../platform/database/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import {
  Approvals,
  type Approved,
  CarriesOut,
  type CarriesOutApproval,
  defineApproval,
} from '../../../organization/index.js';
import { assertPointsAmount } from '../../domain/ledger/points-amount.js';
import { lockAccountOf } from '../../persistence/campaigns/campaigns.js';
import { leftForOneHand, type ManualEntry } from '../../persistence/manual/manual-entries.js';
import { type AskedPosting, HandOnTheLedger, type Posting } from './hand-on-the-ledger.js';

/** Posted at once, or put before somebody else. */
export type PostedByHand = { readonly entry: ManualEntry } | { readonly approvalId: string };

const GivePoints = defineApproval<AskedPosting>('points.gift', {
  title: { en: 'Give many points', zh: '大额赠送积分' },
  ask: 'points.grant',
  decide: 'points.approve',
});
const AdjustPoints = defineApproval<AskedPosting>('points.adjustment', {
  title: { en: 'Adjust many points', zh: '大额调账' },
  ask: 'points.adjust',
  decide: 'points.approve',
});

/**
 * Points that somebody of the staff gives as a courtesy (赠送积分, PTS-29) or puts right (调账): for a reason and a cost centre. Up to a
 * limit for a customer and a day one person may; beyond it a second one approves.
 */
@Injectable()
export class PostByHand {
  constructor(
    private readonly transaction: Transaction,
    private readonly approvals: Approvals,
    private readonly hand: HandOnTheLedger,
    private readonly clock: Clock,
  ) {}

  /**
   * @param key what the client calls the request: the same again is answered with what was posted
   * @throws CustomerNotFound, InvalidPointsAmount, UnknownReason, KeyReused, AccountClosed, RealNameNeeded, InsufficientPoints
   */
  execute(asked: Posting, key: string | undefined, actor: Actor): Promise<PostedByHand> {
    const { customerId, kind, points } = asked;
    assertPointsAmount(Math.abs(points));
    return this.transaction.run(async (tx) => {
      const reason = await this.hand.reasonOf(tx, asked);
      if (!isId(customerId) || !(await lockAccountOf(tx, customerId))) throw new CustomerNotFound();
      const idemKey = `hand:${actor.id}:${key ?? newId()}`;
      const known = await this.hand.posted(tx, asked, idemKey);
      if (known) return { entry: known };
      const left = await leftForOneHand(tx, { customerId, kind, day: businessDate(this.clock.now()) });
      if (Math.abs(points) <= left) return { entry: await this.hand.post(tx, asked, { idemKey, askedBy: actor.id }) };
      const about = { subject: customerId, customerId, payload: { ...asked, idemKey }, reason };
      const { approvalId } = await this.approvals.ask(tx, kind === 'GIFT' ? GivePoints : AdjustPoints, about, actor);
      return { approvalId };
    });
  }
}

@CarriesOut(GivePoints)
@Injectable()
export class GiveApprovedPoints implements CarriesOutApproval<AskedPosting> {
  constructor(private readonly hand: HandOnTheLedger) {}

  carryOut(tx: Tx, approved: Approved<AskedPosting>): Promise<object> {
    return this.hand.carryOut(tx, approved);
  }
}

@CarriesOut(AdjustPoints)
@Injectable()
export class AdjustApprovedPoints implements CarriesOutApproval<AskedPosting> {
  constructor(private readonly hand: HandOnTheLedger) {}

  carryOut(tx: Tx, approved: Approved<AskedPosting>): Promise<object> {
    return this.hand.carryOut(tx, approved);
  }
}
