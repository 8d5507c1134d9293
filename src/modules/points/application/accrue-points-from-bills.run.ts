import { Injectable } from '@nestjs/common';
import { businessDate, businessMonth, Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { Refusal } from '../../../platform/errors/index.js';
import { Outbox } from '../../../platform/events/index.js';
import {
  DefinesRun,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../platform/queues/index.js';
import { PointsAccrued } from '../domain/events.js';
import { accrueFromBills } from '../persistence/accrue-from-bills.js';
import { ruleSetInForce } from '../persistence/earn-rule-sets.js';

export interface AccrueParameters {
  /** Late and corrected bills are looked for from this billing month on, `YYYY-MM`; default: eleven months before the cycle. */
  readonly correctionsFrom?: string;
}

export class InvalidCycle extends Refusal {
  static readonly code = 'points.invalid-cycle';
  static readonly kind = 'malformed';
  constructor() {
    super(InvalidCycle.code, InvalidCycle.kind, 'The key of a run of points.accrue is the billing month', {
      field: 'key',
      expected: 'YYYY-MM, or YYYY-MM.2 … to run it again',
    });
  }
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
      const firstDay = new Date(`${businessMonth(now)}-01T00:00:00+08:00`);
      const billed = businessMonth(new Date(firstDay.getTime() - 1));
      return { key: billed, asOf: businessDate(now), parameters: {} };
    },
  };
  // A slice holds the accounts of its customers; redemptions wait for that long, a fraction of a second.
  readonly sliceSize: number = 5_000;
  readonly parallelSlices: number = 2;

  constructor(
    private readonly clock: Clock,
    private readonly outbox: Outbox,
  ) {}

  /** @throws InvalidCycle */
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

  /** @throws InvalidCycle */
  async prepare(tx: Tx, run: Run<AccrueParameters>): Promise<{ ruleVersion: string }> {
    const { version } = await ruleSetInForce(tx, cyclesOf(run).lastCycle);
    return { ruleVersion: String(version) };
  }

  async slice(tx: Tx, run: Run<AccrueParameters>, { from, to }: Slice): Promise<Counts> {
    const { entries, postings, points, takenBack } = await accrueFromBills(tx, {
      from,
      to,
      ...cyclesOf(run),
      businessDate: run.asOf,
      recordedAt: this.clock.now(),
      runId: run.runId,
    });
    return { bills: entries, postings, points, takenBack };
  }

  async finish(tx: Tx, run: Run<AccrueParameters>): Promise<Outcome> {
    const [facts] = await tx.query<{ checksum: string; points: number }>(
      // Ids and figures, not times: the same bills, the same checksum. A sum, since a sum needs no order.
      `SELECT COALESCE(sum(uuid_hash_extended(journal_id, points)), 0)::text AS checksum,
         COALESCE(sum(points), 0)::bigint AS points
       FROM points.journal WHERE business_date = $1 AND run_id = $2`,
      [run.asOf, run.runId],
    );
    await this.outbox.publish(
      tx,
      PointsAccrued,
      { runId: run.runId, cycle: cycleOf(run) },
      { occurredAt: this.clock.now() },
    );
    return { checksum: facts?.checksum ?? '', summary: { points: facts?.points ?? 0 } };
  }
}

function cycleOf({ key }: Pick<Run, 'key'>): string {
  const cycle = /^(\d{4}-(?:0[1-9]|1[0-2]))(?:\.\w+)?$/.exec(key)?.[1];
  if (!cycle) throw new InvalidCycle();
  return cycle;
}

function cyclesOf(run: Run<AccrueParameters>): { readonly firstCycle: string; readonly lastCycle: string } {
  const cycle = cycleOf(run);
  return { firstCycle: `${run.parameters.correctionsFrom ?? elevenMonthsBefore(cycle)}-01`, lastCycle: `${cycle}-01` };
}

function elevenMonthsBefore(month: string): string {
  const year = Number(month.slice(0, 4)) - 1;
  const number = Number(month.slice(5)) + 1;
  return number > 12 ? `${year + 1}-01` : `${year}-${String(number).padStart(2, '0')}`;
}
