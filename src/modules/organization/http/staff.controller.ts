import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Database } from '../../../platform/database/index.js';
import {
  EnumField,
  headOf,
  IdField,
  IntegerField,
  ListField,
  ListQuery,
  Operation,
  readPage,
  ResourceIdPipe,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import { ChangeStaff } from '../application/change-staff.js';
import { CreateStaff } from '../application/create-staff.js';
import { FindOrganization } from '../application/find-organization.query.js';
import {
  LastAdministrator,
  LoginTaken,
  PasswordRefused,
  RoleBeyondYours,
  SignsInElsewhere,
  StaffNotFound,
  UnitNotFound,
  UnknownRole,
} from '../domain/refusals.js';
import { OwnRoles, RolesInConflict } from '../domain/refusals-of-approvals.js';
import { STAFF_STATUSES, type StaffMember, type StaffStatus } from '../domain/staff.js';
import { ROOT_UNIT_ID } from '../domain/unit.js';
import { staff } from './resources.js';

class StaffView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'StaffMember' }) '@type'!: string;
  @TextField({ example: 'li.ming' }) login!: string;
  @TextField({ example: 'Li Ming' }) displayName!: string;
  @IdField({ example: ROOT_UNIT_ID }) unitId!: string;
  @ListField(() => String, { example: ['hotline-agent'] }) roles!: readonly string[];
  @EnumField({ values: STAFF_STATUSES, enumName: 'StaffStatus' }) status!: StaffStatus;
  @IntegerField({ readOnly: true }) version!: number;
}

const PASSWORD = { minLength: 12, maxLength: 256, example: 'a long phrase that nobody guesses' };

class CreateStaffBody {
  @TextField({
    maxLength: 64,
    pattern: /^[\w.@-]+$/,
    patternMeans: 'a login of up to 64 letters, digits and . _ @ -',
    example: 'li.ming',
  })
  login!: string;
  @TextField({ maxLength: 100, example: 'Li Ming' }) displayName!: string;
  @TextField(PASSWORD) password!: string;
  @IdField({ example: ROOT_UNIT_ID }) unitId!: string;
  @ListField(() => String, { min: 1, max: 10, unique: true, example: ['hotline-agent'] }) roles!: string[];
}

class PatchStaffBody {
  @TextField({ optional: true, maxLength: 100, example: 'Li Ming' }) displayName?: string;
  @TextField({ optional: true, ...PASSWORD }) password?: string;
  @IdField({ optional: true, example: ROOT_UNIT_ID }) unitId?: string;
  @ListField(() => String, { optional: true, min: 1, max: 10, unique: true, example: ['supervisor'] }) roles?: string[];
  @EnumField({ optional: true, values: STAFF_STATUSES, enumName: 'StaffStatus', example: 'active' })
  status?: StaffStatus;
}

const COLUMNS = `s.staff_id AS "staffId", s.login, s.display_name AS "displayName", s.unit_id AS "unitId", s.roles, s.status, s.version`;

@ApiTags('Organization (组织机构)')
@Controller(staff.path)
export class StaffController {
  constructor(
    private readonly database: Database,
    private readonly find: FindOrganization,
    private readonly createStaff: CreateStaff,
    private readonly changeStaff: ChangeStaff,
  ) {}

  @Get()
  @Operation({ summary: 'List staff (员工列表)', permission: 'organization.read', returns: StaffView })
  list(@ListQuery(staff) list: ListRequest): Promise<Page<StaffView>> {
    return readPage<StaffMember, StaffView>(
      this.database,
      list,
      { select: COLUMNS, from: 'organization.staff s' },
      viewOf,
    );
  }

  @Get(':id')
  @Operation({
    summary: 'One member of the staff (员工)',
    permission: 'organization.read',
    concerns: { staff: 'params.id', unknown: StaffNotFound },
    returns: StaffView,
    refusals: [StaffNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string): Promise<StaffView> {
    const member = await this.find.staffById(id);
    if (!member) throw new StaffNotFound();
    return viewOf(member);
  }

  @Post()
  @Operation({
    summary: 'Take on a member of the staff (新增员工)',
    permission: 'organization.manage',
    concerns: { unit: 'body.unitId', unknown: UnitNotFound },
    creates: StaffView,
    refusals: [PasswordRefused, UnitNotFound, UnknownRole, RolesInConflict, RoleBeyondYours, LoginTaken],
  })
  async create(@Body() body: CreateStaffBody): Promise<StaffView> {
    return viewOf(await this.createStaff.execute(body));
  }

  @Patch(':id')
  @Operation({
    summary: 'Change or deactivate a member of the staff (修改、停用员工)',
    description:
      'A new password, other roles or another status end all sessions. There is no deletion: registers refer to people. Nobody changes his own roles.',
    permission: 'organization.manage',
    concerns: { staff: 'params.id', unknown: StaffNotFound },
    returns: StaffView,
    refusals: [
      StaffNotFound,
      PasswordRefused,
      SignsInElsewhere,
      UnitNotFound,
      UnknownRole,
      RolesInConflict,
      OwnRoles,
      RoleBeyondYours,
      LastAdministrator,
    ],
  })
  async patch(@Param('id', ResourceIdPipe) id: string, @Body() body: PatchStaffBody): Promise<StaffView> {
    return viewOf(await this.changeStaff.execute(id, body));
  }
}

const viewOf = (member: StaffMember): StaffView => ({
  ...headOf(staff, member.staffId),
  login: member.login,
  displayName: member.displayName,
  unitId: member.unitId,
  roles: member.roles,
  status: member.status,
  version: member.version,
});
