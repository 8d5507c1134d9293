import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { BudgetUsedUp, PromotionStopped } from '../../domain/money/refusals-of-money.js';
import {
  AnyObjectField,
  CurrentActor,
  DateField,
  defineResource,
  EnumField,
  headOf,
  IdField,
  IntegerField,
  ListQuery,
  type ListRequest,
  ObjectField,
  Operation,
  type Page,
  ResourceIdPipe,
  TextField,
} from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { RequestWithoutReason } from '../../../organization/index.js';
import { FindCampaigns, type ShownCampaign } from '../../application/campaigns/campaigns.query.js';
import { DraftCampaign, type WrittenTerms } from '../../application/campaigns/draft-campaign.js';
import { GrantFromCampaignUseCase } from '../../application/campaigns/grant-from-campaign.js';
import { ProposeCampaign } from '../../application/campaigns/start-campaign.js';
import { StopCampaign } from '../../application/campaigns/stop-campaign.js';
import { COUNTED, type Frequency, TRIGGERS } from '../../domain/campaigns/campaign.js';
import { AccountClosed, RealNameNeeded } from '../../domain/ledger/refusals.js';
import {
  CampaignBudgetUsedUp,
  CampaignCapReached,
  CampaignCodeTaken,
  CampaignGivesNothing,
  CampaignNotForCustomer,
  CampaignNotFound,
  CampaignNotInStatus,
  CampaignOfAnotherTrigger,
  CampaignUnsound,
} from '../../domain/campaigns/refusals-of-campaigns.js';
import { NotYourDraft } from '../../domain/earning/refusals-of-earn-rules.js';

const STATES = ['draft', 'approved', 'stopped'] as const;

const campaigns = defineResource({
  type: 'PointsCampaign',
  path: '/care-api/points/v1/campaign',
  attributes: {
    id: { type: 'id', column: 'c.campaign_id', filter: true },
    code: { type: 'text', column: 'c.code', filter: true, sort: true },
    status: { type: 'enum', column: 'c.status', values: STATES, filter: true },
    trigger: { type: 'enum', column: 'c.trigger', values: TRIGGERS, filter: true },
    validFrom: { type: 'date', column: 'c.valid_from', filter: true, sort: true },
    validUntil: { type: 'date', column: 'c.valid_until', filter: true, sort: true },
  },
  defaultSort: '-validFrom',
});

class CampaignLabel {
  @TextField({ maxLength: 100, example: 'Spring recharge' }) en!: string;
  @TextField({ maxLength: 100, example: '春季充值有礼' }) zh!: string;
}

class CampaignFrequency {
  @EnumField({ values: COUNTED, example: 'PAYMENT', description: 'Payments and recharges, or bills' })
  of!: Frequency['of'];
  @IntegerField({ min: 1, max: 1000, optional: true, example: 3, description: 'So many of them' }) times?: number;
  @IntegerField({
    min: 1,
    optional: true,
    example: 20000,
    description: 'Money in them; both must be reached if both are said',
  })
  amountFen?: number;
  @IntegerField({ min: 1, max: 12, example: 1, description: 'Calendar months of a period; each period rewards once' })
  periodMonths!: number;
}

class CreateCampaign {
  @TextField({
    pattern: /^[A-Z0-9][A-Z0-9-]{1,38}$/,
    patternMeans: 'a code of 2 to 39 capital letters, digits and dashes',
    example: 'SPRING-2099',
  })
  code!: string;
  @ObjectField(() => CampaignLabel) label!: CampaignLabel;
  @DateField({ example: '2099-01-01', description: 'First day' }) validFrom!: string;
  @DateField({ example: '2099-03-31', description: 'Last day' }) validUntil!: string;
  @EnumField({
    values: TRIGGERS,
    example: 'EVENT',
    description: 'EVENT: granted by `POST campaign/{id}/grant`; FREQUENCY: by a daily run over payments or bills',
  })
  trigger!: (typeof TRIGGERS)[number];
  @IntegerField({ min: 1, max: 1_000_000, example: 200 }) rewardPoints!: number;
  @AnyObjectField({
    optional: true,
    example: { metric: 'brand', op: '==', value: 'GOTONE' },
    description: 'A condition on tier, brand, region, tariff, customerKind and tenureMonths; default: everybody',
  })
  condition?: object;
  @ObjectField(() => CampaignFrequency, {
    optional: true,
    example: undefined,
    description: 'Where the trigger is FREQUENCY',
  })
  frequency?: CampaignFrequency;
  @IntegerField({ min: 1, optional: true, example: 1000, description: 'Points at most for one customer, in all' })
  capPerCustomer?: number;
  @IntegerField({
    min: 1,
    optional: true,
    example: 600,
    description: 'Points at most for one customer in a points year',
  })
  capPerYear?: number;
  @IntegerField({ min: 1, example: 500000, description: 'Points at most for all customers; never exceeded' })
  budgetPoints!: number;
}

/** The trigger stays: what was asked for another way is another campaign. */
class PatchCampaign {
  @ObjectField(() => CampaignLabel, { optional: true }) label?: CampaignLabel;
  @DateField({ optional: true, example: '2099-01-01' }) validFrom?: string;
  @DateField({ optional: true, example: '2099-04-30' }) validUntil?: string;
  @IntegerField({ min: 1, max: 1_000_000, optional: true, example: 250 }) rewardPoints?: number;
  @AnyObjectField({ optional: true, example: { metric: 'brand', op: '==', value: 'GOTONE' } }) condition?: object;
  @ObjectField(() => CampaignFrequency, { optional: true, example: undefined }) frequency?: CampaignFrequency;
  @IntegerField({ min: 1, optional: true, example: 1000 }) capPerCustomer?: number;
  @IntegerField({ min: 1, optional: true, example: 750 }) capPerYear?: number;
  @IntegerField({ min: 1, optional: true, example: 500000 }) budgetPoints?: number;
}

class CampaignInWords {
  @TextField({ example: 'brand is “GOTONE”' }) en!: string;
  @TextField({ example: '品牌为「GOTONE」' }) zh!: string;
}

class PointsCampaignView extends CreateCampaign {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PointsCampaign' }) '@type'!: string;
  @EnumField({ values: STATES }) status!: string;
  @ObjectField(() => CampaignInWords, { optional: true, description: 'The condition in words' })
  isFor?: CampaignInWords;
  @IntegerField({ example: 1200, description: 'Given so far' }) grantedPoints!: number;
  @TextField({ description: 'Of all its terms: an approval is bound to it' }) checksum!: string;
  @TextField() author!: string;
  @TextField({ optional: true }) approvedBy?: string;
}

class ReasonForCampaign {
  @TextField({ maxLength: 300, example: 'Plan of the spring season' }) reason!: string;
}

class CampaignProposalView {
  @TextField({ example: 'CampaignProposal' }) '@type'!: string;
  @TextField({ description: 'The request that somebody else approves' }) approvalHref!: string;
}

class CampaignGrantBody {
  @IdField({ description: 'The id of a customer, from their list' }) customerId!: string;
  @TextField({
    pattern: /^[A-Za-z0-9._-]{1,64}$/,
    patternMeans: 'up to 64 letters, digits, dots and dashes',
    example: 'order-20990101-0001',
    description: 'Of what happened: the same again for this customer is the same grant. No personal data',
  })
  reference!: string;
}

class CampaignGrantView {
  @TextField({ example: 'CampaignGrant' }) '@type'!: string;
  @IdField({ description: 'The entry of the ledger' }) entryId!: string;
  @IdField() customerId!: string;
  @TextField({ example: 'SPRING-2099' }) campaign!: string;
  @IntegerField({ example: 200 }) points!: number;
  @IntegerField({ example: 5200 }) availableAfter!: number;
}

@ApiTags('Campaigns of points (积分活动)')
@Controller(campaigns.path)
export class PointsCampaignsController {
  constructor(
    private readonly find: FindCampaigns,
    private readonly drafting: DraftCampaign,
    private readonly proposing: ProposeCampaign,
    private readonly stopping: StopCampaign,
    private readonly granting: GrantFromCampaignUseCase,
  ) {}

  @Post()
  @Operation({
    summary: 'Write a campaign (起草积分活动)',
    description: 'It gives nothing before somebody else has approved it.',
    permission: 'points.author',
    wholeOperator: true,
    creates: PointsCampaignView,
    idempotent: true,
    refusals: [CampaignCodeTaken, CampaignUnsound, 'malformed rule.invalid'],
  })
  async create(@Body() { code, ...terms }: CreateCampaign, @CurrentActor() actor: Actor): Promise<PointsCampaignView> {
    return this.view((await this.drafting.create(code, termsOf(terms), actor)).campaignId);
  }

  @Get()
  @Operation({ summary: 'Campaigns (积分活动清单)', permission: 'points.read', returns: PointsCampaignView })
  list(@ListQuery(campaigns) list: ListRequest): Promise<Page<PointsCampaignView>> {
    return this.find.list(list, viewOf);
  }

  @Get(':id')
  @Operation({
    summary: 'One campaign, and what is left of its budget (积分活动详情)',
    permission: 'points.read',
    returns: PointsCampaignView,
    refusals: [CampaignNotFound],
  })
  get(@Param('id', ResourceIdPipe) id: string): Promise<PointsCampaignView> {
    return this.view(id);
  }

  @Patch(':id')
  @Operation({
    summary: 'Change the draft of a campaign (修改积分活动草案)',
    description: 'By its author; what was proposed before can no longer be approved.',
    permission: 'points.author',
    wholeOperator: true,
    returns: PointsCampaignView,
    refusals: [CampaignNotFound, NotYourDraft, CampaignNotInStatus, CampaignUnsound, 'malformed rule.invalid'],
  })
  async change(
    @Param('id', ResourceIdPipe) id: string,
    @Body() changes: PatchCampaign,
    @CurrentActor() actor: Actor,
  ): Promise<PointsCampaignView> {
    return this.view((await this.drafting.change(id, changesOf(changes), actor)).campaignId);
  }

  @Post(':id/proposal')
  @Operation({
    summary: 'Ask that a campaign starts (申请启动积分活动)',
    description: 'Somebody else approves, bound to the checksum of its terms.',
    permission: 'points.author',
    wholeOperator: true,
    accepts: CampaignProposalView,
    idempotent: true,
    refusals: [CampaignNotFound, NotYourDraft, CampaignNotInStatus, CampaignUnsound, RequestWithoutReason],
  })
  async propose(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { reason }: ReasonForCampaign,
    @CurrentActor() actor: Actor,
  ): Promise<CampaignProposalView> {
    const { approvalId } = await this.proposing.execute(id, reason, actor);
    return { '@type': 'CampaignProposal', approvalHref: `/care-api/organization/v1/approval/${approvalId}` };
  }

  @Post(':id/stop')
  @Operation({
    summary: 'End a campaign before its time (提前终止积分活动)',
    description: 'It gives nothing from now on; what it has given stays.',
    permission: 'points.author',
    wholeOperator: true,
    returns: PointsCampaignView,
    refusals: [CampaignNotFound, CampaignNotInStatus],
  })
  async stop(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { reason }: ReasonForCampaign,
    @CurrentActor() actor: Actor,
  ): Promise<PointsCampaignView> {
    return this.view((await this.stopping.execute(id, reason, actor)).campaignId);
  }

  @Post(':id/grant')
  @Operation({
    summary: 'Give a customer the reward of a campaign (活动赠分)',
    description:
      'For what the reference names, once, for ever. The points are of the class PROMOTION, paid for by the campaign, and expire as the ' +
      'rules of the day say.',
    permission: 'points.grant',
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    returns: CampaignGrantView,
    idempotent: true,
    refusals: [
      ...[CustomerNotFound, CampaignNotFound, CampaignOfAnotherTrigger, CampaignGivesNothing, CampaignNotForCustomer],
      ...[CampaignCapReached, CampaignBudgetUsedUp, AccountClosed, RealNameNeeded, BudgetUsedUp, PromotionStopped],
    ],
  })
  async grant(
    @Param('id', ResourceIdPipe) campaignId: string,
    @Body() { customerId, reference }: CampaignGrantBody,
    @CurrentActor() actor: Actor,
  ): Promise<CampaignGrantView> {
    const { campaign, entry } = await this.granting.execute({ campaignId, customerId, reference, actorId: actor.id });
    return {
      '@type': 'CampaignGrant',
      entryId: entry.journalId,
      customerId,
      campaign: campaign.code,
      points: entry.points,
      availableAfter: entry.availableAfter,
    };
  }

  private async view(campaignId: string): Promise<PointsCampaignView> {
    return viewOf(await this.find.one(campaignId));
  }
}

const termsOf = ({
  label,
  trigger,
  validFrom,
  validUntil,
  rewardPoints,
  budgetPoints,
  ...more
}: Omit<CreateCampaign, 'code'>): WrittenTerms => ({
  labelEn: label.en,
  labelZh: label.zh,
  ...{ trigger, validFrom, validUntil, rewardPoints, budgetPoints },
  ...changesOf(more),
});

const changesOf = ({ label, frequency, ...said }: PatchCampaign): Partial<WrittenTerms> => ({
  ...(label && { labelEn: label.en, labelZh: label.zh }),
  ...(frequency && { frequency: withoutGaps({ ...frequency }) }),
  ...withoutGaps({
    validFrom: said.validFrom,
    validUntil: said.validUntil,
    rewardPoints: said.rewardPoints,
    condition: said.condition,
    capPerCustomer: said.capPerCustomer,
    capPerYear: said.capPerYear,
    budgetPoints: said.budgetPoints,
  }),
});

/** Without what was not said. */
const withoutGaps = <T extends object>(said: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

const viewOf = (campaign: ShownCampaign): PointsCampaignView => ({
  ...headOf(campaigns, campaign.campaignId),
  code: campaign.code,
  label: { en: campaign.labelEn, zh: campaign.labelZh },
  validFrom: campaign.validFrom,
  validUntil: campaign.validUntil,
  trigger: campaign.trigger,
  rewardPoints: campaign.rewardPoints,
  ...(campaign.condition && { condition: campaign.condition }),
  ...(campaign.frequency && { frequency: campaign.frequency as CampaignFrequency }),
  ...(campaign.capPerCustomer !== undefined && { capPerCustomer: campaign.capPerCustomer }),
  ...(campaign.capPerYear !== undefined && { capPerYear: campaign.capPerYear }),
  budgetPoints: campaign.budgetPoints,
  status: campaign.status,
  ...(campaign.isFor && { isFor: campaign.isFor }),
  grantedPoints: campaign.grantedPoints,
  checksum: campaign.checksum,
  author: campaign.author,
  ...(campaign.approvedBy && { approvedBy: campaign.approvedBy }),
});
