import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  AttributeNotPatchable, CurrentActor, ListQuery, Operation, ResourceNotFound, type ListRequest, type Page,
} from '../../../platform/http/index.js'; // prettier-ignore
import type { Actor } from '../../../platform/identity/index.js';
import { usageSpecifications } from '../application/usage-specification.resource.js';
import { UsageSpecifications, type SpecificationView } from '../application/usage-specifications.js';
import { InvalidPattern, SpecificationIsShipped, type UsageSpecification } from '../domain/usage-specification.js';
import {
  CreateUsageSpecification,
  PatchUsageSpecification,
  UsageSpecificationView,
} from './usage-specification.dto.js';

@ApiTags('Usage management (话单, TMF635)')
@Controller(usageSpecifications.path)
export class UsageSpecificationController {
  constructor(private readonly specifications: UsageSpecifications) {}

  @Get()
  @Operation({
    summary: 'List usage specifications (话单规格列表)',
    description: 'One for each type of event, as the BOSS contract has it, and our own.',
    permission: 'usage.read',
    returns: UsageSpecificationView,
  })
  list(@ListQuery(usageSpecifications) list: ListRequest): Promise<Page<SpecificationView>> {
    return this.specifications.page(list);
  }

  @Get(':id')
  @Operation({
    summary: 'One usage specification (话单规格)',
    permission: 'usage.read',
    returns: UsageSpecificationView,
    refusals: [ResourceNotFound],
  })
  get(@Param('id') id: string): Promise<SpecificationView> {
    return this.specifications.one(id);
  }

  @Post()
  @Operation({
    summary: 'Specify a kind of usage (新增话单规格)',
    description:
      'A usage that names it in `usageSpecification` is held against it while it is Active or Launched and valid.',
    permission: 'usage.manage',
    creates: UsageSpecificationView,
    idempotent: true,
    refusals: [InvalidPattern],
  })
  create(@Body() body: CreateUsageSpecification, @CurrentActor() actor: Actor): Promise<SpecificationView> {
    return this.specifications.create(specificationOf(body), actor);
  }

  @Patch(':id')
  @Operation({
    summary: 'Change a usage specification (修改话单规格)',
    description: 'What it was before stays known. Those of the contract are not changed.',
    permission: 'usage.manage',
    returns: UsageSpecificationView,
    refusals: [ResourceNotFound, SpecificationIsShipped, AttributeNotPatchable, InvalidPattern],
  })
  patch(
    @Param('id') id: string,
    @Body() patch: PatchUsageSpecification,
    @CurrentActor() actor: Actor,
  ): Promise<SpecificationView> {
    return this.specifications.change(id, patch, actor);
  }

  @Delete(':id')
  @Operation({
    summary: 'End a usage specification (删除话单规格)',
    permission: 'usage.manage',
    noContent: true,
    refusals: [ResourceNotFound, SpecificationIsShipped],
  })
  remove(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<void> {
    return this.specifications.remove(id, actor);
  }
}

/** Without what only the server says. */
function specificationOf(body: CreateUsageSpecification): UsageSpecification {
  const { lifecycleStatus = 'Active', ...rest } = body;
  const SERVER_SET = ['id', 'href', '@type', 'lastUpdate'];
  const given = Object.fromEntries(Object.entries(rest).filter(([name]) => !SERVER_SET.includes(name)));
  return { ...given, name: body.name, lifecycleStatus };
}
