import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { isId, Transaction, type Tx } from '../../../platform/database/index.js';
import { WholeOperatorOnly } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { Runs } from '../../../platform/queues/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import {
  Approvals,
  CarriesOut,
  defineApproval,
  type Approval,
  type Approved,
  type CarriesOutApproval,
} from '../../organization/index.js';
import { FraudCaseKnown } from '../domain/refusals-of-runs.js';
import { LOWER_FOR_FRAUD } from './lower-tiers-for-fraud.run.js';

export interface FraudCase {
  readonly caseNumber: string;
  readonly customerIds: readonly string[];
}

const LowerForFraud = defineApproval<FraudCase>('tiering.fraud-case', {
  title: { en: 'Lower levels because of fraud', zh: '欺诈降级' },
  ask: 'tiering.run',
  decide: 'tiering.approve',
});

/** Asks that the levels of a fraud case (欺诈) are lowered within the level year. */
@Injectable()
export class AskForFraudCase {
  constructor(
    private readonly transaction: Transaction,
    private readonly approvals: Approvals,
  ) {}

  /** @throws CustomerNotFound, FraudCaseKnown, RequestWithoutReason */
  execute({ caseNumber, customerIds }: FraudCase, reason: string, actor: Actor): Promise<Approval> {
    return this.transaction.run(async (tx) => {
      if (!customerIds.every(isId)) throw new CustomerNotFound();
      const found = await tx.query('SELECT FROM customers.profile WHERE customer_id = ANY($1::uuid[])', [customerIds]);
      if (found.length < customerIds.length) throw new CustomerNotFound();
      await requireNew(tx, caseNumber);
      return this.approvals.ask(
        tx,
        LowerForFraud,
        { subject: caseNumber, payload: { caseNumber, customerIds }, reason },
        actor,
      );
    });
  }
}

@CarriesOut(LowerForFraud)
@Injectable()
export class LowerApprovedFraudCase implements CarriesOutApproval<FraudCase> {
  constructor(
    private readonly runs: Runs,
    private readonly clock: Clock,
  ) {}

  async carryOut(tx: Tx, { payload: { caseNumber, customerIds }, approver }: Approved<FraudCase>): Promise<object> {
    // Whoever sees some provinces only would lower customers of others unseen.
    if (!approver.scope.everybody) throw new WholeOperatorOnly();
    await requireNew(tx, caseNumber);
    const { runId } = await this.runs.startWithin(tx, {
      kind: LOWER_FOR_FRAUD,
      key: caseNumber,
      asOf: businessDate(this.clock.now()),
      parameters: { customerIds },
    });
    return { runId };
  }
}

/** A case is looked at once; another look is another case. */
async function requireNew(tx: Tx, caseNumber: string): Promise<void> {
  const [known] = await tx.query<{ run_id: string }>(
    'SELECT run_id FROM platform.run WHERE kind = $1 AND run_key = $2',
    [LOWER_FOR_FRAUD, caseNumber],
  );
  if (known) throw new FraudCaseKnown(known.run_id);
}
