import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Database, Transaction } from '../../../platform/database/index.js';
import { RunInTheFuture, RunParametersRefused, Runs, type Run } from '../../../platform/queues/index.js';
import { PREVIEW } from '../domain/life-of-a-rule-set.js';
import { markSimulated, ruleSetOfVersion } from '../persistence/rule-sets.js';

export interface Simulation {
  /** Default: today. */
  readonly asOf?: string | undefined;
  /** The version that it is compared with; default: what decides on that day. */
  readonly against?: string | undefined;
  /** As the first review of a level year would decide (定级年度); default: as a review on that day would. */
  readonly asYearlyReview?: boolean | undefined;
}

/** Starts a preview (试算): whom these rules would move, without moving anybody. The same question again is the same run. */
@Injectable()
export class SimulateRuleSet {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly runs: Runs,
    private readonly clock: Clock,
  ) {}

  /** One that has failed goes on. @throws RuleSetNotFound, RunInTheFuture, RunParametersRefused */
  async start(version: string, { asOf, against, asYearlyReview = false }: Simulation): Promise<Run> {
    const today = businessDate(this.clock.now());
    const day = asOf ?? today;
    if (day > today) throw new RunInTheFuture(today);
    const { program, checksum } = await ruleSetOfVersion(this.database, version);
    if (against !== undefined && (await ruleSetOfVersion(this.database, against)).program !== program) {
      throw new RunParametersRefused('against: a version of the same programme');
    }
    const run = await this.runOf({ version, checksum, day, against, asYearlyReview });
    if (run.status === 'failed' || run.status === 'cancelled') return this.runs.resume(run.runId);
    if (run.status === 'completed') {
      // Rules that were changed and changed back have their preview already.
      await this.transaction.run((tx) => markSimulated(tx, { version, checksum, runId: run.runId }));
    }
    return run;
  }

  private async runOf({ version, checksum, day, against, asYearlyReview }: Question): Promise<Run> {
    for (let nth = 1; ; nth++) {
      const { run } = await this.runs.start({
        kind: PREVIEW,
        key: createHash('sha256')
          .update([version, checksum, day, against ?? '', asYearlyReview, nth].join('\n'))
          .digest('hex'),
        asOf: day,
        parameters: { version, ...(against !== undefined && { against }), ...(asYearlyReview && { asYearlyReview }) },
      });
      // Rules that were changed before the run began were not what it has previewed.
      if (run.status !== 'completed' || run.summary?.['ruleSetChecksum'] === checksum) return run;
    }
  }
}

interface Question {
  readonly version: string;
  readonly checksum: string;
  readonly day: string;
  readonly against: string | undefined;
  readonly asYearlyReview: boolean;
}
