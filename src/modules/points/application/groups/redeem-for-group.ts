import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { asSystem, isId, newId, Transaction, type Tx } from '../../../../platform/database/index.js';
import { CustomerNotFound, CustomersFacade } from '../../../customers/index.js';
import { PointsRedeemed } from '../../domain/ledger/events.js';
import { assertPointsAmount } from '../../domain/ledger/points-amount.js';
import { type Purpose, REDEEMED } from '../../domain/ledger/redemption.js';
import { KeyReused } from '../../domain/ledger/refusals.js';
import {
  KeyPersonLimitReached,
  NotAGroupAccount,
  NotAuthorisedForGroup,
} from '../../domain/groups/refusals-of-groups.js';
import { requestHash } from '../../domain/ledger/request-hash.js';
import { withinBudget } from '../../persistence/money/budgets.js';
import { keyPersonsOf, redeemedInMonthOf } from '../../persistence/groups/key-persons.js';
import { PointsLedger } from '../../persistence/ledger/points-ledger.js';
import { SingleOperations } from '../../persistence/ledger/single-operations.js';
import { type Redemption, redemptionOf } from '../ledger/redemption.query.js';

export interface RedeemForGroup {
  readonly groupId: string;
  /** The customer who asks for the group. */
  readonly personId: string;
  readonly points: number;
  readonly purpose: Purpose;
  readonly channel: string;
  readonly actorId: string;
  /** What the client calls this request; the same again is answered with what was stored. Ours alone when absent. */
  readonly key: string | undefined;
}

/** Redeems the points of a group customer (集团客户积分兑换, PTS-30): one of its key persons does, within what is registered of him. */
@Injectable()
export class RedeemForGroupUseCase {
  constructor(
    private readonly transaction: Transaction,
    private readonly ledger: PointsLedger,
    private readonly single: SingleOperations,
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws CustomerNotFound, NotAGroupAccount, NotAuthorisedForGroup, KeyPersonLimitReached, KeyReused, InvalidPointsAmount, AccountClosed,
   *   AccountFrozen, BelowThreshold, InsufficientPoints, BudgetUsedUp
   */
  async execute(request: RedeemForGroup): Promise<Redemption> {
    const { groupId, points, purpose, channel, actorId, key } = request;
    const personId = request.personId.toLowerCase();
    assertPointsAmount(points);
    if (!isId(groupId)) throw new CustomerNotFound();
    const now = this.clock.now();
    const journalId = newId();
    const asked = {
      ...{ customerId: groupId, journalId, channel, actorId, points },
      idemKey: `redeem-for-group:${actorId}:${key ?? journalId}`,
      requestHash: requestHash(personId, points, purpose, channel),
      ...{ occurredAt: now, recordedAt: now, businessDate: businessDate(now) },
      event: PointsRedeemed.name,
      kind: 'REDEMPTION',
      into: REDEEMED[purpose],
      metadata: { purpose, keyPersonId: personId },
    } as const;
    return asSystem(() =>
      this.transaction.run(async (tx) => {
        if ((await this.customers.profileOf(groupId, tx)).kind !== 'group') throw new NotAGroupAccount();
        // Before the sums are read: of two requests the second sees what the first has redeemed.
        const { posted } = await this.ledger.lock(tx, { ...asked, day: asked.businessDate });
        if (posted && posted.requestHash !== asked.requestHash) throw new KeyReused();
        if (posted) return redemptionOf(posted);
        await this.requireAuthorised(tx, { groupId, personId, points }, asked.businessDate);
        const { entry } = await this.single.spend(withinBudget(tx, purpose), asked);
        tx.audit({
          action: 'points.redeem-for-group',
          objectType: 'Redemption',
          objectId: journalId,
          customerId: groupId,
          after: { points, purpose, channel, keyPersonId: personId },
        });
        return redemptionOf(entry);
      }),
    );
  }

  private async requireAuthorised(
    tx: Tx,
    { groupId, personId, points }: Pick<RedeemForGroup, 'groupId' | 'personId' | 'points'>,
    day: string,
  ): Promise<void> {
    const person = (await keyPersonsOf(tx, groupId)).find((each) => each.personId === personId);
    if (!person || day < person.activeFrom || day > person.activeUntil) throw new NotAuthorisedForGroup();
    if ((await this.customers.profileOf(personId, tx)).archive !== 'in-network') throw new NotAuthorisedForGroup();
    const redeemed = await redeemedInMonthOf(tx, { groupId, personId, day });
    if (redeemed + points > person.limitPoints) {
      throw new KeyPersonLimitReached({ limit: person.limitPoints, redeemed, requested: points });
    }
  }
}
