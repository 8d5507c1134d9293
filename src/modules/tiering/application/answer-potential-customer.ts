import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { isId, Transaction } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { maskFreeText } from '../../../platform/privacy/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { changes, restsUntil, termsOf, type Verdict } from '../domain/potential-customer.js';
import { CandidateHasLeft, PotentialCustomerNotFound } from '../domain/refusals-of-potential.js';
import {
  grantTrial,
  holdCandidacy,
  potentialCustomerOf,
  storeVerdict,
  type KnownPotentialCustomer,
} from '../persistence/potential-customers.js';

interface Answer {
  readonly candidateId: string;
  readonly verdict: Verdict;
  readonly reason: string;
}

/** A manager confirms or rejects a candidate (潜在大客户资格确认, CUS-21). */
@Injectable()
export class AnswerPotentialCustomer {
  constructor(
    private readonly transaction: Transaction,
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  /**
   * Of several at once the first one counts: whoever says the same afterwards changes nothing.
   * @throws PotentialCustomerNotFound, CandidacyOver, CandidateHasLeft
   */
  execute({ candidateId, verdict, ...answer }: Answer, actor: Actor): Promise<KnownPotentialCustomer> {
    const reason = maskFreeText(answer.reason);
    return this.transaction.run(async (tx) => {
      const at = this.clock.now();
      const today = businessDate(at);
      const known = isId(candidateId) ? await potentialCustomerOf(tx, candidateId, today) : undefined;
      if (!known) throw new PotentialCustomerNotFound();
      await this.customers.lockCustomer(tx, known.customerId);
      await holdCandidacy(tx, known);
      const candidacy = (await potentialCustomerOf(tx, candidateId, today)) ?? known;
      if (!changes(candidacy, verdict, today)) return candidacy;
      const { archive } = await this.customers.profileOf(known.customerId, tx);
      if (archive !== 'in-network') throw new CandidateHasLeft();

      const terms = termsOf(candidacy.rules, candidacy.level);
      const until = restsUntil(terms, verdict, today);
      await storeVerdict(tx, { candidacy, verdict, by: actor.id, reason, restsUntil: until, at });
      if (verdict === 'confirmed') await grantTrial(tx, { candidacy, trial: terms.trial, from: today, until, at });
      tx.audit({
        action: verdict === 'confirmed' ? 'tiering.confirm-potential' : 'tiering.reject-potential',
        objectType: 'PotentialCustomer',
        objectId: candidateId,
        customerId: candidacy.customerId,
        reason,
        before: { status: 'candidate' },
        after: { status: verdict, restsUntil: until },
      });
      return { ...candidacy, status: verdict, decidedBy: actor.id, decidedAt: at, reason, restsUntil: until };
    });
  }
}
