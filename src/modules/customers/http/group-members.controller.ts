import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  DateField,
  defineResource,
  IdField,
  ListQuery,
  Operation,
  ResourceIdPipe,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { AccessRegister } from '../../organization/index.js';
import { GroupMembers, type GroupMember } from '../application/group-members.js';
import { CustomerNotFound } from '../domain/refusals.js';
import { CannotBeMember, JoinedInTheFuture, NotAGroup } from '../domain/refusals-of-groups.js';

const PATH = '/care-api/customers/v1/group';

const members = defineResource({
  type: 'GroupMember',
  path: PATH,
  idColumn: 'm.membership_id',
  attributes: {
    memberId: { type: 'id', column: 'm.member_id', filter: true },
    joinedOn: { type: 'date', column: 'm.joined_on', filter: true, sort: true },
    leftOn: { type: 'date', column: `NULLIF(m.left_on, '9999-12-31')`, filter: true, sort: true },
  },
  defaultSort: 'joinedOn',
});

class GroupMemberBody {
  @IdField({ description: 'The customer who belongs to the group' }) memberId!: string;
  @DateField({ optional: true, description: 'Today without it; not a day to come' }) joinedOn?: string;
}

class GroupMemberView {
  @IdField({ readOnly: true, description: 'Of the customer who is the member' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'GroupMember' }) '@type'!: string;
  @IdField() memberId!: string;
  @DateField() joinedOn!: string;
  @DateField({ optional: true, description: 'From which day no member any more' }) leftOn?: string | undefined;
}

@ApiTags('Group customers (集团客户)')
@Controller(PATH)
export class GroupMembersController {
  constructor(
    private readonly members: GroupMembers,
    private readonly register: AccessRegister,
  ) {}

  @Get(':groupId/member')
  @Operation({
    summary: 'Who belongs to a group (集团成员)',
    description: 'Also who has left. Only customers whom one may see.',
    permission: 'customers.read',
    concerns: { customer: 'params.groupId', unknown: CustomerNotFound },
    returns: GroupMemberView,
    refusals: [CustomerNotFound],
  })
  async list(
    @Param('groupId', ResourceIdPipe) groupId: string,
    @ListQuery(members) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<GroupMemberView>> {
    const shown: string[] = [];
    const page = await this.members.list(groupId, list, (member) => {
      shown.push(member.memberId);
      return viewOf(groupId, member);
    });
    const customerIds = [groupId, ...new Set(shown)];
    await this.register.record({ actor, action: 'customers.groupMembers', customerIds, fieldGroups: ['groups'] });
    return page;
  }

  @Post(':groupId/member')
  @Operation({
    summary: 'Take a customer into a group (登记集团成员)',
    description:
      'Its spend counts for the class of the group from the next run on. Who is a member already, stays one.',
    permission: 'customers.manage',
    concerns: { customer: 'params.groupId', unknown: CustomerNotFound },
    creates: GroupMemberView,
    refusals: [CustomerNotFound, NotAGroup, CannotBeMember, JoinedInTheFuture],
  })
  async add(
    @Param('groupId', ResourceIdPipe) groupId: string,
    @Body() { memberId, joinedOn }: GroupMemberBody,
  ): Promise<GroupMemberView> {
    return viewOf(groupId, await this.members.add(groupId, { memberId, joinedOn }));
  }

  @Delete(':groupId/member/:memberId')
  @Operation({
    summary: 'End that a customer belongs to a group (成员退出集团)',
    description: 'From today on; that it has belonged to it is remembered.',
    permission: 'customers.manage',
    concerns: { customer: 'params.groupId', unknown: CustomerNotFound },
    noContent: true,
    refusals: [CustomerNotFound],
  })
  end(
    @Param('groupId', ResourceIdPipe) groupId: string,
    @Param('memberId', ResourceIdPipe) memberId: string,
  ): Promise<void> {
    return this.members.end(groupId, memberId);
  }
}

const viewOf = (groupId: string, { memberId, joinedOn, leftOn }: GroupMember): GroupMemberView => ({
  id: memberId,
  href: `${PATH}/${groupId}/member/${memberId}`,
  '@type': members.type,
  memberId,
  joinedOn,
  leftOn: leftOn ?? undefined,
});
