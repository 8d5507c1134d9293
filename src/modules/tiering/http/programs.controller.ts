import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ListQuery, Operation, type ListRequest, type Page } from '../../../platform/http/index.js';
import { CreateProgram } from '../application/create-program.js';
import { FindPrograms } from '../application/find-programs.query.js';
import { InvalidCode, ProgramNotFound, ProgramTaken } from '../domain/refusals-of-rule-sets.js';
import { CreateProgramBody, ProgramView } from './rule-sets.dto.js';
import { programs } from './rule-sets.resources.js';
import { programView } from './rule-sets.views.js';

@ApiTags('Rules of levels (级别评定规则)')
@Controller(programs.path)
export class ProgramsController {
  constructor(
    private readonly find: FindPrograms,
    private readonly programs: CreateProgram,
  ) {}

  @Get()
  @Operation({
    summary: 'Programmes of levels (评定体系)',
    description:
      'Card levels, stars, credit, customer classes, value models: each has a scale, and rule sets that place customers on it.',
    permission: 'tiering.read',
    returns: ProgramView,
  })
  list(@ListQuery(programs) list: ListRequest): Promise<Page<ProgramView>> {
    return this.find.list(list, programView);
  }

  @Get(':program')
  @Operation({
    summary: 'One programme of levels (评定体系详情)',
    permission: 'tiering.read',
    returns: ProgramView,
    refusals: [ProgramNotFound],
  })
  async get(@Param('program') program: string): Promise<ProgramView> {
    return programView(await this.find.get(program));
  }

  @Post()
  @Operation({
    summary: 'Create a programme of levels (新建评定体系)',
    description:
      'A value model (价值模型) or any other scale of 2 to 12 levels. Its scale never changes. It decides nothing until a rule set of it is active; the same again is the same.',
    permission: 'tiering.author',
    wholeOperator: true,
    creates: ProgramView,
    idempotent: true,
    refusals: [ProgramTaken, InvalidCode],
  })
  async create(@Body() { program, kind, label, scale }: CreateProgramBody): Promise<ProgramView> {
    return programView(await this.programs.create({ program, kind, label: { en: label.en, zh: label.zh }, scale }));
  }
}
