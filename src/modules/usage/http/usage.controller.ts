import { Body, Controller, Delete, Get, Param, Patch, Post, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  AttributeNotPatchable, CurrentActor, ListQuery, Operation, ResourceNotFound, type ListRequest, type Page,
} from '../../../platform/http/index.js'; // prettier-ignore
import { isAllowed, seesAmounts, type Actor } from '../../../platform/identity/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import { AccessRegister, OrganizationFacade } from '../../organization/index.js';
import { CorrectUsage, fieldsOf } from '../application/correct-usage.js';
import { COUNTED_UP_TO, FindUsage, type UsageRow } from '../application/find-usage.query.js';
import { ListUsage } from '../application/list-usage.query.js';
import { ReceiveUsage } from '../application/receive-usage.js';
import { UsageExtras } from '../application/usage-extras.js';
import { UsageSpecifications } from '../application/usage-specifications.js';
import { usages } from '../application/usage.resource.js';
import { NotYourRecords } from '../domain/refusals.js';
import { customerSaidBy, fieldsSaidBy, InvalidUsage, saidBeside } from '../domain/usage-attributes.js';
import {
  OnlyForIntake, UsageChanged, UsageListTooWide, UsageNotStored, UsageOfAnother, UsageOwnerGone, UsageRefused, UsageSuperseded,
} from '../domain/usage-refusals.js'; // prettier-ignore
import { CharacteristicRefused, SpecificationNotInForce } from '../domain/usage-specification.js';
import { STATUSES_ON_ARRIVAL } from '../domain/usage-status.js';
import { IntakeScope } from './intake-scope.js';
import { usageOfIntakeView, usageView } from './usage-view.js';
import { CreateUsage, PatchUsage, UsageView } from './usage.dto.js';

@ApiTags('Usage management (话单, TMF635)')
@Controller(usages.path)
export class UsageController {
  constructor(
    private readonly find: FindUsage,
    private readonly lists: ListUsage,
    private readonly extras: UsageExtras,
    private readonly receive: ReceiveUsage,
    private readonly correct: CorrectUsage,
    private readonly specifications: UsageSpecifications,
    private readonly organization: OrganizationFacade,
    private readonly register: AccessRegister,
    private readonly scope: IntakeScope,
  ) {}

  @Get()
  @Operation({
    summary: 'List usage (话单查询)',
    description:
      `Ask for one customer with relatedParty.id. X-Total-Count counts up to ${COUNTED_UP_TO}. Without a customer, what no index ` +
      'carries is looked for some seconds; and status=received (waits) and status=rejected (refused) list the records that are ' +
      'nobody’s, for holders of `usage.intake`. Of a customer, `rejected` are those that were taken back.',
    permission: 'usage.read',
    selfService: true,
    streams: true,
    returns: UsageView,
    refusals: [OnlyForIntake, UsageListTooWide],
  })
  list(@ListQuery(usages) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<UsageView> | StreamableFile> {
    const showsAmounts = seesAmounts(actor);
    return this.lists.list<UsageView>(list, actor, () => this.scope.filesSeenBy(actor), {
      stored: (row) => usageView(row, this.extras.of(row), showsAmounts),
      ofIntake: usageOfIntakeView,
    });
  }

  @Get(':id')
  @Operation({
    summary: 'One usage record (话单详情)',
    description:
      'A record that waits or was refused is shown to holders of `usage.intake`, without anything of a customer.',
    permission: 'usage.read',
    selfService: true,
    concerns: { usage: 'params.id', unknown: ResourceNotFound },
    returns: UsageView,
    refusals: [ResourceNotFound],
  })
  async get(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<UsageView> {
    const row = await this.find.byId(id);
    if (!row) return this.ofIntake(id, actor);
    await this.registerRead(actor, row);
    return this.shown(row, actor);
  }

  @Post()
  @Operation({
    summary: 'Push one usage record (推送话单)',
    description:
      'The same again is the same record. One whose customer is not known yet is `received` and waits. Subscribers are told; of records ' +
      'that come by file or batch they are not.',
    permission: 'usage.push',
    concerns: { customer: 'body.relatedParty.id', unknown: CustomerNotFound },
    creates: UsageView,
    idempotent: true,
    refusals: [
      NotYourRecords, UsageRefused, InvalidUsage, UsageOfAnother, CustomerNotFound, SpecificationNotInForce, CharacteristicRefused,
    ],
  }) // prettier-ignore
  async create(@Body() body: CreateUsage, @CurrentActor() actor: Actor): Promise<UsageView> {
    if (body.status !== undefined && !STATUSES_ON_ARRIVAL.some((status) => status === body.status)) {
      throw new InvalidUsage('status', 'This status follows from what happens to the record', STATUSES_ON_ARRIVAL);
    }
    const { source: named, ...fields } = fieldsSaidBy(body);
    const source = (await this.organization.scopeOfApiKey(actor.id))?.source ?? String(named ?? 'MANUAL');
    await this.scope.check(actor, { source, kind: 'USG' });
    await this.specifications.hold(body.usageSpecification?.id, fields, body.usageDate);
    const tmf = saidBeside(body);
    const said = { ...fields, ...(Object.keys(tmf).length > 0 && { tmf }) };
    const id = await this.receive.execute({ source, fields: said, customerId: customerSaidBy(body.relatedParty) });
    const row = (await this.find.byId(id)) ?? (await this.find.ofIntake(id, { source }));
    if (!row) throw new ResourceNotFound('usage');
    return row.is === 'stored' ? this.shown(row, actor) : usageOfIntakeView(row);
  }

  @Patch(':id')
  @Operation({
    summary: 'Correct a usage record (更正话单)',
    description:
      'A record is evidence: the correction is its next version, and the answer is that version. What was said before stays, `recycled`.',
    permission: 'usage.push',
    concerns: { usage: 'params.id', unknown: ResourceNotFound },
    returns: UsageView,
    refusals: [
      ResourceNotFound, NotYourRecords, AttributeNotPatchable, InvalidUsage, UsageRefused, UsageSuperseded, UsageChanged,
      UsageNotStored, UsageOwnerGone, SpecificationNotInForce, CharacteristicRefused,
    ],
  }) // prettier-ignore
  async patch(@Param('id') id: string, @Body() patch: PatchUsage, @CurrentActor() actor: Actor): Promise<UsageView> {
    const row = await this.stored(id, actor);
    const { usageSpecification: specification, usageDate = row.event_time } = patch;
    await this.specifications.hold(specification?.id, { ...fieldsOf(row), ...fieldsSaidBy(patch) }, usageDate);
    const corrected = await this.find.byId(await this.correct.correct(row, patch));
    if (!corrected) throw new ResourceNotFound('usage');
    await this.registerRead(actor, corrected);
    return this.shown(corrected, actor);
  }

  @Delete(':id')
  @Operation({
    summary: 'Take a usage record back (冲正话单)',
    description: 'By a further version that cancels it: the record is `recycled`, its cancellation `rejected`, and nothing of it counts.',
    permission: 'usage.push',
    concerns: { usage: 'params.id', unknown: ResourceNotFound },
    noContent: true,
    refusals: [
      ResourceNotFound, NotYourRecords, UsageRefused, UsageSuperseded, UsageChanged, UsageNotStored, UsageOwnerGone,
    ],
  }) // prettier-ignore
  async remove(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<void> {
    await this.correct.cancel(await this.stored(id, actor));
  }

  /** @throws ResourceNotFound, UsageNotStored, NotYourRecords */
  private async stored(id: string, actor: Actor): Promise<UsageRow> {
    const row = await this.find.byId(id);
    if (row) {
      await this.scope.check(actor, { source: row.source, kind: 'USG' });
      return row;
    }
    await this.ofIntake(id, actor);
    throw new UsageNotStored();
  }

  private async ofIntake(id: string, actor: Actor): Promise<UsageView> {
    const seen = isAllowed(actor, 'usage.intake') ? await this.scope.filesSeenBy(actor) : undefined;
    const row = seen && (await this.find.ofIntake(id, seen));
    if (!row) throw new ResourceNotFound('usage');
    return usageOfIntakeView(row);
  }
  private shown(row: UsageRow, actor: Actor): UsageView {
    return usageView(row, this.extras.of(row), seesAmounts(actor));
  }

  private registerRead(actor: Actor, { customer_id: customerId }: UsageRow): Promise<void> {
    return this.register.record({ actor, action: 'usage.read', customerIds: [customerId], fieldGroups: ['usage'] });
  }
}
