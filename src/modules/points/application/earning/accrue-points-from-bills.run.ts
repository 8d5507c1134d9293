import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import type { Tx } from '../../../../platform/database/index.js';
import { Outbox } from '../../../../platform/events/index.js';
import {
  DefinesRun,
  RunKeyRefused,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../../platform/queues/index.js';
import { monthsOf } from '../../../../platform/rules/index.js';
import { requireBillsOf, type WaitsForBills } from '../../../usage/index.js';
import { PointsAccrued } from '../../domain/ledger/events.js';
import { accrueFromBills, entriesOf, openBooks } from '../../persistence/earning/accrue-from-bills.js';
import { ruleSetInForce } from '../../persistence/earning/earn-rule-sets.js';

export interface AccrueParameters extends WaitsForBills {
  /** Late and corrected bills are looked for from this billing month on, `YYYY-MM`; default: eleven months before the cycle. */
  readonly correctionsFrom?: string;
}

/**
 * Lets the bills of a cycle earn points (定时重算积分, PTS-33). The key is the billing month. Late and corrected bills of
 * earlier months are put right along with it, each by the rules of its own month (PTS-02). A month may be run again under
 * the key `2025-03.2`: that changes only what has changed.
 */
@DefinesRun()
@Injectable()
export class AccruePointsFromBills implements RunDefinition<AccrueParameters> {
  readonly kind = 'points.accrue';
  readonly describe = 'Lets the bills of a month earn points, and puts right what late or corrected bills earned.';
  readonly permission = 'points.run';
  // After the levels of the month, whose factor counts, and before the assessment of churn.
  readonly schedule: RunDefinition<AccrueParameters>['schedule'] = {
    timetable: { cron: '30 3 6 * *' },
    due: (now) => {
      const asOf = businessDate(now);
      const cycle = monthsBefore(asOf, 1);
      return { key: cycle, asOf, parameters: { onlyWithBillsOf: `${cycle}-01` } };
    },
  };
  // A slice holds the accounts of its customers; redemptions wait for that long, a fraction of a second.
  readonly sliceSize: number = 5_000;
  readonly parallelSlices: number = 2;

  constructor(
    private readonly clock: Clock,
    private readonly outbox: Outbox,
  ) {}

  /** @throws RunKeyRefused */
  checkKey(key: string): void {
    cycleOf({ key });
  }

  population(run: Run<AccrueParameters>): Population {
    const { firstCycle, lastCycle } = cyclesOf(run);
    return {
      sql: 'SELECT DISTINCT customer_id FROM usage.bill WHERE cycle BETWEEN $1 AND $2',
      params: [firstCycle, lastCycle],
    };
  }

  /** @throws RunKeyRefused, MonthNotLoaded */
  async prepare(tx: Tx, run: Run<AccrueParameters>): Promise<{ ruleVersion: string }> {
    if (run.parameters.onlyWithBillsOf) await requireBillsOf(tx, run.parameters.onlyWithBillsOf);
    await openBooks(tx, run.asOf); // The slice that did it would hold up the one beside it.
    const { version } = await ruleSetInForce(tx, cyclesOf(run).lastCycle);
    return { ruleVersion: String(version) };
  }

  async slice(tx: Tx, run: Run<AccrueParameters>, { from, to }: Slice): Promise<Counts> {
    const { bills, entries, postings, points, takenBack } = await accrueFromBills(tx, {
      from,
      to,
      ...cyclesOf(run),
      businessDate: run.asOf,
      recordedAt: this.clock.now(),
      runId: run.runId,
    });
    return { bills, entries, postings, points, takenBack };
  }

  async finish(tx: Tx, run: Run<AccrueParameters>): Promise<Outcome> {
    await this.outbox.publish(
      tx,
      PointsAccrued,
      { runId: run.runId, cycle: cycleOf(run) },
      { occurredAt: this.clock.now() },
    );
    return entriesOf(tx, run);
  }
}

function cycleOf({ key }: Pick<Run, 'key'>): string {
  const cycle = /^(\d{4}-(?:0[1-9]|1[0-2]))(?:\.\w+)?$/.exec(key)?.[1];
  if (!cycle) throw new RunKeyRefused('the billing month as its key: YYYY-MM, or YYYY-MM.2 … to run it again');
  return cycle;
}

function cyclesOf(run: Run<AccrueParameters>): { readonly firstCycle: string; readonly lastCycle: string } {
  const lastCycle = `${cycleOf(run)}-01`;
  return { firstCycle: `${run.parameters.correctionsFrom ?? monthsBefore(lastCycle, 11)}-01`, lastCycle };
}

/** `YYYY-MM` */
const monthsBefore = (day: string, months: number): string =>
  monthsOf({ kind: 'rolling-months', months }, day).from.slice(0, 7);
