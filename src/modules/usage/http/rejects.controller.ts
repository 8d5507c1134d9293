import { Body, Controller, Get, HttpCode, Param, Patch, Post, Res, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  CurrentActor, headOf, ListQuery, Operation, PermissionMissing, ResourceIdPipe, ResourceNotFound, type ListRequest, type Page,
} from '../../../platform/http/index.js'; // prettier-ignore
import type { Actor } from '../../../platform/identity/index.js';
import { RunNotFound, Runs, type Run } from '../../../platform/queues/index.js';
import { AccessRegister } from '../../organization/index.js';
import { DecideReject } from '../application/decide-reject.js';
import { DiscloseReject } from '../application/disclose-reject.js';
import { FindRejects, type RejectRow, type ReplayOutcomeRow } from '../application/find-rejects.query.js';
import type { Replay } from '../application/replay-rejects.run.js';
import { StartRejectReplay } from '../application/start-reject-replay.js';
import { InvalidFix, LineForgotten, RejectNotOpen } from '../domain/refusals.js';
import { IntakeScope } from './intake-scope.js';
import {
  CreateRejectReplay, PatchReject, RejectDisclosureBody, RejectDisclosureView, RejectReplayView, RejectView, ReplayOutcomeView,
} from './reject.dto.js'; // prettier-ignore
import { rejectReplays, rejects, replayOutcomes } from './reject.resources.js';

@ApiTags('Rejects (错单)')
@Controller('/care-api/intake/v1')
export class RejectsController {
  constructor(
    private readonly find: FindRejects,
    private readonly decide: DecideReject,
    private readonly disclosing: DiscloseReject,
    private readonly starting: StartRejectReplay,
    private readonly runs: Runs,
    private readonly scope: IntakeScope,
    private readonly register: AccessRegister,
  ) {}

  @Get('reject')
  @Operation({
    summary: 'List refused records (错单清单)',
    description: 'Each once, however often it was sent. Nothing of a customer is shown.',
    permission: 'usage.replay',
    streams: true,
    returns: RejectView,
  })
  async list(
    @ListQuery(rejects) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<RejectView> | StreamableFile> {
    return this.find.page(list, await this.scope.filesSeenBy(actor), viewOf);
  }

  @Get('reject/:id')
  @Operation({
    summary: 'One refused record (错单详情)',
    permission: 'usage.replay',
    returns: RejectView,
    refusals: [ResourceNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<RejectView> {
    return viewOf(await this.find.byId(id, await this.scope.filesSeenBy(actor)));
  }

  @Patch('reject/:id')
  @Operation({
    summary: 'Give a refused record up, or open it again (错单作废)',
    permission: 'usage.replay',
    returns: RejectView,
    refusals: [ResourceNotFound, RejectNotOpen],
  })
  async patch(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { state, reason }: PatchReject,
    @CurrentActor() actor: Actor,
  ): Promise<RejectView> {
    const seen = await this.scope.filesSeenBy(actor);
    await this.decide.execute(id, state, reason, { actor, seen });
    return viewOf(await this.find.byId(id, seen));
  }

  @Post('reject/:id/disclosure')
  @HttpCode(200)
  @Operation({
    summary: 'Show a refused line as it came (查看错单原文)',
    description:
      'Needs the permissions for all that such a line may hold: customers.contact, with SUB customers.identity, else ' +
      'customers.amounts. The look is written to the access register.',
    permission: 'usage.replay',
    returns: RejectDisclosureView,
    refusals: [ResourceNotFound, PermissionMissing, LineForgotten],
  })
  async disclose(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { purpose, ticketId }: RejectDisclosureBody,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RejectDisclosureView> {
    const seen = await this.scope.filesSeenBy(actor);
    const { line, fields, customerId, groups } = await this.disclosing.execute(id, { actor, seen });
    await this.register.record({
      actor,
      action: 'usage.reject-disclosure',
      customerIds: customerId === undefined ? [] : [customerId],
      fieldGroups: groups.map((group) => `${group}-plain`),
      object: { type: 'reject', id },
      purpose,
      ticketRef: ticketId,
    });
    reply.header('Cache-Control', 'no-store');
    return { ...headOf(rejects, id), '@type': 'RejectDisclosure', line, fields, customerId };
  }

  @Post('rejectReplay')
  @Operation({
    summary: 'Send refused records again, mended (错单回放)',
    description:
      'All open rejects that the filter names, each field replaced by one value or by a value for each wrong one. It is a run: ' +
      'what was taken in is closed, what is still wrong stays open. Sending again what came in already has no effect.',
    permission: 'usage.replay',
    creates: RejectReplayView,
    idempotent: true,
    refusals: [InvalidFix],
  })
  async replay(
    @Body() { filter, fixes = [], reason }: CreateRejectReplay,
    @CurrentActor() actor: Actor,
  ): Promise<RejectReplayView> {
    const seen = await this.scope.filesSeenBy(actor);
    return replayView(await this.starting.execute({ filter, fixes, reason }, actor, seen));
  }

  @Get('rejectReplay/:id')
  @Operation({
    summary: 'How far a replay is (回放进度)',
    permission: 'usage.replay',
    returns: RejectReplayView,
    refusals: [RunNotFound],
  })
  async replayed(@Param('id', ResourceIdPipe) id: string): Promise<RejectReplayView> {
    const run = await this.runs.get(id);
    if (run.kind !== 'usage.reject-replay') throw new RunNotFound();
    return replayView(run as Run<Replay>);
  }

  @Get('rejectReplayOutcome')
  @Operation({
    summary: 'What became of each record that was sent again (回放结果)',
    permission: 'usage.replay',
    returns: ReplayOutcomeView,
  })
  async outcomes(
    @ListQuery(replayOutcomes) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<ReplayOutcomeView>> {
    return this.find.outcomes(list, await this.scope.filesSeenBy(actor), outcomeView);
  }
}

const viewOf = (row: RejectRow): RejectView => ({
  ...headOf(rejects, row.reject_id),
  source: row.source,
  kind: row.kind,
  province: row.province,
  businessDate: row.business_date,
  recordId: row.record_id ?? undefined,
  code: row.code,
  field: row.field ?? undefined,
  message: row.reason,
  firstSeen: row.first_seen,
  lastSeen: row.last_seen,
  attempts: row.attempts,
  state: row.state,
  isKept: row.is_kept,
  decidedAt: row.decided_at ?? undefined,
  decidedBy: row.decided_by ?? undefined,
  decision: row.decision ?? undefined,
});

function replayView({
  runId,
  status,
  progress,
  counts,
  parameters,
  createdAt,
  finishedAt,
}: Run<Replay>): RejectReplayView {
  const { filter, fixes, reason, by } = parameters;
  return {
    ...headOf(rejectReplays, runId),
    status,
    percent: progress.percent,
    counts: {
      chosen: progress.customersTotal,
      accepted: counts['ACCEPTED'] ?? 0,
      duplicate: counts['DUPLICATE'] ?? 0,
      held: counts['HELD'] ?? 0,
      rejected: counts['REJECTED'] ?? 0,
    },
    filter,
    fixes,
    reason,
    startedBy: by,
    createdAt,
    finishedAt,
  };
}

const outcomeView = (row: ReplayOutcomeRow): ReplayOutcomeView => ({
  '@type': replayOutcomes.type,
  rejectReplay: { id: row.run_id },
  reject: { id: row.reject_id },
  intakeId: row.intake_id ?? undefined,
  outcome: row.outcome,
  code: row.code ?? undefined,
  field: row.field ?? undefined,
  replayedBy: row.replayed_by,
  replayedAt: row.replayed_at,
});
