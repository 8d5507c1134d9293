import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  AnyObjectField,
  CurrentActor,
  defineResource,
  headOf,
  InstantField,
  ListQuery,
  Operation,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { FindServiceLevels } from '../application/find-service-levels.query.js';
import { ProposeServiceLevels } from '../application/propose-service-levels.js';
import {
  EffectiveInThePast,
  InvalidTargets,
  LevelMissing,
  LongerThanPromised,
  NotYourProvince,
} from '../domain/refusals.js';
import { requirePercents, requireTargets } from '../domain/service-level.js';

const serviceLevels = defineResource({
  type: 'ServiceLevels',
  path: '/care-api/tickets/v1/serviceLevels',
  attributes: {
    id: { type: 'text', column: 'l.version::text', filter: true },
    version: { type: 'integer', column: 'l.version', sort: true },
    region: { type: 'text', column: 'l.region', filter: true },
    effectiveFrom: { type: 'instant', column: 'l.effective_from', filter: true, sort: true },
  },
  idColumn: 'l.version',
  defaultSort: '-version',
});

const TARGETS = { DIAMOND: { firstAnswerSeconds: 3600, solveSeconds: 43200 } };

class ServiceLevelsView {
  @TextField({ readOnly: true, example: '1' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'ServiceLevels' }) '@type'!: string;
  @TextField({ optional: true, example: '440000', description: 'Province; absent: the whole operator' })
  region?: string | undefined;
  @InstantField() effectiveFrom!: Date;
  @AnyObjectField({ description: 'Seconds of running clock, by level', example: TARGETS }) targets!: object;
  @AnyObjectField({
    description: 'How much of the time a severity leaves, 1–100',
    example: { critical: 50, major: 75 },
  })
  severityPercent!: object;
}

class ProposeServiceLevelsBody {
  @TextField({
    optional: true,
    pattern: /^[A-Za-z0-9]{2,6}$/,
    patternMeans: 'a province code',
    example: '440000',
    description: 'Without it: the whole operator',
  })
  region?: string;
  @InstantField({ example: '2027-01-01T00:00:00+08:00' }) effectiveFrom!: Date;
  @AnyObjectField({ description: 'firstAnswerSeconds and solveSeconds of every level', example: TARGETS })
  targets!: Record<string, unknown>;
  @AnyObjectField({ description: 'By severity in lower case, 1–100', example: { critical: 50, major: 75 } })
  severityPercent!: Record<string, unknown>;
  @TextField({ maxLength: 300, example: 'Our branches answer diamond customers within the hour' }) reason!: string;
}

class ProposedView {
  @TextField({ example: 'ServiceLevelsProposal' }) '@type'!: string;
  @TextField({ description: 'The request that somebody else approves' }) approvalHref!: string;
}

@ApiTags('Trouble tickets (投诉工单)')
@Controller(serviceLevels.path)
export class ServiceLevelsController {
  constructor(
    private readonly find: FindServiceLevels,
    private readonly propose: ProposeServiceLevels,
  ) {}

  @Get()
  @Operation({
    summary: 'Within what time tickets are answered and solved (服务时限)',
    permission: 'tickets.read',
    returns: ServiceLevelsView,
  })
  list(@ListQuery(serviceLevels) list: ListRequest): Promise<Page<ServiceLevelsView>> {
    return this.find.page(list, ({ version, ...levels }) => ({ ...headOf(serviceLevels, String(version)), ...levels }));
  }

  @Post()
  @Operation({
    summary: 'Propose service levels of the operator or of a province (提出服务时限)',
    description:
      'A province may promise less time than the operator, not more. They hold once somebody else has approved them; tickets keep the promise that they were opened with.',
    permission: 'tickets.promise',
    accepts: ProposedView,
    refusals: [InvalidTargets, LevelMissing, LongerThanPromised, EffectiveInThePast, NotYourProvince],
  })
  async post(@Body() body: ProposeServiceLevelsBody, @CurrentActor() actor: Actor): Promise<ProposedView> {
    const { region, effectiveFrom, reason } = body;
    const levels = {
      region,
      effectiveFrom,
      targets: requireTargets(body.targets),
      severityPercent: requirePercents(body.severityPercent),
    };
    const { approvalId } = await this.propose.execute(levels, reason, actor);
    return { '@type': 'ServiceLevelsProposal', approvalHref: `/care-api/organization/v1/approval/${approvalId}` };
  }
}
