import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { asSystem, Database, newId, Transaction } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { nationalMsisdn, PersonalData } from '../../../platform/privacy/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { AccessRegister } from '../../organization/index.js';
import { TieringFacade } from '../../tiering/index.js';
import { UnknownDialledCode } from '../domain/refusals.js';
import { insertContact, knownCodes, managerOf, policyInEffect, poolOfCode } from '../persistence/routing-rows.js';
import { Kicks } from './kicks.js';

export interface IncomingCall {
  /** The platform's own id of the call: again is the same contact. */
  readonly externalCallId: string;
  readonly dialledCode: string;
  /** Absent when withheld. Mobile numbers find their customer; others are served as ordinary callers. */
  readonly callerId?: string | undefined;
  readonly needs: readonly string[];
  readonly language?: string | undefined;
}

@Injectable()
export class EnterContact {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly customers: CustomersFacade,
    private readonly tiering: TieringFacade,
    private readonly personalData: PersonalData,
    private readonly register: AccessRegister,
    private readonly kicks: Kicks,
    private readonly clock: Clock,
  ) {}

  /** Takes the call into its queue, and sees at once whether somebody is free. @throws UnknownDialledCode */
  execute(call: IncomingCall, actor: Actor): Promise<{ readonly contactId: string }> {
    return asSystem(() => this.enter(call, actor)); // A call may come from anybody, wherever it is answered.
  }

  private async enter(call: IncomingCall, actor: Actor): Promise<{ readonly contactId: string }> {
    const pool = await poolOfCode(this.database, call.dialledCode);
    if (!pool) throw new UnknownDialledCode(await knownCodes(this.database));
    const mobile = call.callerId === undefined ? undefined : nationalMsisdn(call.callerId);
    const caller = mobile === undefined ? call.callerId : `+86${mobile}`;
    const customerId = mobile === undefined ? undefined : (await this.customers.findByMsisdn(mobile))?.customerId;
    const tier = customerId === undefined ? 'ORDINARY' : await this.tiering.tierOf(customerId);
    const managerId = customerId === undefined ? undefined : await managerOf(this.database, customerId);
    if (customerId !== undefined) {
      await this.register.record({
        actor,
        action: 'routing.contact',
        customerIds: [customerId],
        fieldGroups: ['tier'],
      });
    }

    const entered = await this.transaction.run(async (tx) => {
      const policy = await policyInEffect(tx);
      const now = this.clock.now();
      const contactId = newId();
      return insertContact(tx, {
        contact_id: contactId,
        source: actor.id,
        external_call_id: call.externalCallId,
        dialled_code: call.dialledCode,
        pool_id: pool.pool_id,
        domain: pool.domain,
        customer_id: customerId ?? null,
        tier,
        rank: this.tiering.serviceRank(tier),
        caller_sealed: caller === undefined ? null : this.personalData.seal(caller, `contact.caller:${contactId}`),
        caller_index: caller === undefined ? null : this.personalData.blindIndex('msisdn', caller),
        language: call.language ?? null,
        needs: call.needs,
        manager_id: managerId ?? null,
        policy_version: policy.version,
        queued_at: now,
        promote_at: new Date(now.getTime() + policy.promoteAfterSeconds * 1000),
      });
    });
    if (entered.isNew) await this.kicks.kick(pool.domain);
    return entered;
  }
}
