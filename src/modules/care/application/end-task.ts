import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { isId, Transaction } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { CareTaskEnded, CareTaskNotFound } from '../domain/refusals.js';
import { ends, type Ending } from '../domain/task.js';
import { endTask, holdTask, taskOf } from '../persistence/tasks.js';

/** A task is done, or will not be (完成或取消任务). */
@Injectable()
export class EndTask {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /**
   * Of several at once the first one counts: whoever says the same afterwards changes nothing.
   * @throws CareTaskNotFound, CareTaskEnded
   */
  async execute(taskId: string, ending: Ending, actor: Actor): Promise<void> {
    await this.transaction.run(async (tx) => {
      const at = this.clock.now();
      const known = isId(taskId) ? await taskOf(tx, taskId, businessDate(at)) : undefined;
      if (!known) throw new CareTaskNotFound();
      await holdTask(tx, known);
      const task = (await taskOf(tx, taskId, businessDate(at))) ?? known;
      const doesEnd = ends(task, ending);
      if (doesEnd === undefined) throw new CareTaskEnded(task.state);
      if (!doesEnd) return;
      await endTask(tx, { task, ...ending, by: actor.id, at });
      tx.audit({
        action: ending.as === 'done' ? 'care.complete-task' : 'care.cancel-task',
        objectType: 'CareTask',
        objectId: taskId,
        customerId: task.customerId,
        before: { state: task.state },
        after: { state: ending.as },
      });
    });
  }
}
