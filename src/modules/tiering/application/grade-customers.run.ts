import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import {
  DefinesRun,
  RunParametersRefused,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../platform/queues/index.js';
import { monthlyOnceBilled, requireBillsOf, type WaitsForBills } from '../../usage/index.js';
import { ReviewBeforeTheLast } from '../domain/refusals.js';
import { beginReview, hasReviewedAfter, lowerPending, reviewPart } from '../persistence/reviews.js';
import { levelsOf } from '../persistence/levels-of.js';
import { PROGRAM } from '../persistence/rule-sets.js';

/** Gives the levels of one programme to everybody as of a day; again under another key, it changes what new facts change. */
@Injectable() // what its constructor takes is given to those who extend it
abstract class GivesGrades<Parameters extends WaitsForBills> implements RunDefinition<Parameters> {
  abstract readonly kind: `tiering.${string}`;
  abstract readonly describe: string;
  readonly permission = 'tiering.run';
  readonly sliceSize: number = 20_000;
  readonly parallelSlices: number = 2;

  constructor(private readonly clock: Clock) {}

  protected abstract programOf(run: Run<Parameters>): string;

  population(): Population {
    return { sql: 'SELECT customer_id FROM customers.profile' };
  }

  async prepare(tx: Tx, run: Run<Parameters>): Promise<{ ruleVersion: string }> {
    const { runId, asOf, parameters } = run;
    const program = this.programOf(run);
    if (parameters.onlyWithBillsOf) await requireBillsOf(tx, parameters.onlyWithBillsOf);
    if (await hasReviewedAfter(tx, { program, asOf })) throw new ReviewBeforeTheLast(asOf);
    const { rules } = await beginReview(tx, { runId, program, asOf, startedAt: this.clock.now() });
    return { ruleVersion: rules.everywhere.version };
  }

  slice(tx: Tx, run: Run<Parameters>, slice: Slice): Promise<Counts> {
    return reviewPart(tx, { run, slice, decidedAt: this.clock.now() });
  }

  /** @throws TooManyDowngrades */
  async finish(tx: Tx, run: Run<Parameters>): Promise<Outcome> {
    await lowerPending(tx, run, this.clock.now());
    return levelsOf(tx, this.programOf(run));
  }
}

@DefinesRun()
@Injectable()
export class GradeStars extends GivesGrades<WaitsForBills> {
  readonly kind = 'tiering.star-level';
  readonly describe = 'Gives every customer the stars of the star service (星级) as of a day.';
  readonly schedule = monthlyOnceBilled('15 3 6 * *');
  protected programOf = (): string => 'STAR';
}

@DefinesRun()
@Injectable()
export class GradeCredit extends GivesGrades<WaitsForBills> {
  readonly kind = 'tiering.credit-grade';
  readonly describe = 'Grades the credit of every customer (信誉度评定) as of a day.';
  readonly schedule = monthlyOnceBilled('30 3 6 * *');
  // How somebody pays is made anew of all bills: about a thousand customers a second.
  override readonly sliceSize: number = 2_000;
  protected programOf = (): string => 'CREDIT';
}

@DefinesRun()
@Injectable()
export class ClassifyCustomers extends GivesGrades<WaitsForBills> {
  readonly kind = 'tiering.customer-class';
  readonly describe = 'Classifies every customer by spending power, value and type (客户分类) as of a day.';
  readonly schedule = monthlyOnceBilled('45 3 6 * *');
  protected programOf = (): string => 'CLASS';
}

@DefinesRun()
@Injectable()
export class ValueCustomers extends GivesGrades<WaitsForBills> {
  readonly kind = 'tiering.value';
  readonly describe = 'Values every customer by the value model that is shipped (客户价值) as of a day.';
  readonly schedule = monthlyOnceBilled('0 4 6 * *');
  protected programOf = (): string => 'VALUE';
}

interface OfProgram extends WaitsForBills {
  readonly program: string;
}

/** Any other programme: a value model of an author, a target segment. */
@DefinesRun()
@Injectable()
export class GradeByProgram extends GivesGrades<OfProgram> {
  readonly kind = 'tiering.grade';
  readonly describe = 'Gives every customer the levels of a programme, its parameter, as of a day.';

  /** @throws RunParametersRefused */
  parametersFrom({ program, ...others }: Readonly<Record<string, unknown>>): OfProgram {
    if (typeof program !== 'string' || program === PROGRAM || Object.keys(others).length > 0) {
      throw new RunParametersRefused('program: a programme whose levels are not card levels');
    }
    return { program };
  }

  protected programOf = ({ parameters }: Run<OfProgram>): string => parameters.program;
}
