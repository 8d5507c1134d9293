import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Database } from '../../../../platform/database/index.js';
import {
  CurrentActor,
  headOf,
  ListQuery,
  type ListRequest,
  Operation,
  type Page,
  readPage,
  ResourceIdPipe,
} from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { AccessRegister, RequestWithoutReason } from '../../../organization/index.js';
import { FindAccount } from '../../application/ledger/account.query.js';
import { type BatchInAll, FindExpiryBatches } from '../../application/expiry/expiry-batches.query.js';
import { AskForExpiryReversal } from '../../application/expiry/reverse-expiry.js';
import { stateOf } from '../../domain/expiry/expiry-batch.js';
import { LONGEST_RETURN_DAYS, type NoticeWords, wordsOfNotice } from '../../domain/expiry/expiry.js';
import { valueInFen } from '../../domain/ledger/points-value.js';
import {
  ExpiryBatchNotFound,
  ExpiryBatchNotReversible,
  InvalidUsableUntil,
} from '../../domain/expiry/refusals-of-expiry.js';
import {
  AskForExpiryReversalBody,
  ExpiryBatchView,
  ExpiryNoticeView,
  ExpiryReversalView,
  WholeExpiryBatchView,
} from './expiry.dto.js';
import { expiryBatches, expiryNotices } from './expiry.resources.js';

@ApiTags('Points that expire (积分清零)')
@Controller('/care-api/points/v1')
export class PointsExpiryController {
  constructor(
    private readonly database: Database,
    private readonly account: FindAccount,
    private readonly batches: FindExpiryBatches,
    private readonly asking: AskForExpiryReversal,
    private readonly register: AccessRegister,
  ) {}

  @Get('account/:customerId/expiryNotice')
  @Operation({
    summary: 'What a customer was told of points that expire (积分到期提醒)',
    description: 'Once 90, 30 and 7 days before each last day, of what there was then; the words in both languages.',
    permission: 'points.read',
    selfService: true,
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: ExpiryNoticeView,
    refusals: [CustomerNotFound],
  })
  async notices(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @ListQuery(expiryNotices) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<ExpiryNoticeView>> {
    await this.account.assertExists(customerId);
    const page = await readPage<NoticeRow, ExpiryNoticeView>(
      this.database,
      list,
      {
        select: 'n.notice_id, n.expires_on, n.days_before, n.points, n.noticed_at, t.zh, t.en',
        from: 'points.expiry_notice n JOIN points.expiry_notice_template t USING (days_before)',
        where: 'n.customer_id = $1',
        params: [customerId],
      },
      (row) => noticeViewOf(customerId, row),
    );
    await this.register.record({
      actor,
      action: 'points.read',
      customerIds: [customerId],
      fieldGroups: ['points'],
    });
    return page;
  }

  @Get('expiryBatch')
  @Operation({
    summary: 'Batches of cleared points, and previews of them (清零批次)',
    description: 'The latest first. A batch is named after its run (`points.expire`, or `points.preview-expiry`).',
    permission: 'points.report',
    wholeOperator: true,
    returns: ExpiryBatchView,
  })
  list(@ListQuery(expiryBatches) list: ListRequest): Promise<Page<ExpiryBatchView>> {
    return this.batches.list(list, batchViewOf);
  }

  @Get('expiryBatch/:id')
  @Operation({
    summary: 'One batch, by class, province and last day (清零批次详情)',
    permission: 'points.report',
    wholeOperator: true,
    returns: WholeExpiryBatchView,
    refusals: [ExpiryBatchNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string): Promise<WholeExpiryBatchView> {
    const { sums, ...batch } = await this.batches.one(id);
    return {
      ...batchViewOf(batch),
      sum: sums.map(({ points_type, region, expires_on, lots, points }) => ({
        pointsType: points_type,
        ...(region !== '' && { region }),
        expiresOn: expires_on,
        lots,
        points,
        valueInFen: valueInFen(points),
      })),
    };
  }

  @Post('expiryBatch/:id/reversal')
  @Operation({
    summary: 'Ask that a batch is given back (申请清零冲正)',
    description:
      'Once somebody else has approved it, a run gives every customer back what the batch took, usable until the day that is asked for, ' +
      `at most ${LONGEST_RETURN_DAYS} days on. Whoever owes points repays first; who has left gets nothing. A batch is given back once.`,
    permission: 'points.run',
    wholeOperator: true,
    accepts: ExpiryReversalView,
    idempotent: true,
    refusals: [ExpiryBatchNotFound, ExpiryBatchNotReversible, InvalidUsableUntil, RequestWithoutReason],
  })
  async reverse(
    @Param('id', ResourceIdPipe) batchId: string,
    @Body() { usableUntil, reason }: AskForExpiryReversalBody,
    @CurrentActor() actor: Actor,
  ): Promise<ExpiryReversalView> {
    const { approvalId } = await this.asking.execute({ batchId, usableUntil }, reason, actor);
    return { '@type': 'ExpiryReversal', approvalHref: `/care-api/organization/v1/approval/${approvalId}` };
  }
}

interface NoticeRow extends NoticeWords {
  readonly notice_id: string;
  readonly expires_on: string;
  readonly days_before: number;
  readonly points: number;
  readonly noticed_at: Date;
}

const noticeViewOf = (customerId: string, { notice_id, expires_on, days_before, points, ...row }: NoticeRow) => ({
  ...headOf({ type: expiryNotices.type, path: expiryNotices.path.replace('{customerId}', customerId) }, notice_id),
  expiresOn: expires_on,
  daysBefore: days_before,
  points,
  valueInFen: valueInFen(points),
  words: wordsOfNotice(row, { points, expiresOn: expires_on }),
  noticedAt: row.noticed_at,
});

const batchViewOf = (batch: BatchInAll): ExpiryBatchView => ({
  ...headOf(expiryBatches, batch.batch_id),
  state: stateOf(batch),
  asOf: batch.as_of,
  graceDays: batch.grace_days,
  expiresBefore: batch.expires_before,
  lots: batch.lots,
  points: batch.points,
  valueInFen: valueInFen(batch.points),
  runHref: `/care-api/operations/v1/run/${batch.batch_id}`,
  startedAt: batch.started_at,
  finishedAt: batch.finished_at ?? undefined,
  usableUntil: batch.usable_until ?? undefined,
  reversedBy: batch.reversed_by ?? undefined,
  reversedAt: batch.reversed_at ?? undefined,
  returned: batch.returned ?? undefined,
});
