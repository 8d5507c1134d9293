import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Settings } from '../../../platform/config/index.js';
import {
  CurrentActor, headOf, ListQuery, Operation, ResourceNotFound, TextField, type ListRequest, type Page,
} from '../../../platform/http/index.js'; // prettier-ignore
import { seesAmounts, type Actor } from '../../../platform/identity/index.js';
import { AccessRegister } from '../../organization/index.js';
import { AuditMonth } from '../application/audit-month.query.js';
import { CloseMonth, type ClosedMonthRow } from '../application/close-month.js';
import { SyncStatus } from '../application/sync-status.query.js';
import { DayBusy, MonthNotLoaded, MonthNotOver, MonthNotReady } from '../domain/refusals.js';
import { IntakeScope } from './intake-scope.js';
import { CreateMonthClosing, MonthAuditView, MonthClosingView, SyncStatusView } from './reconciliation.dto.js';
import { monthClosings } from './reconciliation.resources.js';

const monthAudits = { type: 'MonthAudit', path: '/care-api/intake/v1/monthAudit' } as const;

class SyncQuery {
  @TextField({ optional: true, maxLength: 12, example: 'BOSS' }) source?: string;
}

@ApiTags('Reconciliation (对账)')
@Controller('/care-api/intake/v1')
export class MonthClosingController {
  constructor(
    private readonly months: CloseMonth,
    private readonly audit: AuditMonth,
    private readonly status: SyncStatus,
    private readonly scope: IntakeScope,
    private readonly register: AccessRegister,
    private readonly settings: Settings,
  ) {}

  @Post('monthClosing')
  @Operation({
    summary: 'Close a month (关账)',
    description:
      'When all of its days are closed or signed off and its bills have come. Nothing opens it again: what comes later is a ' +
      'difference to what was published. A closed month is answered as it was closed.',
    permission: 'usage.reconcile',
    wholeOperator: true,
    takesLong: true,
    creates: MonthClosingView,
    refusals: [MonthNotOver, DayBusy, MonthNotReady, MonthNotLoaded],
  })
  async close(@Body() { month, reason }: CreateMonthClosing, @CurrentActor() actor: Actor): Promise<MonthClosingView> {
    return viewOf(await this.months.execute(month, reason, actor));
  }

  @Get('monthClosing')
  @Operation({ summary: 'Closed months (关账记录)', permission: 'usage.intake', returns: MonthClosingView })
  list(@ListQuery(monthClosings) list: ListRequest): Promise<Page<MonthClosingView>> {
    return this.months.page(list, viewOf);
  }

  @Get('monthClosing/:month')
  @Operation({
    summary: 'One closed month (关账详情)',
    permission: 'usage.intake',
    returns: MonthClosingView,
    refusals: [ResourceNotFound],
  })
  async get(@Param('month') month: string): Promise<MonthClosingView> {
    return viewOf(await this.months.ofMonth(month));
  }

  @Get('monthAudit/:month')
  @Operation({
    summary: 'Usage against bills of a month (月度核对)',
    description: 'The fees of usage and what the bills say of usage, customer by customer; and who differs most.',
    permission: 'usage.reconcile',
    wholeOperator: true,
    takesLong: true,
    returns: MonthAuditView,
    refusals: [ResourceNotFound],
  })
  async auditOf(@Param('month') month: string, @CurrentActor() actor: Actor): Promise<MonthAuditView> {
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new ResourceNotFound('monthAudit');
    const first = `${month}-01`;
    const { billToleranceFen: toleranceFen, billTolerancePercent: tolerancePercent } = this.settings;
    const summary = await this.audit.summary(first);
    const view = { ...headOf(monthAudits, month), month, ...summary, toleranceFen, tolerancePercent };
    if (!seesAmounts(actor)) return view;
    const worst = await this.audit.worst(first);
    const customerIds = worst.map(({ customerId }) => customerId);
    await this.register.record({ actor, action: 'usage.audit-month', customerIds, fieldGroups: ['billing', 'usage'] });
    return { ...view, worst };
  }

  @Get('syncStatus')
  @Operation({
    summary: 'How all feeds stand (同步状态)',
    description:
      'Last success, lag, missing files, alarms, differences, refused and waiting records, and the oldest open day.',
    permission: 'usage.intake',
    returns: [SyncStatusView],
  })
  async feeds(@Query() { source }: SyncQuery, @CurrentActor() actor: Actor): Promise<readonly SyncStatusView[]> {
    const feeds = await this.status.feeds((await this.scope.filesSeenBy(actor)).source ?? source);
    return feeds.map((feed) => ({
      '@type': 'SyncStatus',
      ...feed,
      lastSuccessAt: feed.lastSuccessAt ?? undefined,
      lagSeconds: feed.lagSeconds ?? undefined,
      lastBusinessDate: feed.lastBusinessDate ?? undefined,
      openGapFrom: feed.openGapFrom ?? undefined,
      oldestOpenDay: feed.oldestOpenDay ?? undefined,
    }));
  }
}

const viewOf = ({ month, closed_at, closed_by, figures }: ClosedMonthRow): MonthClosingView => ({
  ...headOf(monthClosings, month.slice(0, 7)),
  month: month.slice(0, 7),
  closedAt: closed_at,
  closedBy: closed_by,
  figures,
});
