import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  DateField,
  defineResource,
  EnumField,
  headOf,
  InstantField,
  IntegerField,
  ListQuery,
  ObjectField,
  Operation,
  ResourceIdPipe,
  TextField,
  IdField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { AddStandardAction } from '../application/add-standard-action.js';
import { ChangeStandardAction } from '../application/change-standard-action.js';
import { FindStandardActions } from '../application/standard-actions.query.js';
import {
  StandardActionDays,
  StandardActionInEffect,
  StandardActionNotFound,
  StandardActionOccasion,
  StandardActionsOverlap,
  UnknownStandardActionLevel,
} from '../domain/refusals.js';
import {
  customerKinds,
  levelOccasions,
  rhythms,
  type CustomerKind,
  type LevelOccasion,
  type StandardAction,
} from '../domain/standard-action.js';

const standardActions = defineResource({
  type: 'StandardAction',
  path: '/care-api/care/v1/standardAction',
  attributes: {
    id: { type: 'id', column: 'a.action_id', filter: true },
    tier: { type: 'text', column: 'a.tier', filter: true },
    customerKind: { type: 'enum', column: 'a.customer_kind', values: customerKinds, filter: true },
    code: { type: 'text', column: 'a.code', filter: true, sort: true },
    onEvent: { type: 'enum', column: 'a.on_event', values: levelOccasions, filter: true },
    effectiveFrom: { type: 'date', column: 'a.effective_from', filter: true, sort: true },
    effectiveUntil: { type: 'date', column: 'a.effective_until', filter: true, sort: true },
  },
  defaultSort: 'code',
});

const CODE = /^[A-Z][A-Z0-9_]{0,39}$/;
const LEVEL = 'Of individuals the card level, of groups the class, A to D';
const MONTHS = `${rhythms.slice(0, -1).join(', ')} or ${rhythms.at(-1)}`;

export class ActionLabelView {
  @TextField({ maxLength: 80, example: 'Service call' }) en!: string;
  @TextField({ maxLength: 80, example: '电话回访' }) zh!: string;
}

class StandardActionView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'StandardAction' }) '@type'!: string;
  @TextField({ description: LEVEL, example: 'GOLD' }) tier!: string;
  @EnumField({ values: customerKinds, enumName: 'CaredCustomerKind' }) customerKind!: CustomerKind;
  @TextField({ example: 'CALL' }) code!: string;
  @ObjectField(() => ActionLabelView) label!: ActionLabelView;
  @TextField({ description: 'What is to be done' }) content!: string;
  @IntegerField({ optional: true, description: `Months between two: ${MONTHS}`, example: 3 })
  everyMonths?: number | undefined;
  @EnumField({
    values: levelOccasions,
    enumName: 'LevelOccasion',
    optional: true,
    description: 'Once, when it happens',
  })
  onEvent?: LevelOccasion | undefined;
  @IntegerField({ description: 'Days within which it is due; of what is periodic, within the period', example: 10 })
  dueWithinDays!: number;
  @DateField() effectiveFrom!: string;
  @DateField({ description: 'The first day on which it no longer holds' }) effectiveUntil!: string;
  @TextField() author!: string;
  @InstantField() createdAt!: Date;
}

class AddStandardActionBody {
  @TextField({ description: LEVEL, maxLength: 40, example: 'GOLD' }) tier!: string;
  @EnumField({ values: customerKinds, enumName: 'CaredCustomerKind', example: 'individual' })
  customerKind!: CustomerKind;
  @TextField({ pattern: CODE, maxLength: 40, example: 'BIRTHDAY_CALL' }) code!: string;
  @ObjectField(() => ActionLabelView) label!: ActionLabelView;
  @TextField({ example: 'Congratulate' }) content!: string;
  @IntegerField({ optional: true, min: 1, max: 12, example: 12, description: `Months between two: ${MONTHS}` })
  everyMonths?: number;
  @EnumField({ values: levelOccasions, optional: true, description: 'Instead: once, when it happens to a card level' })
  onEvent?: LevelOccasion;
  @IntegerField({ min: 1, max: 366, example: 30 }) dueWithinDays!: number;
  @DateField({ optional: true, description: 'Default: today', example: '2027-01-01' }) effectiveFrom?: string;
  @DateField({ optional: true, description: 'The first day on which it no longer holds', example: '2028-01-01' })
  effectiveUntil?: string;
}

class ChangeStandardActionBody {
  @ObjectField(() => ActionLabelView, { optional: true }) label?: ActionLabelView;
  @TextField({ optional: true, example: 'Congratulate' }) content?: string;
  @IntegerField({ optional: true, min: 1, max: 12, example: 6, description: MONTHS }) everyMonths?: number;
  @IntegerField({ optional: true, min: 1, max: 366, example: 30 }) dueWithinDays?: number;
  @DateField({ optional: true, description: 'Brought forward', example: '2027-06-01' }) effectiveUntil?: string;
}

@ApiTags('Standard actions and tasks (规定动作与任务)')
@Controller(standardActions.path)
export class StandardActionsController {
  constructor(
    private readonly actions: FindStandardActions,
    private readonly adding: AddStandardAction,
    private readonly changing: ChangeStandardAction,
  ) {}

  @Get()
  @Operation({
    summary: 'What is done for customers of each level and kind (规定动作清单)',
    description: 'Also what held once, and what is still to come.',
    permission: 'care.read',
    returns: StandardActionView,
  })
  list(@ListQuery(standardActions) list: ListRequest): Promise<Page<StandardActionView>> {
    return this.actions.list(list, viewOf);
  }

  @Get(':id')
  @Operation({
    summary: 'One standard action (规定动作)',
    permission: 'care.read',
    returns: StandardActionView,
    refusals: [StandardActionNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string): Promise<StandardActionView> {
    return viewOf(await this.actions.one(id));
  }

  @Post()
  @Operation({
    summary: 'Add a standard action (新增规定动作)',
    description:
      'Either every so many months or when something happens to the level. Of a code there is one for a level and kind on a day.',
    permission: 'care.manage',
    creates: StandardActionView,
    idempotent: true,
    wholeOperator: true,
    refusals: [UnknownStandardActionLevel, StandardActionOccasion, StandardActionDays, StandardActionsOverlap],
  })
  async add(@Body() body: AddStandardActionBody, @CurrentActor() actor: Actor): Promise<StandardActionView> {
    const { tier, customerKind, code, label, content, everyMonths = null, onEvent = null, ...days } = body;
    const { dueWithinDays, effectiveFrom, effectiveUntil } = days;
    const wanted = {
      tier,
      customerKind,
      code,
      label: { en: label.en, zh: label.zh },
      content,
      everyMonths,
      onEvent,
      dueWithinDays,
      ...(effectiveFrom !== undefined && { effectiveFrom }),
      ...(effectiveUntil !== undefined && { effectiveUntil }),
    };
    return viewOf(await this.adding.execute(wanted, actor));
  }

  @Patch(':id')
  @Operation({
    summary: 'Change or end a standard action (修改规定动作)',
    description:
      'What has begun to hold is only ended (`effectiveUntil`), and another follows it; what is still to come may be changed.',
    permission: 'care.manage',
    returns: StandardActionView,
    wholeOperator: true,
    refusals: [StandardActionNotFound, StandardActionInEffect, StandardActionDays, StandardActionOccasion],
  })
  async change(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { label, content, everyMonths, dueWithinDays, effectiveUntil }: ChangeStandardActionBody,
  ): Promise<StandardActionView> {
    return viewOf(
      await this.changing.execute(id, {
        ...(label !== undefined && { label: { en: label.en, zh: label.zh } }),
        ...(content !== undefined && { content }),
        ...(everyMonths !== undefined && { everyMonths }),
        ...(dueWithinDays !== undefined && { dueWithinDays }),
        ...(effectiveUntil !== undefined && { effectiveUntil }),
      }),
    );
  }
}

const viewOf = (action: StandardAction): StandardActionView => ({
  ...headOf(standardActions, action.actionId),
  tier: action.tier,
  customerKind: action.customerKind,
  code: action.code,
  label: { en: action.label.en, zh: action.label.zh },
  content: action.content,
  everyMonths: action.everyMonths ?? undefined,
  onEvent: action.onEvent ?? undefined,
  dueWithinDays: action.dueWithinDays,
  effectiveFrom: action.effectiveFrom,
  effectiveUntil: action.effectiveUntil,
  author: action.author,
  createdAt: action.createdAt,
});
