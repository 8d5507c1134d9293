import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  AnyObjectField,
  CurrentActor,
  DateField,
  defineResource,
  EnumField,
  headOf,
  IdField,
  InstantField,
  IntegerField,
  ListQuery,
  type ListRequest,
  Operation,
  type Page,
  ResourceIdPipe,
  TextField,
} from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { RequestWithoutReason } from '../../../organization/index.js';
import { DraftEarnRules } from '../../application/earning/draft-earn-rules.js';
import { FindEarnRuleDrafts } from '../../application/earning/earn-rule-drafts.query.js';
import { ProposeEarnRules } from '../../application/earning/put-earn-rules-in-force.js';
import type { EarnRuleDraft } from '../../domain/earning/earn-rule-draft.js';
import {
  DraftIsApproved,
  EarnRuleDraftNotFound,
  EarnRulesBeginWrongly,
  EarnRulesRefused,
  NotYourDraft,
} from '../../domain/earning/refusals-of-earn-rules.js';

const STATES = ['draft', 'approved'] as const;
const STATE = `CASE WHEN d.version IS NULL THEN 'draft' ELSE 'approved' END`;

const drafts = defineResource({
  type: 'EarnRuleDraft',
  path: '/care-api/points/v1/earnRuleDraft',
  attributes: {
    id: { type: 'id', column: 'd.draft_id', filter: true },
    effectiveFrom: { type: 'date', column: 'd.effective_from', filter: true, sort: true },
    state: { type: 'enum', column: STATE, values: STATES, filter: true },
    version: { type: 'integer', column: 'd.version', filter: true },
    changedAt: { type: 'instant', column: 'd.changed_at', filter: true, sort: true },
  },
  defaultSort: '-changedAt',
});

const RULES = {
  fenPerPoint: 100,
  rounding: 'CEIL',
  factorPercent: { ORDINARY: 100, HONOURED_GUEST: 100, SILVER: 150, GOLD: 180, PLATINUM: 190, DIAMOND: 200 },
  expiry: 'LOT_36_MONTHS',
  joinAbove: 3500,
};

class CreateEarnRuleDraft {
  @DateField({
    example: '2099-01-01',
    description: 'First day of the first billing month that the rules are to decide',
  })
  effectiveFrom!: string;

  @AnyObjectField({ example: RULES, description: 'As `GET earnRuleSet` shows those in force; what is wrong is named' })
  rules!: object;
}

class PatchEarnRuleDraft {
  @DateField({ optional: true, example: '2099-02-01' }) effectiveFrom?: string;
  @AnyObjectField({ optional: true, example: RULES, description: 'Instead of the rules so far' }) rules?: object;
}

class ProposeEarnRulesBody {
  @TextField({ maxLength: 300, example: 'Platinum is to earn between gold and diamond' }) reason!: string;
}

class EarnRuleDraftView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'EarnRuleDraft' }) '@type'!: string;
  @DateField() effectiveFrom!: string;
  @AnyObjectField({ example: RULES }) rules!: object;
  @TextField({ description: 'Of day and rules: an approval is bound to it' }) checksum!: string;
  @EnumField({ values: STATES }) state!: string;
  @TextField() author!: string;
  @IntegerField({ optional: true, description: 'The rule set that it has become' }) version?: number;
  @InstantField() createdAt!: Date;
  @InstantField() changedAt!: Date;
}

class EarnRuleProposalView {
  @TextField({ example: 'EarnRuleProposal' }) '@type'!: string;
  @TextField({ description: 'The request that somebody else approves' }) approvalHref!: string;
}

@ApiTags('Points rules (积分规则)')
@Controller(drafts.path)
export class EarnRuleDraftsController {
  constructor(
    private readonly find: FindEarnRuleDrafts,
    private readonly drafting: DraftEarnRules,
    private readonly proposing: ProposeEarnRules,
  ) {}

  @Post()
  @Operation({
    summary: 'Write earn rules (起草积分规则)',
    description: 'They decide nothing before somebody else has approved them.',
    permission: 'points.author',
    wholeOperator: true,
    creates: EarnRuleDraftView,
    idempotent: true,
    refusals: [EarnRulesRefused, EarnRulesBeginWrongly],
  })
  async create(@Body() body: CreateEarnRuleDraft, @CurrentActor() actor: Actor): Promise<EarnRuleDraftView> {
    return viewOf(await this.drafting.create({ effectiveFrom: body.effectiveFrom, rules: body.rules }, actor));
  }

  @Get()
  @Operation({ summary: 'Drafts of earn rules (积分规则草案)', permission: 'points.read', returns: EarnRuleDraftView })
  list(@ListQuery(drafts) list: ListRequest): Promise<Page<EarnRuleDraftView>> {
    return this.find.list(list, viewOf);
  }

  @Get(':id')
  @Operation({
    summary: 'One draft of earn rules (积分规则草案详情)',
    permission: 'points.read',
    returns: EarnRuleDraftView,
    refusals: [EarnRuleDraftNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string): Promise<EarnRuleDraftView> {
    return viewOf(await this.find.one(id));
  }

  @Patch(':id')
  @Operation({
    summary: 'Change a draft of earn rules (修改积分规则草案)',
    description: 'By its author; what was proposed before can no longer be approved.',
    permission: 'points.author',
    wholeOperator: true,
    returns: EarnRuleDraftView,
    refusals: [EarnRuleDraftNotFound, NotYourDraft, DraftIsApproved, EarnRulesRefused, EarnRulesBeginWrongly],
  })
  async change(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { effectiveFrom, rules }: PatchEarnRuleDraft,
    @CurrentActor() actor: Actor,
  ): Promise<EarnRuleDraftView> {
    return viewOf(
      await this.drafting.change(id, { ...(effectiveFrom && { effectiveFrom }), ...(rules && { rules }) }, actor),
    );
  }

  @Post(':id/proposal')
  @Operation({
    summary: 'Ask that earn rules are put in force (申请积分规则生效)',
    description:
      'Somebody else approves, bound to the checksum of the draft. The rules in force end on the day on which the new ones begin.',
    permission: 'points.author',
    wholeOperator: true,
    accepts: EarnRuleProposalView,
    idempotent: true,
    refusals: [EarnRuleDraftNotFound, NotYourDraft, DraftIsApproved, EarnRulesBeginWrongly, RequestWithoutReason],
  })
  async propose(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { reason }: ProposeEarnRulesBody,
    @CurrentActor() actor: Actor,
  ): Promise<EarnRuleProposalView> {
    const { approvalId } = await this.proposing.execute(id, reason, actor);
    return { '@type': 'EarnRuleProposal', approvalHref: `/care-api/organization/v1/approval/${approvalId}` };
  }
}

const viewOf = (draft: EarnRuleDraft): EarnRuleDraftView => ({
  ...headOf(drafts, draft.draftId),
  effectiveFrom: draft.effectiveFrom,
  rules: draft.rules,
  checksum: draft.checksum,
  state: draft.version === undefined ? 'draft' : 'approved',
  author: draft.author,
  ...(draft.version !== undefined && { version: draft.version }),
  createdAt: draft.createdAt,
  changedAt: draft.changedAt,
});
