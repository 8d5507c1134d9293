import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Transaction, type Tx } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { CustomersFacade, type Profile } from '../../customers/index.js';
import {
  Approvals,
  CarriesOut,
  defineApproval,
  type Approval,
  type Approved,
  type CarriesOutApproval,
} from '../../organization/index.js';
import { beginOf, requireAskable, type AskedLevel } from '../domain/level-exception.js';
import { ratedKind } from '../domain/program.js';
import { LevelOfAnotherKind } from '../domain/refusals-of-groups.js';
import { ExceptionOfDeparted, ExceptionsOverlap, ExceptionOfUnknownProgram } from '../domain/refusals-of-exceptions.js';
import { programOf } from '../persistence/programs.js';
import { exceptionWithin, insertException } from '../persistence/tier-overrides.js';
import { followException } from './follow-exception.js';

/** As JSON keeps it. */
type Frozen = Omit<AskedLevel, 'validFrom'> & { readonly validFrom: string | null };

const GiveLevelException = defineApproval<Frozen>('tiering.level-exception', {
  title: { en: 'Give a level by hand', zh: '特批客户级别' },
  ask: 'exceptions.ask',
  decide: 'exceptions.approve',
});

@Injectable()
export class AskForLevelException {
  constructor(
    private readonly transaction: Transaction,
    private readonly approvals: Approvals,
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerNotFound, ExceptionOfDeparted, ExceptionOfUnknownProgram, LevelOfAnotherKind, ExceptionsOverlap, and what requireAskable throws */
  async execute(asked: AskedLevel, reason: string, actor: Actor): Promise<Approval> {
    const { customerId, program, validUntil } = asked;
    const today = businessDate(this.clock.now());
    return this.transaction.run(async (tx) => {
      const customer = await requireInNetwork(tx, this.customers, customerId);
      const known = await programOf(tx, program);
      if (!known) throw new ExceptionOfUnknownProgram();
      const rated = ratedKind(known.kind);
      if (rated && rated !== customer.kind) throw new LevelOfAnotherKind(rated);
      requireAskable(asked, { scale: known.scale, today });
      const other = await exceptionWithin(tx, { customerId, program, validFrom: beginOf(asked, today), validUntil });
      if (other) throw new ExceptionsOverlap(other);
      return this.approvals.ask(
        tx,
        GiveLevelException,
        { subject: customerId, customerId, payload: { ...asked, validFrom: asked.validFrom ?? null }, reason },
        actor,
      );
    });
  }
}

@CarriesOut(GiveLevelException)
@Injectable()
export class GiveApprovedLevelException implements CarriesOutApproval<Frozen> {
  constructor(
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  /** What held when it was asked may have passed: it is looked at again. The exception bears the id of its approval. */
  async carryOut(tx: Tx, { approvalId, payload, reason, askedBy, approver }: Approved<Frozen>): Promise<object> {
    const now = this.clock.now();
    const today = businessDate(now);
    const { customerId } = payload;
    await this.customers.lockCustomer(tx, customerId);
    await requireInNetwork(tx, this.customers, customerId);
    const validFrom = beginOf({ ...payload, validFrom: payload.validFrom ?? undefined }, today);
    const exception = {
      ...payload, validFrom, exceptionId: approvalId, reason, askedBy, approvedBy: approver.id, recordedAt: now,
    }; // prettier-ignore
    if (!(await insertException(tx, exception))) {
      throw new ExceptionsOverlap((await exceptionWithin(tx, exception)) ?? exception);
    }
    const { tier, mode, category, program, validUntil } = exception;
    tx.audit({
      action: 'tiering.give-exception', objectType: 'LevelException', objectId: approvalId, customerId, reason,
      after: { program, tier, mode, category, validFrom, validUntil },
    }); // prettier-ignore
    if (validFrom === today) await followException(tx, exception, { today, now });
    return { levelException: approvalId, validFrom, validUntil };
  }
}

async function requireInNetwork(tx: Tx, customers: CustomersFacade, customerId: string): Promise<Profile> {
  const profile = await customers.profileOf(customerId, tx);
  if (profile.archive !== 'in-network') throw new ExceptionOfDeparted();
  return profile;
}
