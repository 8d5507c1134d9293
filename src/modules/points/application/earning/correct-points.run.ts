import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import type { Tx } from '../../../../platform/database/index.js';
import { Outbox } from '../../../../platform/events/index.js';
import {
  DefinesRun,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../../platform/queues/index.js';
import { changedByIntake, intakeOfRun } from '../../../usage/index.js';
import { PointsCorrected } from '../../domain/ledger/events.js';
import { correctFromBills, entriesOf } from '../../persistence/earning/accrue-from-bills.js';

/**
 * Puts right what the bills earned that an intake has changed after their month was closed (DOMAIN §4.3.8). The entries that are there
 * stay; each bill gets one more with the difference. What has been spent meanwhile becomes a debt.
 */
@DefinesRun()
@Injectable()
export class CorrectPoints implements RunDefinition {
  readonly kind = 'points.correct';
  readonly describe = 'Puts right what bills of closed months earned that an intake, its key, has changed.';
  readonly permission = 'points.run';
  readonly sliceSize: number = 5_000;

  constructor(
    private readonly clock: Clock,
    private readonly outbox: Outbox,
  ) {}

  /** @throws RunKeyRefused */
  checkKey(key: string): void {
    intakeOfRun({ key });
  }

  population(run: Run): Population {
    return changedByIntake(intakeOfRun(run), ['BIL']);
  }

  async slice(tx: Tx, run: Run, { from, to }: Slice): Promise<Counts> {
    const { bills, entries, postings, points, takenBack } = await correctFromBills(tx, {
      from,
      to,
      intakeId: intakeOfRun(run),
      businessDate: run.asOf,
      recordedAt: this.clock.now(),
      runId: run.runId,
    });
    return { bills, entries, postings, points, takenBack };
  }

  async finish(tx: Tx, run: Run): Promise<Outcome> {
    const { runId } = run;
    await this.outbox.publish(
      tx,
      PointsCorrected,
      { runId, intakeId: intakeOfRun(run) },
      { occurredAt: this.clock.now() },
    );
    return entriesOf(tx, run);
  }
}
