import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { isId, newId, Transaction, type Tx } from '../../../../platform/database/index.js';
import { WholeOperatorOnly } from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { Runs } from '../../../../platform/queues/index.js';
import {
  Approvals,
  CarriesOut,
  defineApproval,
  type Approval,
  type Approved,
  type CarriesOutApproval,
} from '../../../organization/index.js';
import { stateOf } from '../../domain/expiry/expiry-batch.js';
import { daysAfter, LONGEST_RETURN_DAYS } from '../../domain/expiry/expiry.js';
import {
  ExpiryBatchNotFound,
  ExpiryBatchNotReversible,
  InvalidUsableUntil,
} from '../../domain/expiry/refusals-of-expiry.js';
import { batchOf, type ExpiryBatch } from '../../persistence/expiry/expiry.js';
import { GIVE_BACK_EXPIRED } from './give-back-expired.run.js';

interface Asked {
  readonly batchId: string;
  /** The new last day of all points of the batch. */
  readonly usableUntil: string;
}

const ReverseExpiry = defineApproval<Asked>('points.reverse-expiry', {
  title: { en: 'Give a batch of expired points back', zh: '清零批次冲正' },
  ask: 'points.run',
  decide: 'points.approve',
});

/** Asks that a batch of cleared points is given back (清零冲正), usable until a day that is agreed with it. */
@Injectable()
export class AskForExpiryReversal {
  constructor(
    private readonly transaction: Transaction,
    private readonly approvals: Approvals,
    private readonly clock: Clock,
  ) {}

  /** @throws ExpiryBatchNotFound, ExpiryBatchNotReversible, InvalidUsableUntil, RequestWithoutReason */
  execute({ batchId, usableUntil }: Asked, reason: string, actor: Actor): Promise<Approval> {
    return this.transaction.run(async (tx) => {
      await reversible(tx, batchId);
      requireUsable(usableUntil, businessDate(this.clock.now()));
      return this.approvals.ask(
        tx,
        ReverseExpiry,
        { subject: batchId, payload: { batchId, usableUntil }, reason },
        actor,
      );
    });
  }
}

/** A run gives the points back, with what the approval commits. */
@CarriesOut(ReverseExpiry)
@Injectable()
export class ReverseApprovedExpiry implements CarriesOutApproval<Asked> {
  constructor(
    private readonly runs: Runs,
    private readonly clock: Clock,
  ) {}

  async carryOut(tx: Tx, { payload, reason, approver }: Approved<Asked>): Promise<object> {
    // Whoever sees some provinces only would give back those of others unseen.
    if (!approver.scope.everybody) throw new WholeOperatorOnly();
    const { batchId, usableUntil } = payload;
    const { as_of: clearedOn } = await reversible(tx, batchId);
    const today = businessDate(this.clock.now());
    requireUsable(usableUntil, today);
    const { runId } = await this.runs.startWithin(tx, {
      kind: GIVE_BACK_EXPIRED,
      key: `${clearedOn}.${newId()}`,
      asOf: today,
    });
    await tx.execute(
      'UPDATE points.expiry_batch SET reversal_run_id = $2, reversed_by = $3, usable_until = $4 WHERE batch_id = $1',
      [batchId, runId, approver.id, usableUntil],
    );
    const after = { runId, usableUntil };
    tx.audit({ action: 'points.reverse-expiry', objectType: 'ExpiryBatch', objectId: batchId, after, reason });
    return after;
  }
}

/** Locks the batch: two approvals take turns, and the second finds it reversed. @throws ExpiryBatchNotFound, ExpiryBatchNotReversible */
async function reversible(tx: Tx, batchId: string): Promise<ExpiryBatch> {
  const batch = isId(batchId) ? await batchOf(tx, batchId, true) : undefined;
  if (!batch) throw new ExpiryBatchNotFound();
  const state = stateOf(batch);
  if (state !== 'POSTED') throw new ExpiryBatchNotReversible({ state });
  return batch;
}

/** @throws InvalidUsableUntil */
function requireUsable(usableUntil: string, today: string): void {
  const to = daysAfter(today, LONGEST_RETURN_DAYS);
  if (usableUntil < today || usableUntil > to) throw new InvalidUsableUntil({ from: today, to });
}
