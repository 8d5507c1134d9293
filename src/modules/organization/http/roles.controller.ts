import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Database } from '../../../platform/database/index.js';
import {
  BooleanField,
  headOf,
  ListField,
  ListQuery,
  Operation,
  readPage,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import { permissionsOf } from '../domain/permissions.js';
import { roles } from './resources.js';

class RoleView {
  @TextField({ readOnly: true, example: 'hotline-agent' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'Role' }) '@type'!: string;
  @TextField({ example: 'Hotline agent' }) name!: string;
  @BooleanField({ description: 'Held by API keys, not by people' }) isForSystems!: boolean;
  @ListField(() => String, { example: ['customers.read'] }) permissions!: readonly string[];
}

interface RoleRow {
  readonly role: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly isForSystems: boolean;
}

@ApiTags('Organization (组织机构)')
@Controller(roles.path)
export class RolesController {
  constructor(private readonly database: Database) {}

  @Get()
  @Operation({
    summary: 'List roles and what they may do (角色与权限)',
    permission: 'organization.read',
    returns: RoleView,
  })
  list(@ListQuery(roles) list: ListRequest): Promise<Page<RoleView>> {
    const select = `r.role, r.name, r.permissions, r.is_for_systems AS "isForSystems"`;
    return readPage<RoleRow, RoleView>(this.database, list, { select, from: 'organization.role r' }, viewOf);
  }
}

const viewOf = (row: RoleRow): RoleView => ({
  ...headOf(roles, row.role),
  name: row.name,
  isForSystems: row.isForSystems,
  permissions: permissionsOf([row]),
});
