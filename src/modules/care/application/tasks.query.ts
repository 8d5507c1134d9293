import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Database, isId } from '../../../platform/database/index.js';
import {
  filterValues,
  readPage,
  ResolvesCustomer,
  type CustomerResolver,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import { CareTaskNotFound } from '../domain/refusals.js';
import type { Task } from '../domain/task.js';
import { COMPLIANCE, taskOf, TASKS } from '../persistence/tasks.js';

export type FoundTask = Task & { readonly isLate: boolean };

/** Of the tasks that were due, which were done in time (规定动作完成率). */
export interface Compliance {
  /** null: nobody's. */
  readonly managerId: string | null;
  /** Those that were cancelled count nowhere but below. */
  readonly due: number;
  readonly doneInTime: number;
  readonly doneLate: number;
  readonly open: number;
  readonly cancelledByHand: number;
}

@ResolvesCustomer('careTask')
@Injectable()
export class FindTasks implements CustomerResolver {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async customerOf(taskId: string): Promise<string | undefined> {
    return isId(taskId) ? (await taskOf(this.database, taskId, this.today()))?.customerId : undefined;
  }

  /** The resource may compare with `d.today`, the business day. */
  list<V extends object>(list: ListRequest, view: (task: FoundTask) => V): Promise<Page<V>> {
    const today = this.today();
    return readPage<Task, V>(this.database, list, { ...TASKS, params: [today] }, (task) => view(seenOn(task, today)));
  }

  /** @throws CareTaskNotFound */
  async one(taskId: string): Promise<FoundTask> {
    const today = this.today();
    const found = isId(taskId) ? await taskOf(this.database, taskId, today) : undefined;
    if (!found) throw new CareTaskNotFound();
    return seenOn(found, today);
  }

  /** Of the customers whom the actor may see; tasks due from `from` to `until`, by default in this month until today. */
  compliance<V extends object>(
    list: ListRequest,
    view: (compliance: Compliance, days: { readonly from: string; readonly until: string }) => V,
  ): Promise<Page<V>> {
    const until = dayIn(list, 'until') ?? this.today();
    const from = dayIn(list, 'from') ?? `${until.slice(0, 7)}-01`;
    return readPage<Compliance, V>(this.database, list, { ...COMPLIANCE, params: [from, until] }, (row) =>
      view(row, { from, until }),
    );
  }

  private today(): string {
    return businessDate(this.clock.now());
  }
}

const seenOn = (task: Task, today: string): FoundTask => ({
  ...task,
  isLate: task.state === 'open' && task.dueOn < today,
});

const dayIn = (list: ListRequest, name: string): string | undefined => filterValues(list, name)?.[0]?.toString();
