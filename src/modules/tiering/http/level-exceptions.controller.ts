import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  DateField,
  defineResource,
  EnumField,
  headOf,
  IdField,
  InstantField,
  ListQuery,
  Operation,
  ResourceIdPipe,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import { AccessRegister, RequestWithoutReason } from '../../organization/index.js';
import { EndLevelException } from '../application/end-level-exception.js';
import { FindLevelExceptions, type ListedException } from '../application/find-level-exceptions.query.js';
import { AskForLevelException } from '../application/give-level-exception.js';
import {
  askedCategories,
  exceptionCategories,
  exceptionModes,
  exceptionStates,
  type AskedLevel,
  type ExceptionCategory,
  type ExceptionMode,
  type ExceptionState,
} from '../domain/level-exception.js';
import {
  ExceptionInThePast,
  ExceptionNeverHolds,
  ExceptionOfDeparted,
  ExceptionOver,
  ExceptionsOverlap,
  ExceptionTooLong,
  LevelExceptionNotFound,
  ExceptionOfUnknownProgram,
  TierNotOnScale,
} from '../domain/refusals-of-exceptions.js';
import { LevelOfAnotherKind } from '../domain/refusals-of-groups.js';

const SOON_DAYS = 30;
const IS_OVER = 'o.valid_until <= t.today OR o.valid_until = o.valid_from';

const levelExceptions = defineResource({
  type: 'LevelException',
  path: '/care-api/tiering/v1/levelException',
  attributes: {
    id: { type: 'id', column: 'o.override_id', filter: true },
    customerId: { type: 'id', column: 'o.customer_id', filter: true },
    program: { type: 'text', column: 'o.program', filter: true },
    tier: { type: 'text', column: 'o.tier', filter: true, sort: true },
    category: { type: 'enum', column: 'o.category', values: exceptionCategories, filter: true, sort: true },
    mode: { type: 'enum', column: 'o.mode', values: exceptionModes, filter: true },
    state: {
      type: 'enum',
      column: `CASE WHEN ${IS_OVER} THEN 'over' WHEN o.valid_from <= t.today THEN 'holding' ELSE 'coming' END`,
      values: exceptionStates,
      filter: true,
    },
    endsSoon: {
      type: 'boolean',
      column: `(o.valid_from <= t.today AND NOT (${IS_OVER}) AND o.valid_until <= t.today + ${SOON_DAYS})`,
      filter: true,
      description: `Holds, and for no more than ${SOON_DAYS} days`,
    },
    validFrom: { type: 'date', column: 'o.valid_from', filter: true, sort: true },
    validUntil: { type: 'date', column: 'o.valid_until', filter: true, sort: true },
    recordedAt: { type: 'instant', column: 'o.recorded_at', filter: true, sort: true },
  },
  defaultSort: 'validUntil',
  rowsOf: { customerId: 'o.customer_id' },
});

class LevelExceptionView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'LevelException' }) '@type'!: string;
  @IdField() customerId!: string;
  @TextField({ example: 'GOTONE' }) program!: string;
  @TextField({ example: 'GOLD' }) tier!: string;
  @EnumField({ values: exceptionModes, enumName: 'LevelExceptionMode' }) mode!: ExceptionMode;
  @EnumField({ values: exceptionCategories, enumName: 'LevelExceptionCategory' }) category!: ExceptionCategory;
  @TextField({ example: 'Office of the provincial government' }) reason!: string;
  @DateField() validFrom!: string;
  @DateField({ description: 'The first day on which it no longer holds' }) validUntil!: string;
  @EnumField({ values: exceptionStates, enumName: 'LevelExceptionState' }) state!: ExceptionState;
  @TextField() askedBy!: string;
  @TextField() approvedBy!: string;
  @InstantField() recordedAt!: Date;
  @TextField({ optional: true, description: 'Who ended it before its time' }) endedBy?: string | undefined;
  @InstantField({ optional: true }) endedAt?: Date | undefined;
}

class AskForLevelExceptionBody {
  @IdField({ description: 'The id of a customer, from their list' }) customerId!: string;
  @TextField({ optional: true, maxLength: 40, example: 'GOTONE', description: 'Default: card levels' })
  program?: string;
  @TextField({ maxLength: 40, example: 'GOLD', description: 'A level on the scale of the programme' }) tier!: string;
  @EnumField({
    values: exceptionModes,
    enumName: 'LevelExceptionMode',
    example: 'at-least',
    description: '`at-least`: the rules may give more; `exactly`: they do not count',
  })
  mode!: ExceptionMode;
  @EnumField({ values: askedCategories, enumName: 'AskedLevelExceptionCategory', example: 'government' })
  category!: AskedLevel['category'];
  @DateField({ optional: true, description: 'Default: the day of the approval' }) validFrom?: string;
  @DateField({ example: '2027-06-30', description: 'The first day on which it no longer holds' }) validUntil!: string;
  @TextField({ maxLength: 300, example: 'Office of the provincial government' }) reason!: string;
}

class LevelExceptionProposalView {
  @TextField({ example: 'LevelExceptionProposal' }) '@type'!: string;
  @TextField({ description: 'The request that somebody else approves' }) approvalHref!: string;
}

class EndLevelExceptionBody {
  @TextField({ maxLength: 300, example: 'The contract has ended' }) reason!: string;
}

@ApiTags('Levels given by hand (特批客户级别)')
@Controller(levelExceptions.path)
export class LevelExceptionsController {
  constructor(
    private readonly asking: AskForLevelException,
    private readonly ending: EndLevelException,
    private readonly exceptions: FindLevelExceptions,
    private readonly register: AccessRegister,
  ) {}

  @Post()
  @Operation({
    summary: 'Ask that a customer gets a level by hand (申请特批客户级别)',
    description:
      'For government, party, army, media, key accounts and contracts; for 24 months at most. It holds, whatever the reviews decide, once ' +
      'somebody else has approved it; the exception then has the id of its approval.',
    permission: 'exceptions.ask',
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    accepts: LevelExceptionProposalView,
    idempotent: true,
    refusals: [
      CustomerNotFound,
      ExceptionOfUnknownProgram,
      TierNotOnScale,
      ExceptionInThePast,
      ExceptionNeverHolds,
      ExceptionTooLong,
      ExceptionOfDeparted,
      LevelOfAnotherKind,
      ExceptionsOverlap,
      RequestWithoutReason,
    ],
  })
  async ask(
    @Body() { reason, validFrom, program = 'GOTONE', ...body }: AskForLevelExceptionBody,
    @CurrentActor() actor: Actor,
  ): Promise<LevelExceptionProposalView> {
    const { customerId, tier, mode, category, validUntil } = body;
    const asked = { customerId, program, tier, mode, category, validFrom, validUntil };
    const { approvalId } = await this.asking.execute(asked, reason, actor);
    return { '@type': 'LevelExceptionProposal', approvalHref: `/care-api/organization/v1/approval/${approvalId}` };
  }

  @Get()
  @Operation({
    summary: 'Levels that are given by hand (特批客户级别清单)',
    description: 'Those that end first come first: `endsSoon=true` are those to be asked for again.',
    permission: 'tiering.read',
    returns: LevelExceptionView,
  })
  async list(
    @ListQuery(levelExceptions) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<LevelExceptionView>> {
    const customers = new Set<string>();
    const page = await this.exceptions.list(list, (found) => {
      customers.add(found.customerId);
      return viewOf(found);
    });
    await this.registerRead(actor, [...customers]);
    return page;
  }

  @Get(':id')
  @Operation({
    summary: 'One level that is given by hand (特批客户级别)',
    permission: 'tiering.read',
    concerns: { levelException: 'params.id', unknown: LevelExceptionNotFound },
    returns: LevelExceptionView,
    refusals: [LevelExceptionNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<LevelExceptionView> {
    const found = await this.exceptions.one(id);
    await this.registerRead(actor, [found.customerId]);
    return viewOf(found);
  }

  @Post(':id/end')
  @Operation({
    summary: 'End a level that is given by hand before its time (提前终止特批)',
    description:
      'From today on the customer stands where the rules say. That gives nothing, so one person may; the audit names who and why.',
    permission: 'exceptions.ask',
    concerns: { levelException: 'params.id', unknown: LevelExceptionNotFound },
    returns: LevelExceptionView,
    refusals: [LevelExceptionNotFound, ExceptionOver],
  })
  async end(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { reason }: EndLevelExceptionBody,
    @CurrentActor() actor: Actor,
  ): Promise<LevelExceptionView> {
    return viewOf(this.exceptions.withState(await this.ending.execute(id, reason, actor)));
  }

  private registerRead(actor: Actor, customerIds: readonly string[]): Promise<void> {
    return this.register.record({ actor, action: 'tiering.read', customerIds, fieldGroups: ['tier'] });
  }
}

const viewOf = (found: ListedException): LevelExceptionView => ({
  ...headOf(levelExceptions, found.exceptionId),
  customerId: found.customerId,
  program: found.program,
  tier: found.tier,
  mode: found.mode,
  category: found.category,
  reason: found.reason,
  validFrom: found.validFrom,
  validUntil: found.validUntil,
  state: found.state,
  askedBy: found.askedBy,
  approvedBy: found.approvedBy,
  recordedAt: found.recordedAt,
  endedBy: found.endedBy ?? undefined,
  endedAt: found.endedAt ?? undefined,
});
