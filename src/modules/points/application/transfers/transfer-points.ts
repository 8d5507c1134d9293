import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { asSystem, isId, newId, Transaction, type Tx } from '../../../../platform/database/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { CustomerNotFound, CustomersFacade } from '../../../customers/index.js';
import {
  Approvals,
  CarriesOut,
  defineApproval,
  type Approval,
  type Approved,
  type CarriesOutApproval,
} from '../../../organization/index.js';
import { assertPointsAmount } from '../../domain/ledger/points-amount.js';
import { HoldEnded, KeyReused } from '../../domain/ledger/refusals.js';
import { KeyPersonNeeded } from '../../domain/groups/refusals-of-groups.js';
import {
  PayeeNotActive,
  PayeeNotRegistered,
  TransferEnded,
  TransferNotFound,
} from '../../domain/transfers/refusals-of-transfers.js';
import { requestHash } from '../../domain/ledger/request-hash.js';
import { REVIEWED_ABOVE, type Transfer, type TransferStatus } from '../../domain/transfers/transfer.js';
import { payeesOf } from '../../persistence/transfers/payees.js';
import { SingleOperations } from '../../persistence/ledger/single-operations.js';
import {
  endTransfer,
  insertTransfer,
  isAnyFlagged,
  lapsedTransfers,
  transferByKey,
  transferWithId,
} from '../../persistence/transfers/transfers.js';
import { MovePoints } from '../ledger/move-points.js';

/** As JSON keeps it. */
interface Frozen {
  readonly transferId: string;
  readonly customerId: string;
  readonly payeeId: string;
  readonly points: number;
}

const TransferUnderReview = defineApproval<Frozen>('points.transfer', {
  title: { en: 'Transfer points between customers', zh: '积分转让复核' },
  ask: 'points.transfer',
  decide: 'transfers.approve',
});

/** Those who decide have so long; what still holds the points then is let go soon after. */
const DAY_MS = 24 * 3_600_000;

export interface TransferPoints {
  /** The payer. */
  readonly customerId: string;
  readonly payeeId: string;
  readonly points: number;
  readonly channel: string;
  /** What the client calls this request; the same again is answered with what was stored. Ours alone when absent. */
  readonly key: string | undefined;
}

/** Gives points to a registered payee (积分转让): at once, or, when there is reason to look, once a second person has. */
@Injectable()
export class TransferPointsUseCase {
  constructor(
    private readonly transaction: Transaction,
    private readonly moving: MovePoints,
    private readonly single: SingleOperations,
    private readonly customers: CustomersFacade,
    private readonly approvals: Approvals,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws CustomerNotFound, KeyPersonNeeded, KeyReused, InvalidPointsAmount, PayeeNotRegistered, PayeeNotActive, PayeeCannotReceive,
   *   TransferLimitReached, AccountClosed, AccountFrozen, RealNameNeeded, BelowThreshold, InsufficientPoints
   */
  async execute({ points, channel, key, ...parties }: TransferPoints, actor: Actor): Promise<Transfer> {
    assertPointsAmount(points);
    if (!isId(parties.customerId)) throw new CustomerNotFound();
    if (!isId(parties.payeeId)) throw new PayeeNotRegistered();
    // As the database writes them: accounts are locked in their order.
    const [customerId, payeeId] = [parties.customerId.toLowerCase(), parties.payeeId.toLowerCase()];
    const transferId = newId();
    const asked = {
      ...{ transferId, customerId, payeeId, points, channel },
      // Two clients may use the same key.
      idemKey: `transfer:${actor.id}:${key ?? transferId}`,
      requestHash: requestHash(payeeId, points, channel),
      askedBy: actor.id,
      askedAt: this.clock.now(),
    };
    return asSystem(() =>
      this.transaction.run(async (tx) => {
        const before = await this.askedBefore(tx, asked);
        if (before) return before;
        await this.requireRegistered(tx, asked);
        const both = await this.moving.lockBoth(tx, asked, asked.askedAt);
        const meanwhile = await this.askedBefore(tx, asked);
        if (meanwhile) return meanwhile;
        await this.moving.requireWithinLimits(tx, asked, both.payee, asked.askedAt);
        const reason = await reasonToLook(tx, asked, both.payee.account.frozenReason !== undefined);
        const transfer: Transfer = reason
          ? { ...asked, ...NOT_MOVED, ...(await this.hold(tx, asked, reason, actor)) }
          : { ...asked, ...NOT_HELD, ...(await this.moving.move(tx, asked, both, asked.askedAt)) };
        await insertTransfer(tx, transfer);
        audit(tx, transfer, 'transfer', undefined);
        return transfer;
      }),
    );
  }

  private async askedBefore(
    tx: Tx,
    asked: Pick<Transfer, 'customerId' | 'idemKey' | 'requestHash'>,
  ): Promise<Transfer | undefined> {
    const known = await transferByKey(tx, asked);
    if (known && known.requestHash !== asked.requestHash) throw new KeyReused();
    return known;
  }

  private async requireRegistered(
    tx: Tx,
    { customerId, payeeId, askedAt }: Pick<Transfer, 'customerId' | 'payeeId' | 'askedAt'>,
  ): Promise<void> {
    const payer = await this.customers.profileOf(customerId, tx);
    if (payer.kind === 'group') throw new KeyPersonNeeded();
    const payee = (await payeesOf(tx, customerId)).find((each) => each.payeeId === payeeId);
    if (!payee) throw new PayeeNotRegistered();
    if (askedAt < payee.activeFrom) throw new PayeeNotActive({ activeFrom: payee.activeFrom.toISOString() });
  }

  private async hold(
    tx: Tx,
    { transferId, customerId, payeeId, points, requestHash, askedAt, channel }: Asked,
    reason: string,
    actor: Actor,
  ): Promise<Held> {
    const { approvalId, expiresAt } = await this.approvals.ask(
      tx,
      TransferUnderReview,
      { subject: transferId, customerId, payload: { transferId, customerId, payeeId, points }, reason },
      actor,
    );
    const holdId = newId();
    await this.single.authorise(tx, {
      ...{ customerId, journalId: newId(), idemKey: `transfer-hold:${transferId}`, requestHash, holdId, points },
      ...{ purpose: 'TRANSFER', expiresAt: new Date(expiresAt.getTime() + DAY_MS) },
      ...{ occurredAt: askedAt, recordedAt: askedAt, businessDate: businessDate(askedAt), channel, actorId: actor.id },
      metadata: { transferId },
    });
    return { status: 'HELD', holdId, approvalId, reviewUntil: expiresAt, endedAt: null };
  }
}

/** A second person has looked. What was right when it was asked is looked at again; the points come out of the hold and go over. */
@CarriesOut(TransferUnderReview)
@Injectable()
export class DecideTransfer implements CarriesOutApproval<Frozen> {
  constructor(
    private readonly moving: MovePoints,
    private readonly single: SingleOperations,
    private readonly clock: Clock,
  ) {}

  async carryOut(tx: Tx, { payload }: Approved<Frozen>): Promise<object> {
    const now = this.clock.now();
    const { payee } = await this.moving.lockBoth(tx, payload, now);
    const transfer = await transferWithId(tx, payload.transferId, 'FOR UPDATE');
    if (!transfer) throw new TransferNotFound();
    if (transfer.status !== 'HELD') throw new TransferEnded({ status: transfer.status });
    await this.moving.requireWithinLimits(tx, transfer, payee, now);
    await letGo(tx, this.single, transfer, 'VOIDED', now);
    // The payer's lots are what they are after that.
    const both = await this.moving.lockBoth(tx, transfer, now);
    const done: Transfer = { ...transfer, ...(await this.moving.move(tx, transfer, both, now)) };
    await endTransfer(tx, done);
    audit(tx, done, 'release-transfer', transfer.status);
    return { transferId: done.transferId, outJournalId: done.outJournalId };
  }

  async close(tx: Tx, { payload, status }: Approval & { readonly payload: Frozen }): Promise<void> {
    await endReview(tx, this.single, payload, {
      status: status === 'rejected' ? 'REFUSED' : 'WITHDRAWN',
      now: this.clock.now(),
    });
  }
}

/** Lets go of the points of transfers that nobody has decided about in time. */
@Injectable()
export class LapseTransfers {
  constructor(
    private readonly transaction: Transaction,
    private readonly single: SingleOperations,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<number> {
    const now = this.clock.now();
    const lapsed = await this.transaction.run((tx) => lapsedTransfers(tx, now));
    const failures: unknown[] = [];
    for (const each of lapsed) {
      await this.transaction
        .run((tx) => endReview(tx, this.single, each, { status: 'LAPSED', now }))
        .catch((failure: unknown) => failures.push(failure));
    }
    // One that fails does not keep the others.
    if (failures.length > 0) throw new AggregateError(failures, 'Transfers of points did not lapse');
    return lapsed.length;
  }
}

type Asked = Pick<
  Transfer,
  'transferId' | 'customerId' | 'payeeId' | 'points' | 'channel' | 'requestHash' | 'askedBy' | 'askedAt' | 'idemKey'
>;
type Held = Pick<Transfer, 'status' | 'holdId' | 'approvalId' | 'reviewUntil' | 'endedAt'>;

const NOT_MOVED = { businessDate: null, outJournalId: null, inJournalId: null } as const;
const NOT_HELD = { holdId: null, approvalId: null, reviewUntil: null } as const;

/** For whoever decides; the payer is not told. */
async function reasonToLook(
  tx: Tx,
  { customerId, payeeId, points }: Asked,
  isFrozen: boolean,
): Promise<string | undefined> {
  if (points > REVIEWED_ABOVE) return `More than ${REVIEWED_ABOVE} points at once`;
  if (isFrozen) return 'The account of the payee is frozen';
  return (await isAnyFlagged(tx, [customerId, payeeId]))
    ? 'Transfers of the payer or of the payee are watched'
    : undefined;
}

async function endReview(
  tx: Tx,
  single: SingleOperations,
  { customerId, transferId }: Pick<Transfer, 'customerId' | 'transferId'>,
  { status, now }: { readonly status: Extract<TransferStatus, 'REFUSED' | 'WITHDRAWN' | 'LAPSED'>; readonly now: Date },
): Promise<void> {
  // The account first, as everywhere: whoever releases the transfer holds it while he waits for the row.
  await tx.query('SELECT FROM points.point_account WHERE customer_id = $1 FOR NO KEY UPDATE', [customerId]);
  const transfer = await transferWithId(tx, transferId, 'FOR UPDATE');
  if (transfer?.status !== 'HELD') return;
  try {
    await letGo(tx, single, transfer, status === 'LAPSED' ? 'EXPIRED' : 'VOIDED', now);
  } catch (error) {
    // Ended from elsewhere, as when the account was closed: there is nothing to let go of.
    if (!(error instanceof HoldEnded)) throw error;
  }
  await endTransfer(tx, { ...transfer, status, endedAt: now });
  audit(tx, { ...transfer, status }, 'end-transfer', transfer.status);
}

/** @throws HoldEnded when something else has ended the hold */
async function letGo(
  tx: Tx,
  single: SingleOperations,
  { customerId, transferId, holdId, requestHash }: Transfer,
  as: 'VOIDED' | 'EXPIRED',
  now: Date,
): Promise<void> {
  if (holdId === null) throw new Error('A transfer under review holds its points');
  await single.release(tx, {
    ...{ customerId, journalId: newId(), idemKey: `transfer-let-go:${transferId}`, requestHash, holdId, as },
    ...{ occurredAt: now, recordedAt: now, businessDate: businessDate(now), metadata: { transferId } },
  });
}

function audit(tx: Tx, transfer: Transfer, verb: string, before: TransferStatus | undefined): void {
  const { transferId, customerId, payeeId, points, status } = transfer;
  tx.audit({
    action: `points.${verb}`,
    objectType: 'PointsTransfer',
    objectId: transferId,
    customerId,
    ...(before && { before: { status: before } }),
    after: { payeeId, points, status },
  });
}
