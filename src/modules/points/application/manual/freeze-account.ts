import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import { Database, isId, newId, Transaction, type Tx } from '../../../../platform/database/index.js';
import { CustomerNotFound, CustomersFacade } from '../../../customers/index.js';
import { UnknownReason } from '../../domain/manual/refusals-of-gifts.js';
import {
  type AccountFreeze,
  freezesOf,
  openFreezeOf,
  storeEndOfFreeze,
  storeFreeze,
} from '../../persistence/manual/account-freezes.js';
import { lockAccountOf } from '../../persistence/campaigns/campaigns.js';
import { reasonsFor } from '../../persistence/manual/manual-entries.js';

export interface Freezing {
  readonly customerId: string;
  readonly reasonCode: string;
  readonly actorId: string;
}

/** Freezes accounts (冻结) and lets go of them. A frozen account earns and does not spend; frozen again, it stays as it is. */
@Injectable()
export class FreezeAccount {
  constructor(
    private readonly transaction: Transaction,
    private readonly database: Database,
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerNotFound, UnknownReason */
  freeze(asked: Freezing): Promise<AccountFreeze> {
    const { customerId, reasonCode, actorId } = asked;
    return this.change(asked, 'FREEZE', async (tx, open) => {
      if (open) return open;
      const freeze = {
        freezeId: newId(),
        reasonCode,
        frozenBy: actorId,
        frozenAt: this.clock.now(),
        endReasonCode: null,
        endedBy: null,
        endedAt: null,
      };
      await storeFreeze(tx, customerId, freeze);
      tx.audit({ action: 'points.freeze', ...aboutAccount(customerId), after: { reasonCode } });
      return freeze;
    });
  }

  /** Nothing happens to an account that is not frozen. @throws CustomerNotFound, UnknownReason */
  async unfreeze(asked: Freezing): Promise<void> {
    const { customerId, reasonCode, actorId } = asked;
    await this.change(asked, 'UNFREEZE', async (tx, open) => {
      if (!open) return;
      const ended = { ...open, endReasonCode: reasonCode, endedBy: actorId, endedAt: this.clock.now() };
      await storeEndOfFreeze(tx, customerId, ended);
      tx.audit({
        action: 'points.unfreeze',
        ...aboutAccount(customerId),
        before: { reasonCode: open.reasonCode },
        after: { endReasonCode: reasonCode },
      });
    });
  }

  /** The latest first. @throws CustomerNotFound */
  async of(customerId: string): Promise<readonly AccountFreeze[]> {
    if (!isId(customerId) || !(await this.customers.exists(customerId))) throw new CustomerNotFound();
    return freezesOf(this.database, customerId);
  }

  private change<T>(
    { customerId, reasonCode }: Freezing,
    use: 'FREEZE' | 'UNFREEZE',
    work: (tx: Tx, open: AccountFreeze | undefined) => Promise<T>,
  ): Promise<T> {
    return this.transaction.run(async (tx) => {
      const reasons = await reasonsFor(tx, use);
      if (!reasons.has(reasonCode)) throw new UnknownReason(reasonCode, [...reasons.keys()]);
      if (!isId(customerId) || !(await lockAccountOf(tx, customerId))) throw new CustomerNotFound();
      return work(tx, await openFreezeOf(tx, customerId));
    });
  }
}

const aboutAccount = (customerId: string) => ({ objectType: 'PointsAccount', objectId: customerId, customerId });
