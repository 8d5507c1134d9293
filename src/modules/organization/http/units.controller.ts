import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Database } from '../../../platform/database/index.js';
import {
  EnumField,
  headOf,
  IdField,
  IntegerField,
  ListQuery,
  Operation,
  readPage,
  ResourceIdPipe,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import { ChangeUnit } from '../application/change-unit.js';
import { CreateUnit } from '../application/create-unit.js';
import { FindOrganization } from '../application/find-organization.query.js';
import { CodeTaken, NotBelow, UnitNotFound } from '../domain/refusals.js';
import { ROOT_UNIT_ID, UNIT_KINDS, type Unit, type UnitKind } from '../domain/unit.js';
import { units } from './resources.js';

class UnitView {
  @IdField({ readOnly: true, example: ROOT_UNIT_ID }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'Unit' }) '@type'!: string;
  @IdField({ optional: true }) parentId?: string | undefined;
  @EnumField({ values: UNIT_KINDS, enumName: 'UnitKind' }) kind!: UnitKind;
  @TextField({ example: '440000' }) code!: string;
  @TextField({ example: 'Guangdong' }) name!: string;
  @IntegerField({ readOnly: true }) version!: number;
}

class CreateUnitBody {
  @IdField({ example: ROOT_UNIT_ID }) parentId!: string;
  @EnumField({ values: UNIT_KINDS, enumName: 'UnitKind', example: 'province' }) kind!: UnitKind;
  @TextField({
    maxLength: 32,
    pattern: /^[A-Za-z0-9._-]+$/,
    patternMeans: 'a code of up to 32 letters, digits, dots and dashes',
    example: '460000',
  })
  code!: string;
  @TextField({ maxLength: 100, example: 'Hainan' }) name!: string;
}

class PatchUnitBody {
  @TextField({ optional: true, maxLength: 100, example: 'Hainan province' }) name?: string;
}

const COLUMNS = `u.unit_id AS "unitId", u.parent_id AS "parentId", u.kind, u.code, u.name, u.path, u.version`;

@ApiTags('Organization (组织机构)')
@Controller(units.path)
export class UnitsController {
  constructor(
    private readonly database: Database,
    private readonly find: FindOrganization,
    private readonly createUnit: CreateUnit,
    private readonly changeUnit: ChangeUnit,
  ) {}

  @Get()
  @Operation({ summary: 'List units (机构列表)', permission: 'organization.read', returns: UnitView })
  list(@ListQuery(units) list: ListRequest): Promise<Page<UnitView>> {
    return readPage<Unit, UnitView>(this.database, list, { select: COLUMNS, from: 'organization.unit u' }, viewOf);
  }

  @Get(':id')
  @Operation({
    summary: 'One unit (机构)',
    permission: 'organization.read',
    concerns: { unit: 'params.id', unknown: UnitNotFound },
    returns: UnitView,
    refusals: [UnitNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string): Promise<UnitView> {
    const unit = await this.find.unitById(id);
    if (!unit) throw new UnitNotFound();
    return viewOf(unit);
  }

  @Post()
  @Operation({
    summary: 'Create a unit (新增机构)',
    permission: 'organization.manage',
    concerns: { unit: 'body.parentId', unknown: UnitNotFound },
    creates: UnitView,
    idempotent: true,
    refusals: [UnitNotFound, NotBelow, CodeTaken],
  })
  async create(@Body() body: CreateUnitBody): Promise<UnitView> {
    return viewOf(await this.createUnit.execute(body));
  }

  @Patch(':id')
  @Operation({
    summary: 'Rename a unit (修改机构)',
    permission: 'organization.manage',
    concerns: { unit: 'params.id', unknown: UnitNotFound },
    returns: UnitView,
    refusals: [UnitNotFound],
  })
  async patch(@Param('id', ResourceIdPipe) id: string, @Body() body: PatchUnitBody): Promise<UnitView> {
    return viewOf(await this.changeUnit.execute(id, body));
  }
}

const viewOf = (unit: Omit<Unit, 'parentId'> & { readonly parentId?: string | null | undefined }): UnitView => ({
  ...headOf(units, unit.unitId),
  parentId: unit.parentId ?? undefined,
  kind: unit.kind,
  code: unit.code,
  name: unit.name,
  version: unit.version,
});
