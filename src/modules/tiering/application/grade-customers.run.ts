import { Injectable } from '@nestjs/common';
import { DefinesRun, RunParametersRefused, type Population, type Run } from '../../../platform/queues/index.js';
import { PROFILE_VIEW } from '../../customers/index.js';
import { monthlyOnceBilled, type WaitsForBills } from '../../usage/index.js';
import { PROGRAM } from '../persistence/rule-sets.js';
import { GivesLevels } from './gives-levels.js';

@DefinesRun()
@Injectable()
export class GradeStars extends GivesLevels<WaitsForBills> {
  readonly kind = 'tiering.star-level';
  readonly describe = 'Gives every customer the stars of the star service (星级) as of a day.';
  readonly schedule = monthlyOnceBilled('15 3 6 * *');
  protected programOf = (): string => 'STAR';
}

@DefinesRun()
@Injectable()
export class GradeCredit extends GivesLevels<WaitsForBills> {
  readonly kind = 'tiering.credit-grade';
  readonly describe = 'Grades the credit of every customer (信誉度评定) as of a day.';
  readonly schedule = monthlyOnceBilled('30 3 6 * *');
  // How somebody pays is made anew of all bills. Measured: those of 5,000 customers stay in memory; of 20,000
  // each takes half as long again.
  override readonly sliceSize: number = 5_000;
  protected programOf = (): string => 'CREDIT';
}

@DefinesRun()
@Injectable()
export class ClassifyCustomers extends GivesLevels<WaitsForBills> {
  readonly kind = 'tiering.customer-class';
  readonly describe = 'Classifies every customer by spending power, value and type (客户分类) as of a day.';
  readonly schedule = monthlyOnceBilled('45 3 6 * *');
  protected programOf = (): string => 'CLASS';
}

@DefinesRun()
@Injectable()
export class ValueCustomers extends GivesLevels<WaitsForBills> {
  readonly kind = 'tiering.value';
  readonly describe = 'Values every customer by the value model that is shipped (客户价值) as of a day.';
  readonly schedule = monthlyOnceBilled('0 4 6 * *');
  protected programOf = (): string => 'VALUE';
}

@DefinesRun()
@Injectable()
export class GradeGroups extends GivesLevels<WaitsForBills> {
  readonly kind = 'tiering.group-level';
  readonly describe = 'Gives every group customer its class (集团客户级别) as of a day.';
  readonly schedule = monthlyOnceBilled('5 4 6 * *');
  protected programOf = (): string => 'GROUP';

  override population(): Population {
    return { sql: `SELECT customer_id FROM ${PROFILE_VIEW} WHERE kind = 'group'` };
  }
}

interface OfProgram extends WaitsForBills {
  readonly program: string;
}

/** Any other programme: a value model of an author, a target segment. */
@DefinesRun()
@Injectable()
export class GradeByProgram extends GivesLevels<OfProgram> {
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
