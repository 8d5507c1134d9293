import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Database } from '../../../platform/database/index.js';
import {
  BooleanField,
  CurrentActor,
  EnumField,
  headOf,
  ListField,
  ListQuery,
  Operation,
  readPage,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { ProposeRole } from '../application/propose-role.js';
import { permissionsOf } from '../domain/permissions.js';
import { DutiesTogether, RoleIsFixed, UnknownPermission } from '../domain/refusals-of-roles.js';
import { ROLE_SCOPES, type RoleScope } from '../domain/scope.js';
import { roles } from './resources.js';

class RoleView {
  @TextField({ readOnly: true, example: 'hotline-agent' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'Role' }) '@type'!: string;
  @TextField({ example: 'Hotline agent' }) name!: string;
  @BooleanField({ description: 'Held by API keys, not by people' }) isForSystems!: boolean;
  @EnumField({
    values: ROLE_SCOPES,
    enumName: 'RoleScope',
    description: 'Whose customers: those of the unit and below, the own portfolio, oneself',
  })
  scope!: string;
  @BooleanField({ description: 'Comes with the product and stays as it is' }) isShipped!: boolean;
  @ListField(() => String, { example: ['customers.read'] }) permissions!: readonly string[];
}

class ProposeRoleBody {
  @TextField({
    pattern: /^[a-z][a-z0-9-]{1,39}$/,
    patternMeans: 'lower-case words with hyphens',
    example: 'night-shift',
  })
  role!: string;
  @TextField({ maxLength: 100, example: 'Night shift of the hotline' }) name!: string;
  @EnumField({ values: ['unit', 'portfolio'], example: 'unit' }) scope!: RoleScope;
  @ListField(() => String, { min: 1, max: 100, unique: true, example: ['customers.read', 'routing.agent'] })
  permissions!: string[];
  @TextField({ maxLength: 300, example: 'Agents of the night shift do not redeem points' }) reason!: string;
}

class ProposedRoleView {
  @TextField({ example: 'RoleProposal' }) '@type'!: string;
  @TextField({ description: 'The request that another administrator approves' }) approvalHref!: string;
}

interface RoleRow {
  readonly role: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly isForSystems: boolean;
  readonly scope: RoleScope;
  readonly isShipped: boolean;
}

@ApiTags('Organization (组织机构)')
@Controller(roles.path)
export class RolesController {
  constructor(
    private readonly database: Database,
    private readonly propose: ProposeRole,
  ) {}

  @Get()
  @Operation({
    summary: 'List roles and what they may do (角色与权限)',
    permission: 'organization.read',
    returns: RoleView,
  })
  list(@ListQuery(roles) list: ListRequest): Promise<Page<RoleView>> {
    const select = `r.role, r.name, r.permissions, r.is_for_systems AS "isForSystems", r.scope, r.is_shipped AS "isShipped"`;
    return readPage<RoleRow, RoleView>(this.database, list, { select, from: 'organization.role r' }, viewOf);
  }

  @Post()
  @Operation({
    summary: 'Propose a role of your own, or a change of it (新增、修改角色)',
    description:
      'It comes to be when another administrator approves it. The roles that the product ships stay as they are.',
    permission: 'organization.manage',
    wholeOperator: true,
    accepts: ProposedRoleView,
    refusals: [UnknownPermission, DutiesTogether, RoleIsFixed],
  })
  async post(@Body() body: ProposeRoleBody, @CurrentActor() actor: Actor): Promise<ProposedRoleView> {
    const { reason, ...role } = body;
    const { approvalId } = await this.propose.execute(role, reason, actor);
    return { '@type': 'RoleProposal', approvalHref: `/care-api/organization/v1/approval/${approvalId}` };
  }
}

const viewOf = (row: RoleRow): RoleView => ({
  ...headOf(roles, row.role),
  name: row.name,
  isForSystems: row.isForSystems,
  scope: row.scope,
  isShipped: row.isShipped,
  permissions: permissionsOf([row]),
});
