import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Database, newId, Transaction } from '../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import { CustomerNotFound, CustomersFacade } from '../../customers/index.js';
import { CustomerHasLeft } from '../domain/refusals-of-cards.js';
import {
  endPointsMembership,
  insertPointsMembership,
  lastPointsMembership,
  type PointsMembership,
} from '../persistence/points-members.js';

export type { PointsMembership };

/** Points-card customers (积分卡客户, TIER-04): the points platform serves them whatever their level, also without any. */
@Injectable()
export class PointsMembers {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  /** Who is a member already, stays one. @throws CustomerNotFound, CustomerHasLeft */
  enrol(customerId: string, by: string): Promise<PointsMembership | undefined> {
    return this.transaction.run(async (tx) => {
      await this.customers.lockCustomer(tx, customerId);
      const { archive } = await this.customers.profileOf(customerId, tx);
      if (archive === 'retained') throw new CustomerHasLeft();
      const at = this.clock.now();
      const since = businessDate(at);
      if (await insertPointsMembership(tx, { membershipId: newId(), customerId, since, by, at })) {
        const after = { isMember: true, since };
        tx.audit({ action: 'members.enrol', objectType: 'PointsMember', objectId: customerId, customerId, after });
      }
      return lastPointsMembership(tx, customerId);
    });
  }

  /** Who is none, has nothing to leave. @throws CustomerNotFound */
  leave(customerId: string, by: string): Promise<void> {
    return this.transaction.run(async (tx) => {
      await this.customers.lockCustomer(tx, customerId);
      const at = this.clock.now();
      if (!(await endPointsMembership(tx, { customerId, until: businessDate(at), by, at }))) return;
      const [before, after] = [{ isMember: true }, { isMember: false }];
      tx.audit({
        action: 'members.leave',
        objectType: 'PointsMember',
        objectId: customerId,
        customerId,
        before,
        after,
      });
    });
  }

  /** The present membership, or the last one. @throws CustomerNotFound */
  async of(customerId: string): Promise<PointsMembership | undefined> {
    if (!(await this.customers.exists(customerId))) throw new CustomerNotFound();
    return lastPointsMembership(this.database, customerId);
  }

  list<View extends object>(
    list: ListRequest,
    view: (customerId: string, membership: PointsMembership) => View,
  ): Promise<Page<View>> {
    const source = { select: 'm.customer_id AS id, m.since', from: 'tiering.current_points_member m' };
    return readPage<{ id: string; since: string }, View>(this.database, list, source, ({ id, since }) =>
      view(id, { since, until: null }),
    );
  }
}
