import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor, DateField, defineResource, EnumField, headOf, IdField, InstantField, IntegerField, ListQuery, Operation,
  ResourceNotFound, TextField, type ListRequest, type Page,
} from '../../../platform/http/index.js'; // prettier-ignore
import type { Actor } from '../../../platform/identity/index.js';
import { DecideHeld, nameOfHeld, type HeldRow } from '../application/decide-held.js';
import { KINDS } from '../domain/codes.js';
import { NotLate } from '../domain/refusals.js';
import { IntakeScope } from './intake-scope.js';

const REASONS = ['UNKNOWN_CUSTOMER', 'UNKNOWN_REFERENCE', 'FUTURE', 'LATE'] as const;

const heldRecords = defineResource({
  type: 'HeldRecord',
  path: '/care-api/intake/v1/heldRecord',
  idColumn: 'h.source, h.kind, h.record_id, h.version',
  attributes: {
    source: { type: 'text', column: 'h.source', filter: true, sort: true },
    kind: { type: 'enum', column: 'h.kind', values: KINDS, filter: true, sort: true },
    recordId: { type: 'text', column: 'h.record_id', filter: true },
    reason: { type: 'enum', column: 'h.reason', values: REASONS, filter: true },
    businessDate: { type: 'date', column: 'i.business_date', filter: true },
    heldSince: { type: 'instant', column: 'h.held_at', filter: true, sort: true },
  },
  defaultSort: 'heldSince',
});

class HeldRecordView {
  @IdField({ readOnly: true, example: 'BOSS-USG-1-U-20250101-7' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'HeldRecord' }) '@type'!: string;
  @TextField({ example: 'BOSS' }) source!: string;
  @EnumField({ values: KINDS }) kind!: string;
  @TextField({ example: 'U-20250101-7' }) recordId!: string;
  @IntegerField({ example: 1 }) version!: number;
  @EnumField({ values: REASONS, description: 'LATE waits for somebody who lets it in, FUTURE for its time' })
  reason!: string;
  @InstantField() heldSince!: Date;
  @InstantField({ optional: true }) readyAt?: Date | undefined;
  @TextField({ optional: true, example: '440000' }) province?: string | undefined;
  @DateField({ optional: true }) businessDate?: string | undefined;
}

class Decision {
  @TextField({ maxLength: 400, example: 'Billing repaired an outage of December' }) reason!: string;
}

class ReleaseView {
  @TextField({ example: 'HeldRecordRelease' }) '@type'!: string;
  @EnumField({
    values: ['ACCEPTED', 'DUPLICATE', 'HELD', 'REJECTED'],
    description: 'HELD: now it waits for something else',
  })
  outcome!: string;
  @TextField({ optional: true }) code?: string | undefined;
}

@ApiTags('Rejects (错单)')
@Controller(heldRecords.path)
export class HeldRecordsController {
  constructor(
    private readonly held: DecideHeld,
    private readonly scope: IntakeScope,
  ) {}

  @Get()
  @Operation({
    summary: 'List records that wait (待处理话单)',
    description: 'For their customer, for the record they change, for their time, or for somebody who lets them in.',
    permission: 'usage.replay',
    returns: HeldRecordView,
  })
  async list(@ListQuery(heldRecords) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<HeldRecordView>> {
    return this.held.page(list, await this.scope.filesSeenBy(actor), viewOf);
  }

  @Get(':id')
  @Operation({
    summary: 'One record that waits (待处理话单详情)',
    permission: 'usage.replay',
    returns: HeldRecordView,
    refusals: [ResourceNotFound],
  })
  async get(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<HeldRecordView> {
    return viewOf(await this.held.byName(id, await this.scope.filesSeenBy(actor)));
  }

  @Post(':id/release')
  @HttpCode(200)
  @Operation({
    summary: 'Let a late record in (迟到话单放行)',
    permission: 'usage.replay',
    returns: ReleaseView,
    refusals: [ResourceNotFound, NotLate],
  })
  async letIn(
    @Param('id') id: string,
    @Body() { reason }: Decision,
    @CurrentActor() actor: Actor,
  ): Promise<ReleaseView> {
    const outcome = await this.held.letIn(id, reason, await this.scope.filesSeenBy(actor));
    const code = outcome.outcome === 'REJECTED' ? outcome.code : undefined;
    return { '@type': 'HeldRecordRelease', outcome: outcome.outcome, code };
  }

  @Post(':id/dismissal')
  @Operation({
    summary: 'Give a record up that waits (待处理话单作废)',
    description: 'It stands among the rejects, dismissed.',
    permission: 'usage.replay',
    noContent: true,
    refusals: [ResourceNotFound],
  })
  async giveUp(@Param('id') id: string, @Body() { reason }: Decision, @CurrentActor() actor: Actor): Promise<void> {
    await this.held.giveUp(id, reason, { actor, seen: await this.scope.filesSeenBy(actor) });
  }
}

const viewOf = (row: HeldRow): HeldRecordView => ({
  ...headOf(heldRecords, nameOfHeld({ ...row, recordId: row.record_id })),
  source: row.source,
  kind: row.kind,
  recordId: row.record_id,
  version: row.version,
  reason: row.reason,
  heldSince: row.held_at,
  readyAt: row.ready_at ?? undefined,
  province: row.province ?? undefined,
  businessDate: row.business_date ?? undefined,
});
