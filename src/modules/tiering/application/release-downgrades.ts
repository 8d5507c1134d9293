import { Injectable } from '@nestjs/common';
import { isId, Transaction, type Tx } from '../../../platform/database/index.js';
import { WholeOperatorOnly } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { Runs, type RunStatus } from '../../../platform/queues/index.js';
import {
  Approvals,
  CarriesOut,
  defineApproval,
  type Approval,
  type Approved,
  type CarriesOutApproval,
} from '../../organization/index.js';
import { NothingToRelease, ReviewNotFound } from '../domain/refusals-of-runs.js';
import { TooManyDowngrades } from '../persistence/reviews.js';

interface Held {
  readonly runId: string;
  readonly program: string;
  readonly asOf: string;
  readonly downgrades: number;
}

const ReleaseDowngrades = defineApproval<Held>('tiering.release-downgrades', {
  title: { en: 'Lower more levels than the guard allows', zh: '放行批量降级' },
  ask: 'tiering.run',
  decide: 'tiering.approve',
});

/** Asks that a review which its guard has stopped (降级保护) lowers the levels all the same. */
@Injectable()
export class AskForRelease {
  constructor(
    private readonly transaction: Transaction,
    private readonly approvals: Approvals,
  ) {}

  /** @throws ReviewNotFound, NothingToRelease, RequestWithoutReason */
  execute(runId: string, reason: string, actor: Actor): Promise<Approval> {
    return this.transaction.run(async (tx) => {
      const payload = await heldBack(tx, runId);
      return this.approvals.ask(tx, ReleaseDowngrades, { subject: runId, payload, reason }, actor);
    });
  }
}

/** The run goes on at its end: it lowers what it has decided, once. */
@CarriesOut(ReleaseDowngrades)
@Injectable()
export class ReleaseApprovedDowngrades implements CarriesOutApproval<Held> {
  constructor(private readonly runs: Runs) {}

  async carryOut(tx: Tx, { payload, reason, approver }: Approved<Held>): Promise<object> {
    // Whoever sees some provinces only would release those of others unseen.
    if (!approver.scope.everybody) throw new WholeOperatorOnly();
    const held = await heldBack(tx, payload.runId);
    if (held.downgrades !== payload.downgrades) {
      throw new NothingToRelease({ status: 'changed', pendingDowngrades: held.downgrades });
    }
    await tx.execute('UPDATE tiering.review SET downgrades_released_by = $2 WHERE run_id = $1', [
      held.runId,
      approver.id,
    ]);
    await this.runs.resumeWithin(tx, held.runId);
    tx.audit({
      action: 'tiering.release-downgrades',
      objectType: 'TierReview',
      objectId: held.runId,
      after: held,
      reason,
    });
    return held;
  }
}

/** Locks the review: two releases take turns. @throws ReviewNotFound, NothingToRelease */
async function heldBack(tx: Tx, runId: string): Promise<Held> {
  if (!isId(runId)) throw new ReviewNotFound();
  const [locked] = await tx.query('SELECT FROM tiering.review WHERE run_id = $1 FOR UPDATE', [runId]);
  if (!locked) throw new ReviewNotFound();
  const [found] = await tx.query<Held & { readonly status: RunStatus; readonly byGuard: boolean }>(
    `SELECT v.run_id AS "runId", v.program, v.as_of AS "asOf", r.status, COALESCE(r.error LIKE $2, false) AS "byGuard",
       (SELECT count(*) FROM tiering.pending_downgrade d WHERE d.run_id = v.run_id) AS downgrades
     FROM tiering.review v JOIN platform.run r USING (run_id) WHERE v.run_id = $1`,
    [runId, `%${TooManyDowngrades.code}%`],
  );
  if (!found) throw new ReviewNotFound();
  const { status, byGuard, program, asOf, downgrades } = found;
  if (status !== 'failed' || !byGuard || downgrades === 0) {
    throw new NothingToRelease({ status, pendingDowngrades: downgrades });
  }
  return { runId, program, asOf, downgrades };
}
