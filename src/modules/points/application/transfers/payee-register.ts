import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import { asSystem, Database, isId, newId, Transaction, type Tx } from '../../../../platform/database/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { CustomerNotFound, CustomersFacade } from '../../../customers/index.js';
import { KeyPersonNeeded } from '../../domain/groups/refusals-of-groups.js';
import {
  FamilyNeedsDocument,
  PayeeNotPossible,
  PayeeNotRegistered,
  TooManyPayees,
} from '../../domain/transfers/refusals-of-transfers.js';
import { MAX_PAYEES, payeeActiveFrom, type Payee, type Relation } from '../../domain/transfers/transfer.js';
import { insertPayee, payeesOf, removePayee } from '../../persistence/transfers/payees.js';

export interface RegisterPayee {
  readonly customerId: string;
  readonly payeeId: string;
  readonly relation: Relation;
}

/** To whom a customer may give points (受让人登记): of the same identity or family, in the same province. */
@Injectable()
export class PayeeRegister {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerNotFound */
  async list(customerId: string): Promise<readonly Payee[]> {
    if (!(await this.customers.exists(customerId))) throw new CustomerNotFound();
    return payeesOf(this.database, customerId);
  }

  /**
   * Registered again as the same, nothing changes; with another relation, the payee waits anew.
   * @throws CustomerNotFound, KeyPersonNeeded, FamilyNeedsDocument, PayeeNotPossible, TooManyPayees
   */
  register({ customerId, relation, ...other }: RegisterPayee, actor: Actor): Promise<Payee> {
    const payeeId = other.payeeId.toLowerCase();
    if (relation === 'FAMILY' && actor.kind === 'customer') throw new FamilyNeedsDocument();
    return asSystem(() =>
      this.transaction.run(async (tx) => {
        await this.customers.lockCustomer(tx, customerId);
        const known = await payeesOf(tx, customerId);
        const same = known.find((payee) => payee.payeeId === payeeId);
        if (same?.relation === relation) return same;
        await this.requirePossible(tx, { customerId, payeeId, relation });
        if (!same && known.length >= MAX_PAYEES) throw new TooManyPayees({ limit: MAX_PAYEES });
        const registeredAt = this.clock.now();
        if (same) await removePayee(tx, same, registeredAt);
        const payee: Payee = {
          ...{ customerId, registrationId: newId(), payeeId, relation, registeredBy: actor.id, registeredAt },
          activeFrom: payeeActiveFrom(registeredAt),
        };
        await insertPayee(tx, payee);
        tx.audit({
          action: 'points.register-payee',
          objectType: 'PointsPayee',
          objectId: payee.registrationId,
          customerId,
          ...(same && { before: { payeeId, relation: same.relation } }),
          after: { payeeId, relation, activeFrom: payee.activeFrom },
        });
        return payee;
      }),
    );
  }

  /** @throws CustomerNotFound, PayeeNotRegistered */
  remove(customerId: string, payeeId: string): Promise<void> {
    return this.transaction.run(async (tx) => {
      await this.customers.lockCustomer(tx, customerId);
      const payee = (await payeesOf(tx, customerId)).find((each) => each.payeeId === payeeId);
      if (!payee) throw new PayeeNotRegistered();
      await removePayee(tx, payee, this.clock.now());
      tx.audit({
        action: 'points.remove-payee',
        objectType: 'PointsPayee',
        objectId: payee.registrationId,
        customerId,
        before: { payeeId, relation: payee.relation },
      });
    });
  }

  private async requirePossible(tx: Tx, { customerId, payeeId, relation }: RegisterPayee): Promise<void> {
    const payer = await this.customers.profileOf(customerId, tx);
    if (payer.kind === 'group') throw new KeyPersonNeeded();
    if (!isId(payeeId) || payeeId === customerId || !(await this.customers.exists(payeeId, tx)))
      throw new PayeeNotPossible();
    const payee = await this.customers.profileOf(payeeId, tx);
    const mayReceive =
      payee.kind === 'individual' &&
      payee.archive === 'in-network' &&
      payee.region !== undefined &&
      payee.region === payer.region &&
      (relation === 'FAMILY' || (await this.customers.areOneParty([customerId, payeeId], tx)));
    if (!mayReceive) throw new PayeeNotPossible();
  }
}
