import { Injectable } from '@nestjs/common';
import { businessDate } from '../../../../platform/clock/index.js';
import { newId, type Tx } from '../../../../platform/database/index.js';
import { Outbox } from '../../../../platform/events/index.js';
import { CustomersFacade } from '../../../customers/index.js';
import { joinAboveIn } from '../../domain/earning/earn-rule-set.js';
import { PointsMoved } from '../../domain/ledger/events.js';
import type { Posting } from '../../domain/ledger/ledger.js';
import { PayeeCannotReceive, TransferLimitReached } from '../../domain/transfers/refusals-of-transfers.js';
import { give, PER_MONTH, receive, type Transfer } from '../../domain/transfers/transfer.js';
import { type LockedAccount, PointsLedger } from '../../persistence/ledger/points-ledger.js';
import { givenInMonthOf, receivedInMonthOf } from '../../persistence/transfers/transfers.js';

type Parties = Pick<Transfer, 'transferId' | 'customerId' | 'payeeId' | 'points'>;

interface Both {
  readonly payer: LockedAccount;
  readonly payee: LockedAccount;
}

/** The two legs of a transfer (积分转让), both or none, by way of an account that is empty again at once. */
@Injectable()
export class MovePoints {
  constructor(
    private readonly ledger: PointsLedger,
    private readonly customers: CustomersFacade,
    private readonly outbox: Outbox,
  ) {}

  /**
   * In the order of their ids: two transfers that cross each other meet at the same account first.
   * @throws PayeeCannotReceive
   */
  async lockBoth(tx: Tx, { transferId, customerId, payeeId }: Parties, now: Date): Promise<Both> {
    // Out of whose sight the payee is, to him there is none.
    if (!(await this.customers.exists(payeeId, tx))) throw new PayeeCannotReceive();
    const lock = (id: string, leg: string) =>
      this.ledger.lock(tx, { customerId: id, idemKey: `${leg}:${transferId}`, day: businessDate(now), opens: true });
    if (customerId < payeeId) {
      const payer = await lock(customerId, OUT);
      return { payer, payee: await lock(payeeId, IN) };
    }
    const payee = await lock(payeeId, IN);
    return { payer: await lock(customerId, OUT), payee };
  }

  /** Both accounts are locked. @throws PayeeCannotReceive, TransferLimitReached */
  async requireWithinLimits(tx: Tx, parties: Parties, payee: LockedAccount, now: Date): Promise<void> {
    const { customerId, payeeId, transferId, points } = parties;
    const day = businessDate(now);
    const given = await givenInMonthOf(tx, { customerId, transferId, day });
    if (given + points > PER_MONTH) throw new TransferLimitReached({ limit: PER_MONTH, given, requested: points });
    const [from, to] = [await this.customers.profileOf(customerId, tx), await this.customers.profileOf(payeeId, tx)];
    const receives =
      to.archive === 'in-network' &&
      to.region === from.region &&
      payee.hasRealName &&
      payee.account.status === 'ACTIVE' &&
      (await receivedInMonthOf(tx, { customerId: payeeId, day })) + points <= PER_MONTH;
    if (!receives) throw new PayeeCannotReceive();
  }

  /**
   * Both accounts are locked.
   * @throws what `redeem` throws
   */
  async move(tx: Tx, parties: Parties & Pick<Transfer, 'channel' | 'askedBy'>, { payer, payee }: Both, now: Date) {
    const { transferId, payeeId, points, channel, askedBy } = parties;
    const day = businessDate(now);
    const { region } = await this.customers.profileOf(payer.account.customerId, tx);
    const given = give(
      payer.account,
      { joinAbove: joinAboveIn(region, payer.rules) },
      {
        ...{ points, day },
        isSuspended: payer.isSuspended,
        hasRealName: payer.hasRealName,
      },
    );
    const append = async (leg: string, { account }: LockedAccount, postings: readonly Posting[], metadata: object) => {
      const { journalId } = await this.ledger.append(tx, account, {
        journalId: newId(),
        kind: leg === OUT ? 'TRANSFER_OUT' : 'TRANSFER_IN',
        idemKey: `${leg}:${transferId}`,
        postings,
        ...{ occurredAt: now, recordedAt: now, businessDate: day, channel, actorId: askedBy },
        metadata,
      });
      const { customerId } = account;
      await this.outbox.publish(tx, PointsMoved, { customerId, journalId, points }, { customerId, occurredAt: now });
      return journalId;
    };
    // Promotion points before those that expire first: the check of the order of use must know.
    const outJournalId = await append(OUT, payer, given, { transferId, payeeId, promotionFirst: true });
    const inJournalId = await append(IN, payee, receive(payee.account, given), { transferId });
    return { status: 'DONE', businessDate: day, outJournalId, inJournalId, endedAt: now } as const;
  }
}

const OUT = 'transfer-out';
const IN = 'transfer-in';
