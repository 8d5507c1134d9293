import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
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
import { FindNotices } from '../application/notices.query.js';
import { ReportNotice } from '../application/report-notice.js';
import { isOfPoints, noticeKinds, type NoticeKind } from '../domain/notice-kind.js';
import { MAX_ATTEMPTS, noticeChannels, noticeStates, type Notice, type NoticeState } from '../domain/notice.js';
import { CareNoticeNotFound, NoticeAttemptOutOfTurn } from '../domain/refusals.js';

const notices = defineResource({
  type: 'CareNotice',
  path: '/care-api/care/v1/notice',
  attributes: {
    id: { type: 'id', column: 'n.notice_id', filter: true },
    customerId: { type: 'id', column: 'n.customer_id', filter: true },
    kind: { type: 'enum', column: 'n.kind', values: noticeKinds, filter: true },
    state: { type: 'enum', column: 'n.state', values: noticeStates, filter: true },
    queuedAt: { type: 'instant', column: 'n.queued_at', filter: true, sort: true },
  },
  defaultSort: 'queuedAt',
  rowsOf: { customerId: 'n.customer_id' },
});

const results = ['sent', 'failed'] as const;

class CareNoticeWordsView {
  @TextField({ example: 'Dear customer, from 2026-02-01 your level is gold, up from silver.' }) en!: string;
  @TextField({ example: '尊敬的客户:自2026年2月1日起,您的客户级别由银卡升为金卡。' }) zh!: string;
}

class CareNoticeView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'CareNotice' }) '@type'!: string;
  @IdField() customerId!: string;
  @IdField({ description: 'What it tells of: a decision, a notice of points that expire, a month’s points' })
  decisionId!: string;
  @EnumField({ values: noticeKinds, enumName: 'CareNoticeKind' }) kind!: NoticeKind;
  @EnumField({ values: noticeChannels, enumName: 'CareNoticeChannel' }) channel!: (typeof noticeChannels)[number];
  @ObjectField(() => CareNoticeWordsView) words!: CareNoticeWordsView;
  @EnumField({ values: noticeStates, enumName: 'CareNoticeState' }) state!: NoticeState;
  @IntegerField({ description: 'How often sending it was tried', example: 0 }) attempts!: number;
  @InstantField() queuedAt!: Date;
  @TextField({ optional: true, description: 'What went wrong last, as the sender calls it', example: 'ABSENT' })
  failureCode?: string | undefined;
  @InstantField({ optional: true }) reportedAt?: Date | undefined;
}

class ReportCareNoticeBody {
  @IntegerField({ min: 1, max: MAX_ATTEMPTS, example: 1, description: 'Which attempt: one more than `attempts`' })
  attempt!: number;
  @EnumField({ values: results, example: 'sent' }) result!: (typeof results)[number];
  @TextField({
    optional: true,
    maxLength: 40,
    // Too short for a sentence, and no number of anybody.
    pattern: /^[A-Z][A-Z_]{0,30}[0-9]{0,4}$/,
    patternMeans: 'a code of capital letters and _, with up to four digits at its end',
    example: 'ABSENT',
  })
  failureCode?: string;
}

@ApiTags('Notices about levels and points (级别、积分通知)')
@Controller(notices.path)
export class CareNoticesController {
  constructor(
    private readonly find: FindNotices,
    private readonly reporting: ReportNotice,
    private readonly register: AccessRegister,
  ) {}

  @Get()
  @Operation({
    summary: 'What customers are told of their level and points (级别、积分通知清单)',
    description: 'The oldest first; `state=queued` is what is to be sent. Neither name nor number is in it.',
    permission: 'notices.read',
    returns: CareNoticeView,
  })
  async list(@ListQuery(notices) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<CareNoticeView>> {
    const shown: Notice[] = [];
    const page = await this.find.list(list, (notice) => {
      shown.push(notice);
      return viewOf(notice);
    });
    if (shown.length > 0) await this.registerRead(actor, shown);
    return page;
  }

  @Get(':id')
  @Operation({
    summary: 'One notice (通知详情)',
    permission: 'notices.read',
    concerns: { careNotice: 'params.id', unknown: CareNoticeNotFound },
    returns: CareNoticeView,
    refusals: [CareNoticeNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<CareNoticeView> {
    const notice = await this.find.one(id);
    await this.registerRead(actor, [notice], id);
    return viewOf(notice);
  }

  @Post(':id/report')
  @HttpCode(200)
  @Operation({
    summary: 'Say what became of a notice (发送结果回执)',
    description: `Said again it changes nothing. After ${MAX_ATTEMPTS} attempts that failed nobody tries again.`,
    permission: 'notices.report',
    concerns: { careNotice: 'params.id', unknown: CareNoticeNotFound },
    returns: CareNoticeView,
    refusals: [CareNoticeNotFound, NoticeAttemptOutOfTurn],
  })
  async report(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { attempt, result, failureCode }: ReportCareNoticeBody,
  ): Promise<CareNoticeView> {
    return viewOf(await this.reporting.execute(id, { attempt, result, failureCode: failureCode ?? null }));
  }

  private registerRead(actor: Actor, shown: readonly Notice[], id?: string): Promise<void> {
    const object = id === undefined ? undefined : { type: 'careNotice', id };
    const customerIds = [...new Set(shown.map(({ customerId }) => customerId))];
    const fieldGroups = [...new Set(shown.map(({ kind }) => (isOfPoints(kind) ? 'points' : 'tier')))];
    return this.register.record({ actor, action: 'notices.read', customerIds, fieldGroups, object });
  }
}

const viewOf = (notice: Notice): CareNoticeView => ({
  ...headOf(notices, notice.noticeId),
  customerId: notice.customerId,
  decisionId: notice.decisionId,
  kind: notice.kind,
  channel: notice.channel,
  words: { en: notice.words.en, zh: notice.words.zh },
  state: notice.state,
  attempts: notice.attempts,
  queuedAt: notice.queuedAt,
  failureCode: notice.failureCode ?? undefined,
  reportedAt: notice.reportedAt ?? undefined,
});
