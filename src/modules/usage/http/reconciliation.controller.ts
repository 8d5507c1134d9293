import type { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Transaction } from '../../../platform/database/index.js';
import {
  CurrentActor, FileBody, headOf, ListQuery, Operation, ResourceIdPipe, ResourceNotFound, type ListRequest, type Page,
} from '../../../platform/http/index.js'; // prettier-ignore
import type { Actor } from '../../../platform/identity/index.js';
import { StaffNotFound } from '../../organization/index.js';
import { CloseDay } from '../application/close-day.js';
import { CompareDays } from '../application/compare-days.js';
import { ExplainDifference } from '../application/explain-difference.js';
import { FindReconciliations, type DifferenceRow, type SheetRow } from '../application/find-reconciliations.query.js';
import { StateDay, type Stated } from '../application/state-day.js';
import {
  DayAlreadyClosed, DayBusy, DayClosed, DayNotOver, DifferencesUnexplained, FilesMissing, MonthClosed, NotYourRecords,
  StatementRefused,
} from '../domain/refusals.js'; // prettier-ignore
import { dayNamed, EVERY_PROVINCE, nameOfDay, type SourceDay } from '../domain/source-day.js';
import { IntakeScope } from './intake-scope.js';
import {
  CreateStatement, DayBody, DifferenceView, PatchDifference, PatchReconciliation, ReconciliationView, StatementView,
} from './reconciliation.dto.js'; // prettier-ignore
import { reconciliationDifferences, reconciliations } from './reconciliation.resources.js';

@ApiTags('Reconciliation (对账)')
@Controller('/care-api/intake/v1')
export class ReconciliationController {
  constructor(
    private readonly transaction: Transaction,
    private readonly find: FindReconciliations,
    private readonly stating: StateDay,
    private readonly comparing: CompareDays,
    private readonly closing: CloseDay,
    private readonly explaining: ExplainDifference,
    private readonly scope: IntakeScope,
  ) {}

  @Post('statement')
  @HttpCode(200)
  @Operation({
    summary: 'State what was sent on a day (对账文件)',
    description:
      'Count and sums of a business day of one kind: each record version once, on the day on which it was first sent. A later ' +
      'statement takes the place of an earlier one.',
    permission: 'usage.push',
    returns: StatementView,
    refusals: [NotYourRecords, DayNotOver, DayClosed],
  })
  async state(@Body() body: CreateStatement, @CurrentActor() actor: Actor): Promise<StatementView> {
    const day = await this.dayOfSender(body, actor);
    const { records, feeFen, minutes, volumeKB: kb } = body;
    return statementView(day, await this.stating.sums(day, { records, feeFen, minutes, kb }, actor));
  }

  @Post('statementDetail')
  @HttpCode(200)
  @Operation({
    summary: 'State each record that was sent on a day (对账明细)',
    description:
      'Gzip or plain, a line for each record version: D|recordId|version|feeFen|minutes|KB. Names the very records that are ' +
      'missing, too many or of another amount; its sums are the statement of the day.',
    permission: 'usage.push',
    takesLong: true,
    returns: StatementView,
    refusals: [NotYourRecords, DayNotOver, DayClosed, StatementRefused, 'too-large request.file-too-large'],
  })
  async stateRecords(
    @Query() query: DayBody,
    @FileBody() body: Readable,
    @CurrentActor() actor: Actor,
  ): Promise<StatementView> {
    const day = await this.dayOfSender(query, actor);
    return statementView(day, await this.stating.records(day, body, actor));
  }

  @Get('reconciliation')
  @Operation({
    summary: 'List the sheets of business days (对账单)',
    description: 'What the source says of a day, what is stored of it, and whether both agree.',
    permission: 'usage.intake',
    returns: ReconciliationView,
  })
  async list(
    @ListQuery(reconciliations) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<ReconciliationView>> {
    return this.find.page(list, await this.scope.filesSeenBy(actor), viewOf);
  }

  @Get('reconciliation/:id')
  @Operation({
    summary: 'The sheet of one business day (对账单详情)',
    permission: 'usage.intake',
    returns: ReconciliationView,
    refusals: [ResourceNotFound],
  })
  async get(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<ReconciliationView> {
    return viewOf(await this.find.ofDay(dayOf(id), await this.scope.filesSeenBy(actor)));
  }

  @Post('reconciliation')
  @HttpCode(200)
  @Operation({
    summary: 'Compare a business day now (立即对账)',
    description: 'It is done every morning for all days that are open.',
    permission: 'usage.reconcile',
    wholeOperator: true,
    takesLong: true,
    returns: ReconciliationView,
    refusals: [ResourceNotFound],
  })
  async compare(@Body() body: DayBody): Promise<ReconciliationView> {
    const day = sourceDayOf(body);
    await this.transaction.run((tx) => this.comparing.execute(tx, day.source, day.kind, [day.businessDate]));
    return viewOf(await this.find.ofDay(day, {}));
  }

  @Patch('reconciliation/:id')
  @Operation({
    summary: 'Close a business day, or open it again (日对账关闭)',
    description:
      'Compared once more, it is closed when both sides agree. Otherwise each difference must have an owner and a resolution; then ' +
      'a request is made, and the day is signed off when a second person, who explained none of them, approves it.',
    permission: 'usage.reconcile',
    wholeOperator: true,
    takesLong: true,
    returns: ReconciliationView,
    refusals: [
      ResourceNotFound,
      DayNotOver,
      DayBusy,
      DayAlreadyClosed,
      FilesMissing,
      DifferencesUnexplained,
      MonthClosed,
    ],
  })
  async patch(
    @Param('id') id: string,
    @Body() { state, reason }: PatchReconciliation,
    @CurrentActor() actor: Actor,
  ): Promise<ReconciliationView> {
    const day = dayOf(id);
    if (state === 'OPEN') {
      await this.closing.reopen(day, reason);
      return viewOf(await this.find.ofDay(day, {}));
    }
    const { approvalId } = await this.closing.execute(day, reason, actor);
    return { ...viewOf(await this.find.ofDay(day, {})), approvalId };
  }

  @Get('reconciliationDifference')
  @Operation({
    summary: 'List differences (对账差异)',
    description: 'Of sums, and of single records where the source has listed them.',
    permission: 'usage.intake',
    returns: DifferenceView,
  })
  async differences(
    @ListQuery(reconciliationDifferences) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<DifferenceView>> {
    return this.find.differences(list, await this.scope.filesSeenBy(actor), differenceView);
  }

  @Patch('reconciliationDifference/:id')
  @Operation({
    summary: 'Take a difference on, and say what it is (差异处理)',
    permission: 'usage.reconcile',
    wholeOperator: true,
    returns: DifferenceView,
    refusals: [ResourceNotFound, StaffNotFound],
  })
  async explain(
    @Param('id', ResourceIdPipe) id: string,
    @Body() patch: PatchDifference,
    @CurrentActor() actor: Actor,
  ): Promise<DifferenceView> {
    await this.explaining.execute(id, patch, actor);
    return differenceView(await this.find.difference(id));
  }

  private async dayOfSender(body: DayBody, actor: Actor): Promise<SourceDay> {
    const day = sourceDayOf(body);
    await this.scope.check(actor, day);
    return day;
  }
}

const sourceDayOf = ({ source, kind, province = EVERY_PROVINCE, businessDate }: DayBody): SourceDay => ({
  source,
  kind,
  province,
  businessDate,
});

function dayOf(id: string): SourceDay {
  const day = dayNamed(id);
  if (!day) throw new ResourceNotFound('reconciliation');
  return day;
}

const nameOf = ({ source, kind, province, business_date: businessDate }: SheetRow | DifferenceRow): string =>
  nameOfDay({ source, kind, province, businessDate });

const statementView = (day: SourceDay, { figures, statedAt, recordDifferences }: Stated): StatementView => {
  const { kb: volumeKB, ...theirs } = figures;
  return {
    '@type': 'Statement',
    reconciliationId: nameOfDay(day),
    theirs: { ...theirs, volumeKB },
    recordDifferences,
    statedAt,
  };
};

const viewOf = (row: SheetRow): ReconciliationView => ({
  ...headOf(reconciliations, nameOf(row)),
  source: row.source,
  kind: row.kind,
  province: row.province,
  businessDate: row.business_date,
  state: row.state,
  theirsFrom: row.theirs_from ?? undefined,
  theirs:
    row.theirs_records === null
      ? undefined
      : {
          records: row.theirs_records,
          feeFen: row.theirs_fee_fen ?? undefined,
          minutes: row.theirs_minutes ?? undefined,
          volumeKB: row.theirs_kb ?? undefined,
        },
  ours: { records: row.ours_records, feeFen: row.ours_fee_fen, minutes: row.ours_minutes, volumeKB: row.ours_kb },
  duplicates: row.duplicates,
  rejected: row.rejected,
  held: row.held,
  openDifferences: row.open_differences,
  comparedAt: row.compared_at ?? undefined,
  closedAt: row.closed_at ?? undefined,
  closedBy: row.closed_by ?? undefined,
  closingReason: row.closing_reason ?? undefined,
});

const differenceView = (row: DifferenceRow): DifferenceView => ({
  ...headOf(reconciliationDifferences, row.difference_id),
  reconciliationId: nameOf(row),
  type: row.type,
  measure: row.measure,
  recordId: row.record_id === '' ? undefined : row.record_id,
  version: row.record_id === '' ? undefined : row.version,
  theirs: row.theirs ?? undefined,
  ours: row.ours ?? undefined,
  state: row.state,
  owner: row.owner ?? undefined,
  comment: row.comment ?? undefined,
  resolution: row.resolution ?? undefined,
  explainedBy: row.explained_by ?? undefined,
  foundAt: row.found_at,
  endedAt: row.ended_at ?? undefined,
});
