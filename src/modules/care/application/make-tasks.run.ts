import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import {
  DefinesRun,
  onceADay,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../platform/queues/index.js';
import { actionsOn } from '../persistence/standard-actions.js';
import { CARED_FOR, makeTasks } from '../persistence/tasks.js';

/** What standard actions ask for, as tasks (规定动作生成任务; TIER-09, AM-14). A second run of a day makes none. */
@DefinesRun()
@Injectable()
export class MakeTasks implements RunDefinition {
  readonly kind = 'care.make-tasks';
  readonly describe =
    'Makes the tasks that standard actions ask for, and cancels those that nothing asks for any more.';
  readonly permission = 'care.manage';
  // After the runs of the night, before anybody looks what is to be done.
  readonly schedule = onceADay('30 6 * * *');

  constructor(private readonly clock: Clock) {}

  population(): Population {
    return { sql: CARED_FOR };
  }

  async slice(tx: Tx, { asOf }: Run, slice: Slice): Promise<Counts> {
    return makeTasks(tx, { slice, actions: await actionsOn(tx, asOf), asOf, at: this.clock.now() });
  }

  finish(_: Tx, { asOf }: Run, totals: Counts): Promise<Outcome> {
    const checksum = createHash('sha256')
      .update(JSON.stringify([asOf, totals]))
      .digest('hex');
    return Promise.resolve({ checksum });
  }
}
