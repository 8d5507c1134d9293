import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  headOf,
  IdempotencyKey,
  ListQuery,
  Operation,
  ResourceIdPipe,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import { AccessRegister } from '../../organization/index.js';
import { FindEntitlements, type Entitlement } from '../application/entitlements.query.js';
import { UseBenefitUseCase } from '../application/use-benefit.js';
import type { BenefitUse } from '../domain/benefit.js';
import { CustomerUsesNothingMore, QuotaUsedUp, UnknownBenefit, UseKeyReused, UseNotFound } from '../domain/refusals.js';
import { BenefitUseView, CreateUseBody, EntitlementView } from './benefits.dto.js';
import { customers, entitlements, uses } from './benefits.resources.js';

@ApiTags('Benefits (权益)')
@Controller(`${customers}/:customerId`)
export class EntitlementsController {
  constructor(
    private readonly find: FindEntitlements,
    private readonly using: UseBenefitUseCase,
    private readonly register: AccessRegister,
  ) {}

  @Get('entitlement')
  @Operation({
    summary: 'What a customer is entitled to (权益查询)',
    description: 'This level year and those before it, newest first.',
    permission: 'benefits.read',
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: EntitlementView,
    refusals: [CustomerNotFound],
  })
  async entitlements(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @ListQuery(entitlements) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<EntitlementView>> {
    const page = await this.find.ofCustomer(customerId, list, (each) => entitlementView(customerId, each));
    await this.registerLook(actor, 'benefits.read', customerId);
    return page;
  }

  @Post('use')
  @Operation({
    summary: 'Use a benefit (权益核销)',
    description:
      'Refused beyond what is granted, however many ask at once. The Idempotency-Key is also kept with the use, so that a repetition is ' +
      'harmless for ever.',
    permission: 'benefits.use',
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    creates: BenefitUseView,
    idempotent: true,
    refusals: [CustomerNotFound, UnknownBenefit, CustomerUsesNothingMore, QuotaUsedUp, UseKeyReused],
  })
  async use(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @Body() { benefit, units, channel, place }: CreateUseBody,
    @IdempotencyKey() key: string | undefined,
    @CurrentActor() { id: actorId }: Actor,
  ): Promise<BenefitUseView> {
    return useView(await this.using.execute({ customerId, benefit, units, channel, place, key, actorId }));
  }

  @Get('use')
  @Operation({
    summary: 'What a customer has used (权益核销记录)',
    permission: 'benefits.read',
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: BenefitUseView,
    refusals: [CustomerNotFound],
  })
  async uses(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @ListQuery(uses) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<BenefitUseView>> {
    const page = await this.find.uses(customerId, list, useView);
    await this.registerLook(actor, 'benefits.uses', customerId);
    return page;
  }

  @Get('use/:id')
  @Operation({
    summary: 'One use of a benefit (权益核销详情)',
    permission: 'benefits.read',
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: BenefitUseView,
    refusals: [CustomerNotFound, UseNotFound],
  })
  async oneUse(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @Param('id', ResourceIdPipe) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<BenefitUseView> {
    const found = await this.find.use(customerId, id);
    await this.registerLook(actor, 'benefits.use', customerId);
    return useView(found);
  }

  private registerLook(actor: Actor, action: string, customerId: string): Promise<void> {
    return this.register.record({ actor, action, customerIds: [customerId], fieldGroups: ['benefits'] });
  }
}

const entitlementView = (customerId: string, { decisionId, ...each }: Entitlement): EntitlementView => ({
  ...headOf(
    { type: entitlements.type, path: `${customers}/${customerId}/entitlement` },
    `${each.levelYear}~${each.benefit}`,
  ),
  ...each,
  decisionId: decisionId ?? undefined,
  remaining: each.granted + each.exchanged - each.used,
});

const useView = ({ useId, usedBy: _, ...use }: BenefitUse): BenefitUseView => ({
  ...headOf({ type: uses.type, path: `${customers}/${use.customerId}/use` }, useId),
  ...use,
});
