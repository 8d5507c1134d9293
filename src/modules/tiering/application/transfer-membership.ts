import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { isId, newId, Transaction, type Tx } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { CallerVerifications, CustomersFacade } from '../../customers/index.js';
import {
  Approvals,
  CarriesOut,
  defineApproval,
  type Approval,
  type Approved,
  type CarriesOutApproval,
} from '../../organization/index.js';
import {
  carriesOutOn,
  requireStatus,
  transferStatusAt,
  type MembershipTransfer,
  type TransferStatus,
} from '../domain/membership-transfer.js';
import {
  TransferNotFound,
  TransferToNobodyElse,
  TransferUnderWay,
  VerificationMissing,
} from '../domain/refusals-of-transfers.js';
import { insertTransfer, moveTransfer, openTransferOf, transferWithId } from '../persistence/membership-transfers.js';
import { auditTransfer, requireNoObstacle, type TransferEnds } from './carry-out-transfer.js';

/** As JSON keeps it. */
interface Frozen {
  readonly transferId: string;
  readonly fromCustomerId: string;
  readonly toCustomerId: string;
  readonly tier: string;
}

const TransferOfMembership = defineApproval<Frozen>('membership.transfer', {
  title: { en: 'Transfer a club membership', zh: 'VIP会员身份转移' },
  ask: 'membership.transfer',
  decide: 'membership.approve',
});

export interface AskForTransfer extends TransferEnds {
  /** Of both, by whoever asks, minutes ago. */
  readonly fromVerificationId: string;
  readonly toVerificationId: string | undefined;
  readonly reason: string;
}

/** Transfers of memberships (身份转移, TIER-07): asked for with both at the counter, approved by a second person, then cooling off. */
@Injectable()
export class TransferMembership {
  constructor(
    private readonly transaction: Transaction,
    private readonly approvals: Approvals,
    private readonly verifications: CallerVerifications,
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws TransferToNobodyElse, VerificationMissing, CallerNotVerified, CustomerNotFound, TransferUnderWay, SubscriptionOfNobodyHere, and
   *   the refusals of obstacleTo
   */
  async ask(asked: AskForTransfer, actor: Actor): Promise<MembershipTransfer> {
    const { fromCustomerId, toCustomerId, toSubscriptionId } = asked;
    if ((fromCustomerId === toCustomerId) !== (toSubscriptionId !== null)) throw new TransferToNobodyElse();
    await this.requireVerified(asked, actor);
    return this.transaction.run(async (tx) => {
      await lockBoth(tx, this.customers, asked);
      const askedAt = this.clock.now();
      await this.requireNoneUnderWay(tx, fromCustomerId, askedAt);
      const { level: tier } = await requireNoObstacle(tx, this.customers, asked, businessDate(askedAt));
      const transferId = newId();
      const payload = { transferId, fromCustomerId, toCustomerId, tier };
      const { approvalId, expiresAt, reason } = await this.approvals.ask(
        tx,
        TransferOfMembership,
        { subject: transferId, customerId: fromCustomerId, payload, reason: asked.reason },
        actor,
      );
      const transfer: MembershipTransfer = {
        ...{ transferId, fromCustomerId, toCustomerId, toSubscriptionId, tier, status: 'asked', reason },
        ...{ askedBy: actor.id, askedAt, approvalId, expiresAt, approvedBy: null, approvedAt: null },
        ...{ carriesOutOn: null, closedBy: null, closedAt: null, failure: null },
      };
      await insertTransfer(tx, transfer);
      auditTransfer(tx, transfer, 'ask', { after: { status: 'asked', tier } });
      return transfer;
    });
  }

  /** Until it is carried out, one may think better of it. @throws TransferNotFound, TransferClosed */
  withdraw(transferId: string, actor: Pick<Actor, 'id'>): Promise<MembershipTransfer> {
    return this.transaction.run(async (tx) => {
      const found = isId(transferId) ? await transferWithId(tx, transferId) : undefined;
      if (!found) throw new TransferNotFound();
      await lockBoth(tx, this.customers, found);
      const transfer = await transferWithId(tx, transferId, 'FOR UPDATE');
      if (!transfer) throw new TransferNotFound();
      const now = this.clock.now();
      if (transfer.status === 'withdrawn') return transfer;
      requireStatus(transfer, ['asked', 'cooling-off'], now);
      return close(tx, transfer, { status: 'withdrawn', by: actor.id, at: now });
    });
  }

  /** A right answer about somebody else proves nothing: each is verified for himself. */
  private async requireVerified(
    { fromCustomerId, toCustomerId, fromVerificationId, toVerificationId }: AskForTransfer,
    actor: Actor,
  ): Promise<void> {
    await this.verifications.require(actor, fromCustomerId, fromVerificationId);
    if (fromCustomerId === toCustomerId) return;
    if (toVerificationId === undefined) throw new VerificationMissing();
    await this.verifications.require(actor, toCustomerId, toVerificationId);
  }

  private async requireNoneUnderWay(tx: Tx, fromCustomerId: string, now: Date): Promise<void> {
    const open = await openTransferOf(tx, fromCustomerId);
    if (!open) return;
    const status = transferStatusAt(open, now);
    if (status !== 'lapsed') throw new TransferUnderWay(status);
    await close(tx, open, { status, by: 'lapse', at: now });
  }
}

@CarriesOut(TransferOfMembership)
@Injectable()
export class ApproveTransfer implements CarriesOutApproval<Frozen> {
  constructor(
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  /** From now on it cools off. What was right when it was asked is looked at again. */
  async carryOut(tx: Tx, { payload, approver }: Approved<Frozen>): Promise<object> {
    await lockBoth(tx, this.customers, payload);
    const transfer = await transferWithId(tx, payload.transferId, 'FOR UPDATE');
    if (!transfer) throw new TransferNotFound();
    const now = this.clock.now();
    requireStatus(transfer, ['asked'], now);
    await requireNoObstacle(tx, this.customers, transfer, businessDate(now));
    const day = carriesOutOn(businessDate(now));
    const approved = { status: 'cooling-off', approvedBy: approver.id, approvedAt: now, carriesOutOn: day } as const;
    await moveTransfer(tx, { ...transfer, ...approved });
    const { status } = approved;
    auditTransfer(tx, transfer, 'approve', {
      before: { status: transfer.status },
      after: { status, carriesOutOn: day },
    });
    return { membershipTransfer: transfer.transferId, carriesOutOn: day };
  }

  async close(tx: Tx, { payload, status, decidedBy, askedBy }: Approval & { readonly payload: Frozen }): Promise<void> {
    const transfer = await transferWithId(tx, payload.transferId, 'FOR UPDATE');
    if (transfer?.status !== 'asked') return;
    const closed = status === 'rejected' ? 'rejected' : 'withdrawn';
    await close(tx, transfer, { status: closed, by: decidedBy ?? askedBy, at: this.clock.now() });
  }
}

/** Two transfers that cross each other meet at the same customer first. @throws CustomerNotFound */
async function lockBoth(
  tx: Tx,
  customers: CustomersFacade,
  { fromCustomerId, toCustomerId }: Pick<TransferEnds, 'fromCustomerId' | 'toCustomerId'>,
): Promise<void> {
  for (const id of [...new Set([fromCustomerId, toCustomerId])].sort()) await customers.lockCustomer(tx, id);
}

async function close(
  tx: Tx,
  transfer: MembershipTransfer,
  { status, by, at }: { readonly status: TransferStatus; readonly by: string; readonly at: Date },
): Promise<MembershipTransfer> {
  const closed = { ...transfer, status, closedBy: by, closedAt: at };
  await moveTransfer(tx, closed);
  auditTransfer(tx, transfer, VERBS[status] ?? status, { before: { status: transfer.status }, after: { status } });
  return closed;
}

const VERBS: Partial<Readonly<Record<TransferStatus, string>>> = {
  withdrawn: 'withdraw',
  rejected: 'reject',
  lapsed: 'lapse',
};
