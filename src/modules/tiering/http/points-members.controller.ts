import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  headOf,
  ListQuery,
  Operation,
  ResourceIdPipe,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import { AccessRegister } from '../../organization/index.js';
import { PointsMembers, type PointsMembership } from '../application/points-members.js';
import { CustomerHasLeft } from '../domain/refusals-of-cards.js';
import { CreatePointsMember, PointsMemberView } from './cards.dto.js';
import { pointsMembers } from './cards.resources.js';

@ApiTags('Cards and membership (VIP卡与会员)')
@Controller(pointsMembers.path)
export class PointsMembersController {
  constructor(
    private readonly members: PointsMembers,
    private readonly register: AccessRegister,
  ) {}

  @Get()
  @Operation({
    summary: 'List points members (积分卡客户)',
    permission: 'tiering.read',
    returns: PointsMemberView,
  })
  async list(
    @ListQuery(pointsMembers) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<PointsMemberView>> {
    const shown: string[] = [];
    const page = await this.members.list(list, (customerId, membership) => {
      shown.push(customerId);
      return viewOf(customerId, membership);
    });
    if (shown.length > 0) await this.registerLook(actor, 'members.list', shown);
    return page;
  }

  @Get(':customerId')
  @Operation({
    summary: 'Whether a customer is a points member (积分卡客户查询)',
    permission: 'tiering.read',
    selfService: true,
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: PointsMemberView,
    refusals: [CustomerNotFound],
  })
  async get(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @CurrentActor() actor: Actor,
  ): Promise<PointsMemberView> {
    const membership = await this.members.of(customerId);
    await this.registerLook(actor, 'members.read', [customerId]);
    return viewOf(customerId, membership);
  }

  @Post()
  @Operation({
    summary: 'Enrol a points member (加入积分卡客户)',
    description: 'Any customer in the network, of whatever level. Who is one already, stays one.',
    permission: 'membership.manage',
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    creates: PointsMemberView,
    refusals: [CustomerNotFound, CustomerHasLeft],
  })
  async enrol(@Body() { customerId }: CreatePointsMember, @CurrentActor() actor: Actor): Promise<PointsMemberView> {
    return viewOf(customerId, await this.members.enrol(customerId, actor.id));
  }

  @Delete(':customerId')
  @Operation({
    summary: 'End a points membership (退出积分卡客户)',
    description: 'The membership is remembered, and the points stay.',
    permission: 'membership.manage',
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    noContent: true,
    refusals: [CustomerNotFound],
  })
  leave(@Param('customerId', ResourceIdPipe) customerId: string, @CurrentActor() actor: Actor): Promise<void> {
    return this.members.leave(customerId, actor.id);
  }

  private registerLook(actor: Actor, action: string, customerIds: readonly string[]): Promise<void> {
    return this.register.record({ actor, action, customerIds, fieldGroups: ['tier'] });
  }
}

const viewOf = (customerId: string, membership: PointsMembership | undefined): PointsMemberView => ({
  ...headOf(pointsMembers, customerId),
  isMember: membership !== undefined && membership.until === null,
  since: membership?.since,
  until: membership?.until ?? undefined,
});
