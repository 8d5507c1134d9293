import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { isId, Transaction, type Tx } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import {
  Approvals,
  CarriesOut,
  defineApproval,
  type Approval,
  type Approved,
  type CarriesOutApproval,
} from '../../organization/index.js';
import { erasureStanding } from '../domain/erasure.js';
import { CustomerIsErased, CustomerIsServed, CustomerNotFound } from '../domain/refusals.js';
import { lockRemembered } from '../persistence/erasure-rows.js';
import { EraseCustomer, type ErasureAnswer } from './erase-customer.js';

interface ErasureOf {
  readonly customerId: string;
}

const Erasure = defineApproval<ErasureOf>('privacy.erase', {
  title: { en: 'Erase a customer', zh: '删除客户个人信息' },
  ask: 'privacy.request',
  decide: 'privacy.approve',
});

/** Puts the erasure of a customer before a second person. */
@Injectable()
export class RequestErasure {
  constructor(
    private readonly transaction: Transaction,
    private readonly approvals: Approvals,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerNotFound, CustomerIsServed, CustomerIsErased */
  async execute(customerId: string, reason: string, actor: Actor): Promise<Approval> {
    if (!isId(customerId)) throw new CustomerNotFound();
    return this.transaction.run(async (tx) => {
      const remembered = await lockRemembered(tx, customerId);
      if (!remembered) throw new CustomerNotFound();
      const standing = erasureStanding(remembered, businessDate(this.clock.now()));
      if (standing === 'served') throw new CustomerIsServed();
      if (standing === 'erased') throw new CustomerIsErased();
      return this.approvals.ask(
        tx,
        Erasure,
        { subject: customerId, customerId, payload: { customerId }, reason },
        actor,
      );
    });
  }
}

@CarriesOut(Erasure)
@Injectable()
export class EraseApprovedCustomer implements CarriesOutApproval<ErasureOf> {
  constructor(private readonly erasing: EraseCustomer) {}

  carryOut(tx: Tx, { payload, reason, askedBy, approver }: Approved<ErasureOf>): Promise<ErasureAnswer> {
    return this.erasing.execute(tx, {
      customerId: payload.customerId,
      reason,
      requestedBy: askedBy,
      approvedBy: approver.id,
    });
  }
}
