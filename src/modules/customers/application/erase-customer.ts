import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { erasureStanding } from '../domain/erasure.js';
import { CustomerErased } from '../domain/events.js';
import { CustomerIsServed, CustomerNotFound, SamePersonTwice } from '../domain/refusals.js';
import { erase, lockRemembered, restrict } from '../persistence/erasure-rows.js';

export interface ErasureOrder {
  readonly customerId: string;
  readonly reason: string;
  /** Ids of actors. */
  readonly requestedBy: string;
  readonly approvedBy: string;
}

export type ErasureAnswer =
  | { readonly state: 'erased' }
  /** Kept by law until that day and erased after it; until then out of everybody's sight. */
  | { readonly state: 'restricted'; readonly keptUntil: string };

/**
 * Erases a customer who asked for it (删除权, PIPL art. 47), in the transaction that approves it. What identified the customer is
 * gone here and, with its keys, in every backup; usage, bills, points and levels stay under the pseudonymous id.
 */
@Injectable()
export class EraseCustomer {
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @throws SamePersonTwice, CustomerNotFound, CustomerIsServed */
  async execute(tx: Tx, { customerId, reason, requestedBy, approvedBy }: ErasureOrder): Promise<ErasureAnswer> {
    if (requestedBy === approvedBy) throw new SamePersonTwice();
    const remembered = await lockRemembered(tx, customerId);
    if (!remembered) throw new CustomerNotFound();
    const now = this.clock.now();
    const today = businessDate(now);
    const standing = erasureStanding(remembered, today);
    if (standing === 'served') throw new CustomerIsServed();
    if (standing === 'erased') return { state: 'erased' };
    if (standing === 'kept') {
      await restrict(tx, customerId, now);
      tx.audit({ action: 'privacy.restrict', objectType: 'Customer', objectId: customerId, customerId, reason });
      return { state: 'restricted', keptUntil: remembered.keptUntil ?? '' };
    }
    await announceErased(this.outbox, tx, await erase(tx, [customerId], today, now), now);
    tx.audit({ action: 'privacy.erase', objectType: 'Customer', objectId: customerId, customerId, reason });
    return { state: 'erased' };
  }
}

export const announceErased = (
  outbox: Outbox,
  tx: Tx,
  erased: readonly { readonly customerId: string; readonly partyId: string }[],
  at: Date,
): Promise<void> =>
  outbox.publishMany(
    tx,
    CustomerErased,
    erased.map((payload) => ({ payload, customerId: payload.customerId, occurredAt: at })),
  );
