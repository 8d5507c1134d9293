import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  ListQuery,
  Operation,
  ResourceIdPipe,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import { seesAmounts, type Actor } from '../../../platform/identity/index.js';
import { AccessRegister } from '../../organization/index.js';
import { FindPreviews } from '../application/previews.query.js';
import { PreviewNotCompleted, PreviewNotFound, PreviewsNotComparable } from '../domain/refusals-of-previews.js';
import {
  ComparePreviewsQuery,
  PreviewComparisonView,
  PreviewedCustomerView,
  PreviewedPortfolioView,
  ImpactPreviewView,
} from './previews.dto.js';
import { previewedCustomers, previewedPortfolios, previews } from './previews.resources.js';
import { previewedCustomerView, previewedPortfolioView, previewView, toldView, totalsView } from './previews.views.js';

/** What rule sets would do to everybody, counted before they are approved. */
@ApiTags('Previews of rule sets (影响预览)')
@Controller(previews.path)
export class PreviewsController {
  constructor(
    private readonly find: FindPreviews,
    private readonly register: AccessRegister,
  ) {}

  @Get()
  @Operation({
    summary: 'Previews of rule sets (影响预览列表)',
    description: 'Without their figures. A preview is started with `POST ruleSet/{version}/simulate`.',
    permission: 'tiering.read',
    returns: ImpactPreviewView,
  })
  list(@ListQuery(previews) list: ListRequest): Promise<Page<ImpactPreviewView>> {
    return this.find.list(list, previewView);
  }

  @Get('comparison')
  @Operation({
    summary: 'Two previews beside each other (方案对比)',
    description: 'The totals of two completed previews of one programme as of one day, for instance of two drafts.',
    permission: 'tiering.read',
    returns: PreviewComparisonView,
    refusals: [PreviewNotFound, PreviewNotCompleted, PreviewsNotComparable],
  })
  async comparison(
    @Query() { runIds }: ComparePreviewsQuery,
    @CurrentActor() actor: Actor,
  ): Promise<PreviewComparisonView> {
    const compared = await this.find.compared(runIds.split(','));
    const [{ preview: { program, asOf } } = { preview: { program: '', asOf: '' } }] = compared;
    const seen = { amounts: seesAmounts(actor) };
    return {
      '@type': 'PreviewComparison',
      program,
      asOf,
      previews: compared.map(({ preview, impact }) => totalsView(preview, impact, seen)),
    };
  }

  @Get(':runId')
  @Operation({
    summary: 'What a rule set would do (影响预览)',
    description:
      'Decided for everybody by the draft and by the version compared with: who moves from which level to which, where, because of which ' +
      'condition, what it costs and puts at risk, and whether a run would pass its guard.',
    permission: 'tiering.read',
    returns: ImpactPreviewView,
    refusals: [PreviewNotFound],
  })
  async get(@Param('runId', ResourceIdPipe) runId: string, @CurrentActor() actor: Actor): Promise<ImpactPreviewView> {
    return toldView(await this.find.one(runId), { amounts: seesAmounts(actor) });
  }

  @Get(':runId/customer')
  @Operation({
    summary: 'Customers who would fall (拟降级客户名单)',
    description:
      'The most valuable first: most levels lost, then most net spend; at most 1,000 of a preview, kept for 30 days. Names are masked. ' +
      'Written to the access register.',
    permission: 'analytics.read',
    returns: PreviewedCustomerView,
    refusals: [PreviewNotFound],
  })
  async customers(
    @Param('runId', ResourceIdPipe) runId: string,
    @ListQuery(previewedCustomers) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<PreviewedCustomerView>> {
    const amounts = seesAmounts(actor);
    const shown: string[] = [];
    const page = await this.find.customersOf(runId, list, (row, name) => {
      shown.push(row.customer_id);
      return previewedCustomerView(row, name, { amounts });
    });
    if (shown.length > 0) {
      await this.register.record({
        actor,
        action: 'tiering.preview',
        customerIds: shown,
        fieldGroups: ['identity', 'tier', ...(amounts ? ['billing'] : [])],
        object: { type: 'preview', id: runId },
      });
    }
    return page;
  }

  @Get(':runId/portfolio')
  @Operation({
    summary: 'What becomes of the customers of each account manager (按客户经理统计)',
    permission: 'analytics.read',
    returns: PreviewedPortfolioView,
    refusals: [PreviewNotFound],
  })
  portfolios(
    @Param('runId', ResourceIdPipe) runId: string,
    @ListQuery(previewedPortfolios) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<PreviewedPortfolioView>> {
    const amounts = seesAmounts(actor);
    return this.find.portfoliosOf(runId, list, (row) => previewedPortfolioView(row, { amounts }));
  }
}
