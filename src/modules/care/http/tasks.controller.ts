import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  BooleanField,
  CurrentActor,
  DateField,
  defineResource,
  EnumField,
  headOf,
  IdField,
  InstantField,
  IntegerField,
  ListQuery,
  ObjectField,
  Operation,
  ResourceIdPipe,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { AccessRegister } from '../../organization/index.js';
import { EndTask } from '../application/end-task.js';
import { FindTasks, type Compliance, type FoundTask } from '../application/tasks.query.js';
import { CareTaskEnded, CareTaskNotFound } from '../domain/refusals.js';
import { cancellations, taskStates, type Cancellation, type Ending, type TaskState } from '../domain/task.js';
import { ActionLabelView } from './standard-actions.controller.js';

const AREA = '/care-api/care/v1';

const tasks = defineResource({
  type: 'CareTask',
  path: `${AREA}/task`,
  attributes: {
    id: { type: 'id', column: 't.task_id', filter: true },
    customerId: { type: 'id', column: 't.customer_id', filter: true },
    managerId: {
      type: 'id',
      column: 't.manager_id',
      filter: true,
      description: 'The account manager whose task it is',
    },
    isUnassigned: { type: 'boolean', column: '(t.manager_id IS NULL)', filter: true },
    code: { type: 'text', column: 't.code', filter: true },
    tier: { type: 'text', column: 't.tier', filter: true },
    state: { type: 'enum', column: 't.state', values: taskStates, filter: true },
    isLate: { type: 'boolean', column: `(t.state = 'open' AND t.due_on < d.today)`, filter: true },
    madeOn: { type: 'date', column: 't.made_on', filter: true, sort: true },
    dueOn: { type: 'date', column: 't.due_on', filter: true, sort: true },
  },
  defaultSort: 'dueOn',
  rowsOf: { customerId: 't.customer_id' },
});

const compliances = defineResource({
  type: 'CareCompliance',
  path: `${AREA}/compliance`,
  attributes: {
    managerId: { type: 'id', column: 'c."managerId"', filter: true, sort: true },
    from: { type: 'date', filter: true, description: 'Default: the first day of the month of `until`' },
    until: { type: 'date', filter: true, description: 'The last day of the period; default: today' },
    due: { type: 'integer', column: 'c.due', sort: true },
    open: { type: 'integer', column: 'c.open', sort: true },
  },
  idColumn: 'c."managerId"',
  defaultSort: '-due',
});

class CareTaskView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'CareTask' }) '@type'!: string;
  @IdField() customerId!: string;
  @IdField({ optional: true, description: 'The account manager whose task it is; without one it is anybody’s' })
  managerId?: string | undefined;
  @TextField({ example: 'CALL' }) code!: string;
  @ObjectField(() => ActionLabelView) label!: ActionLabelView;
  @TextField({ description: 'What is to be done' }) content!: string;
  @IdField() standardActionId!: string;
  @TextField({ description: 'The first day of its period, or the decision about the level', example: '2026-01-01' })
  occasion!: string;
  @TextField({ description: 'The level that asked for it', example: 'GOLD' }) tier!: string;
  @DateField() madeOn!: string;
  @DateField({ description: 'The last day in time' }) dueOn!: string;
  @EnumField({ values: taskStates, enumName: 'CareTaskState' }) state!: TaskState;
  @BooleanField({ description: 'Open, and due before today' }) isLate!: boolean;
  @TextField({ optional: true, minLength: 0, description: 'In the words of who has ended it' })
  outcome?: string | undefined;
  @EnumField({ values: cancellations, enumName: 'CareTaskCancellation', optional: true })
  cancelledBecause?: Cancellation | undefined;
  @TextField({ optional: true }) endedBy?: string | undefined;
  @InstantField({ optional: true }) endedAt?: Date | undefined;
}

class CompleteCareTaskBody {
  @TextField({ maxLength: 300, example: 'Reached; is content' }) outcome!: string;
}

class CancelCareTaskBody {
  @TextField({ maxLength: 300, example: 'Asked not to be called this quarter' }) reason!: string;
}

class CareComplianceView {
  @TextField({ description: 'The manager, or `unassigned`' }) id!: string;
  @TextField() href!: string;
  @TextField({ example: 'CareCompliance' }) '@type'!: string;
  @IdField({ optional: true, description: 'Without one: tasks of customers without an account manager' })
  managerId?: string | undefined;
  @DateField() from!: string;
  @DateField({ example: '2026-03-31' }) until!: string;
  @IntegerField({ description: 'Tasks due in the period, cancelled ones left out', example: 40 }) due!: number;
  @IntegerField({ example: 36 }) doneInTime!: number;
  @IntegerField({ example: 1 }) doneLate!: number;
  @IntegerField({ example: 3 }) open!: number;
  @IntegerField({ description: 'Cancelled by people, not by the run', example: 2 }) cancelledByHand!: number;
  @IntegerField({ nullable: true, description: 'doneInTime of due, rounded down; null when none was', example: 90 })
  compliancePercent!: number | null;
}

@ApiTags('Standard actions and tasks (规定动作与任务)')
@Controller(AREA)
export class CareTasksController {
  constructor(
    private readonly find: FindTasks,
    private readonly ending: EndTask,
    private readonly register: AccessRegister,
  ) {}

  @Get('task')
  @Operation({
    summary: 'What is to be done for customers (任务清单)',
    description: 'What is due first comes first. Account managers see the tasks of their own customers.',
    permission: 'care.read',
    returns: CareTaskView,
  })
  async list(@ListQuery(tasks) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<CareTaskView>> {
    const customers = new Set<string>();
    const page = await this.find.list(list, (task) => {
      customers.add(task.customerId);
      return viewOf(task);
    });
    if (customers.size > 0) await this.registerRead(actor, [...customers]);
    return page;
  }

  @Get('task/:id')
  @Operation({
    summary: 'One task (任务详情)',
    permission: 'care.read',
    concerns: { careTask: 'params.id', unknown: CareTaskNotFound },
    returns: CareTaskView,
    refusals: [CareTaskNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<CareTaskView> {
    const task = await this.find.one(id);
    await this.registerRead(actor, [task.customerId], id);
    return viewOf(task);
  }

  @Post('task/:id/complete')
  @HttpCode(200)
  @Operation({
    summary: 'Say that a task is done (完成任务)',
    description: 'Said again, by whomever, it is done once: the first words count.',
    permission: 'care.work',
    concerns: { careTask: 'params.id', unknown: CareTaskNotFound },
    returns: CareTaskView,
    refusals: [CareTaskNotFound, CareTaskEnded],
  })
  complete(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { outcome }: CompleteCareTaskBody,
    @CurrentActor() actor: Actor,
  ): Promise<CareTaskView> {
    return this.end(id, { as: 'done', outcome }, actor);
  }

  @Post('task/:id/cancel')
  @HttpCode(200)
  @Operation({
    summary: 'Say that a task will not be done (取消任务)',
    permission: 'care.work',
    concerns: { careTask: 'params.id', unknown: CareTaskNotFound },
    returns: CareTaskView,
    refusals: [CareTaskNotFound, CareTaskEnded],
  })
  cancel(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { reason }: CancelCareTaskBody,
    @CurrentActor() actor: Actor,
  ): Promise<CareTaskView> {
    return this.end(id, { as: 'cancelled', outcome: reason }, actor);
  }

  @Get('compliance')
  @Operation({
    summary: 'How many tasks each account manager does in time (规定动作完成率)',
    description: 'Of the tasks that are due in a period, of the customers in the scope of whoever asks.',
    permission: 'care.read',
    returns: CareComplianceView,
  })
  compliance(@ListQuery(compliances) list: ListRequest): Promise<Page<CareComplianceView>> {
    return this.find.compliance(list, complianceOf);
  }

  private async end(id: string, ending: Ending, actor: Actor): Promise<CareTaskView> {
    await this.ending.execute(id, ending, actor);
    return viewOf(await this.find.one(id));
  }

  private registerRead(actor: Actor, customerIds: readonly string[], id?: string): Promise<void> {
    const object = id === undefined ? undefined : { type: 'careTask', id };
    return this.register.record({ actor, action: 'care.read', customerIds, fieldGroups: ['tier', 'care'], object });
  }
}

const viewOf = (task: FoundTask): CareTaskView => ({
  ...headOf(tasks, task.taskId),
  customerId: task.customerId,
  managerId: task.managerId ?? undefined,
  code: task.code,
  label: { en: task.label.en, zh: task.label.zh },
  content: task.content,
  standardActionId: task.actionId,
  occasion: task.occasion,
  tier: task.tier,
  madeOn: task.madeOn,
  dueOn: task.dueOn,
  state: task.state,
  isLate: task.isLate,
  outcome: task.outcome ?? undefined,
  cancelledBecause: task.cancelledBecause ?? undefined,
  endedBy: task.endedBy ?? undefined,
  endedAt: task.endedAt ?? undefined,
});

const complianceOf = (
  { managerId, due, doneInTime, doneLate, open, cancelledByHand }: Compliance,
  { from, until }: { readonly from: string; readonly until: string },
): CareComplianceView => ({
  id: managerId ?? 'unassigned',
  href: `${compliances.path}?${managerId === null ? '' : `managerId=${managerId}&`}from=${from}&until=${until}`,
  '@type': compliances.type,
  managerId: managerId ?? undefined,
  from,
  until,
  due,
  doneInTime,
  doneLate,
  open,
  cancelledByHand,
  compliancePercent: due === 0 ? null : Math.floor((100 * doneInTime) / due),
});
