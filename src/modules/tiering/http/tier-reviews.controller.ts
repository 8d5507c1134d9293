import { Body, Controller, Get, Param, Post } from '@nestjs/common';
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
  ListField,
  ListQuery,
  Operation,
  ResourceIdPipe,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { RUN_STATUSES, type RunStatus } from '../../../platform/queues/index.js';
import { AccessRegister, RequestWithoutReason } from '../../organization/index.js';
import { AskForRelease } from '../application/release-downgrades.js';
import { FindReviews, type FoundReview, type PendingDowngrade } from '../application/reviews.query.js';
import { NothingToRelease, ReviewNotFound } from '../domain/refusals-of-runs.js';

const tierReviews = defineResource({
  type: 'TierReview',
  path: '/care-api/tiering/v1/review',
  attributes: {
    id: { type: 'id', column: 'v.run_id', filter: true },
    program: { type: 'text', column: 'v.program', filter: true },
    asOf: { type: 'date', column: 'v.as_of', filter: true, sort: true },
    isYearly: { type: 'boolean', column: 'v.is_yearly', filter: true },
    status: { type: 'enum', column: 'r.status', values: RUN_STATUSES, filter: true },
    startedAt: { type: 'instant', column: 'v.started_at', filter: true, sort: true },
  },
  defaultSort: '-startedAt',
});

const pendingDowngrades = defineResource({
  type: 'PendingDowngrade',
  path: `${tierReviews.path}/{runId}/pendingDowngrade`,
  attributes: {
    id: { type: 'id', column: 'd.customer_id', filter: true, sort: true },
    region: { type: 'text', column: 'p.region', filter: true, sort: true },
    from: { type: 'text', column: 'd.from_tier', filter: true },
    to: { type: 'text', column: 'd.to_tier', filter: true },
  },
  defaultSort: 'id',
  rowsOf: { customerId: 'd.customer_id' },
});

class TierReviewView {
  @IdField({ readOnly: true, description: 'Id of its run' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'TierReview' }) '@type'!: string;
  @TextField({ example: 'GOTONE' }) program!: string;
  @DateField() asOf!: string;
  @BooleanField({ description: 'The first of its level year (定级年度)' }) isYearly!: boolean;
  @TextField({ example: '2026.1', description: 'Rule set that decides' }) ruleSetVersion!: string;
  @TextField({ optional: true, description: 'Rule set on trial (灰度)' }) trialVersion?: string | undefined;
  @ListField(() => String, { optional: true, description: 'Provinces of the trial' }) trialRegions?:
    readonly string[] | undefined;
  @EnumField({ values: RUN_STATUSES, enumName: 'TierReviewStatus', description: 'Of its run' }) status!: RunStatus;
  @IntegerField({
    description:
      'Levels that it would lower and has not, in the own scope: they wait for its end or, if they are too many, for a release',
  })
  pendingDowngrades!: number;
  @TextField({ optional: true, description: 'Who approved that more are lowered than the guard allows' })
  releasedBy?: string | undefined;
  @TextField({ description: 'How far the run is' }) runHref!: string;
  @InstantField() startedAt!: Date;
  @InstantField({ optional: true }) finishedAt?: Date | undefined;
}

class PendingDowngradeView {
  @IdField({ description: 'Id of the customer' }) id!: string;
  @TextField({ description: 'Of the customer' }) href!: string;
  @TextField({ example: 'PendingDowngrade' }) '@type'!: string;
  @TextField({ optional: true, description: 'Masked', example: '张*' }) name?: string | undefined;
  @TextField({ nullable: true, example: '440000' }) region!: string | null;
  @TextField({ example: 'GOLD' }) from!: string;
  @TextField({ example: 'SILVER' }) to!: string;
  @DateField({ description: 'The day from which the lower level would hold' }) effectiveOn!: string;
  @TextField({ example: '2026.1' }) ruleSetVersion!: string;
}

class ReleaseDowngradesBody {
  @TextField({ maxLength: 300, example: 'The thresholds were raised for 2027, as announced' }) reason!: string;
}

class DowngradeReleaseView {
  @TextField({ example: 'DowngradeRelease' }) '@type'!: string;
  @TextField({ description: 'The request that somebody else approves' }) approvalHref!: string;
}

@ApiTags('Reviews of levels (定级复核)')
@Controller(tierReviews.path)
export class TierReviewsController {
  constructor(
    private readonly reviews: FindReviews,
    private readonly asking: AskForRelease,
    private readonly register: AccessRegister,
  ) {}

  @Get()
  @Operation({
    summary: 'Reviews of all levels (定级批次)',
    description: 'Of every programme, the latest first: by which rules, how far, and how many downgrades wait.',
    permission: 'tiering.read',
    returns: TierReviewView,
  })
  list(@ListQuery(tierReviews) list: ListRequest): Promise<Page<TierReviewView>> {
    return this.reviews.list(list, reviewView);
  }

  @Get(':runId')
  @Operation({
    summary: 'One review of all levels (定级批次详情)',
    permission: 'tiering.read',
    returns: TierReviewView,
    refusals: [ReviewNotFound],
  })
  async get(@Param('runId', ResourceIdPipe) runId: string): Promise<TierReviewView> {
    return reviewView(await this.reviews.one(runId));
  }

  @Get(':runId/pendingDowngrade')
  @Operation({
    summary: 'Customers whom a review would lower and has not (待降级客户)',
    description:
      'None once it has lowered them, or a later review has begun. Names are masked. Written to the access register.',
    permission: 'tiering.read',
    returns: PendingDowngradeView,
    refusals: [ReviewNotFound],
  })
  async pending(
    @Param('runId', ResourceIdPipe) runId: string,
    @ListQuery(pendingDowngrades) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<PendingDowngradeView>> {
    const shown: string[] = [];
    const page = await this.reviews.pendingOf(runId, list, (row, name) => {
      shown.push(row.customer_id);
      return pendingView(row, name);
    });
    if (shown.length > 0) {
      await this.register.record({
        actor,
        action: 'tiering.pending-downgrades',
        customerIds: shown,
        fieldGroups: ['identity', 'tier'],
        object: { type: 'review', id: runId },
      });
    }
    return page;
  }

  @Post(':runId/release')
  @Operation({
    summary: 'Ask that a review lowers more levels than its guard allows (申请放行批量降级)',
    description:
      'A review that would lower too many has failed and has lowered nobody. Once somebody else has approved it, its run goes on and lowers ' +
      'them, each once. A later review takes the place of this one: then there is nothing left to release.',
    permission: 'tiering.run',
    wholeOperator: true,
    accepts: DowngradeReleaseView,
    idempotent: true,
    refusals: [ReviewNotFound, NothingToRelease, RequestWithoutReason],
  })
  async release(
    @Param('runId', ResourceIdPipe) runId: string,
    @Body() { reason }: ReleaseDowngradesBody,
    @CurrentActor() actor: Actor,
  ): Promise<DowngradeReleaseView> {
    const { approvalId } = await this.asking.execute(runId, reason, actor);
    return { '@type': 'DowngradeRelease', approvalHref: `/care-api/organization/v1/approval/${approvalId}` };
  }
}

const reviewView = (review: FoundReview): TierReviewView => ({
  ...headOf(tierReviews, review.run_id),
  program: review.program,
  asOf: review.as_of,
  isYearly: review.is_yearly,
  ruleSetVersion: review.rule_set_version,
  trialVersion: review.trial_version ?? undefined,
  trialRegions: review.trial_regions ?? undefined,
  status: review.status,
  pendingDowngrades: review.pending,
  releasedBy: review.downgrades_released_by ?? undefined,
  runHref: `/care-api/operations/v1/run/${review.run_id}`,
  startedAt: review.started_at,
  finishedAt: review.finished_at ?? undefined,
});

const pendingView = (row: PendingDowngrade, name: string | undefined): PendingDowngradeView => ({
  id: row.customer_id,
  href: `/tmf-api/customerManagement/v4/customer/${row.customer_id}`,
  '@type': pendingDowngrades.type,
  name,
  region: row.region,
  from: row.from_tier,
  to: row.to_tier,
  effectiveOn: row.effective_on,
  ruleSetVersion: row.rule_set_version,
});
