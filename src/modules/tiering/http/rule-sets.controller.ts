import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentActor, ListQuery, Operation, type ListRequest, type Page } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { ChangeRuleSet } from '../application/change-rule-set.js';
import { CopyRuleSet } from '../application/copy-rule-set.js';
import { DraftRuleSet } from '../application/draft-rule-set.js';
import { FindRuleSets } from '../application/find-rule-sets.query.js';
import { ImportRuleSet } from '../application/import-rule-set.js';
import { NoRuleSetInEffect, RuleSetNeverInEffect, RuleSetNotFound, RuleSetVersionTaken } from '../domain/refusals.js';
import {
  RuleSetChanged,
  RuleSetDocumentRefused,
  RuleSetNotInStatus,
  UnknownProgram,
} from '../domain/refusals-of-rule-sets.js';
import { documentOf } from '../domain/rule-set-document.js';
import { InvalidRuleSet } from '../domain/validate-rule-set.js';
import {
  ChangeRuleSetBody,
  CopyRuleSetBody,
  CreateRuleSet,
  RuleSetDifferenceQuery,
  RuleSetDifferenceView,
  RuleSetDocumentView,
  RuleSetTextQuery,
  RuleSetTextView,
  RuleSetVersionPipe,
  RuleSetView,
} from './rule-sets.dto.js';
import { ruleSets } from './rule-sets.resources.js';
import { differenceView, ruleSetView, textView } from './rule-sets.views.js';

const DRAFT = [InvalidRuleSet, RuleSetVersionTaken, RuleSetNeverInEffect];

/** Rule sets as their authors write and read them. */
@ApiTags('Rules of levels (级别评定规则)')
@Controller(ruleSets.path)
export class RuleSetsController {
  constructor(
    private readonly sets: FindRuleSets,
    private readonly drafts: DraftRuleSet,
    private readonly changes: ChangeRuleSet,
    private readonly copies: CopyRuleSet,
    private readonly imports: ImportRuleSet,
  ) {}

  @Get()
  @Operation({
    summary: 'Rule sets of levels (级别评定规则)',
    description: 'Of all programmes, kinds and statuses: draft, simulated, approved, active, retired.',
    permission: 'tiering.read',
    returns: RuleSetView,
  })
  list(@ListQuery(ruleSets) list: ListRequest): Promise<Page<RuleSetView>> {
    return this.sets.list(list, ruleSetView);
  }

  @Get(':version')
  @Operation({
    summary: 'One rule set (规则详情)',
    permission: 'tiering.read',
    returns: RuleSetView,
    refusals: [RuleSetNotFound],
  })
  async get(@Param('version', RuleSetVersionPipe) version: string): Promise<RuleSetView> {
    return ruleSetView(await this.sets.ofVersion(version));
  }

  @Post()
  @Operation({
    summary: 'Draft a rule set (新建规则草案)',
    description: 'Checked as a whole; every mistake is named with its place. A draft decides nothing.',
    permission: 'tiering.author',
    wholeOperator: true,
    creates: RuleSetView,
    idempotent: true,
    refusals: [UnknownProgram, ...DRAFT],
  })
  async draft(@Body() draft: CreateRuleSet, @CurrentActor() actor: Actor): Promise<RuleSetView> {
    return ruleSetView(await this.drafts.draft({ ...draft, author: actor.id }));
  }

  @Patch(':version')
  @Operation({
    summary: 'Change a draft (修改规则草案)',
    description:
      'Its body as a whole, and the days it is meant for. Names the checksum of what was read: a conflict when somebody has changed it meanwhile. Other rules than those of the preview are a draft again; approved, active and retired ones are never changed.',
    permission: 'tiering.author',
    wholeOperator: true,
    returns: RuleSetView,
    refusals: [RuleSetNotFound, RuleSetNotInStatus, RuleSetChanged, InvalidRuleSet, RuleSetNeverInEffect],
  })
  async change(
    @Param('version', RuleSetVersionPipe) version: string,
    @Body() change: ChangeRuleSetBody,
    @CurrentActor() actor: Actor,
  ): Promise<RuleSetView> {
    return ruleSetView(await this.changes.change(version, change, actor.id));
  }

  @Post(':version/copy')
  @Operation({
    summary: 'Draft a new version as a copy (复制为新版本)',
    permission: 'tiering.author',
    wholeOperator: true,
    creates: RuleSetView,
    idempotent: true,
    refusals: [RuleSetNotFound, ...DRAFT],
  })
  async copy(
    @Param('version', RuleSetVersionPipe) original: string,
    @Body() { version, effectiveFrom, effectiveUntil }: CopyRuleSetBody,
    @CurrentActor() actor: Actor,
  ): Promise<RuleSetView> {
    const wanted = { version, effectiveFrom, effectiveUntil, author: actor.id };
    return ruleSetView(await this.copies.copy(original, wanted));
  }

  @Get(':version/export')
  @Operation({
    summary: 'A rule set as a document (导出规则)',
    description: 'All that decides, with its checksum: another installation takes it in with `POST …/ruleSet/import`.',
    permission: 'tiering.read',
    returns: RuleSetDocumentView,
    refusals: [RuleSetNotFound],
  })
  async export(@Param('version', RuleSetVersionPipe) version: string): Promise<RuleSetDocumentView> {
    return documentOf(await this.sets.ofVersion(version));
  }

  @Post('import')
  @Operation({
    summary: 'Take in a rule set (导入规则)',
    description:
      'A document of `GET …/export`, kept as a draft of whoever takes it in: approval does not travel. Checked like any draft; the same document again changes nothing.',
    permission: 'tiering.author',
    wholeOperator: true,
    creates: RuleSetView,
    idempotent: true,
    refusals: [UnknownProgram, RuleSetDocumentRefused, ...DRAFT],
  })
  async import(@Body() document: RuleSetDocumentView, @CurrentActor() actor: Actor): Promise<RuleSetView> {
    return ruleSetView(await this.imports.take(document, actor.id));
  }

  @Get(':version/text')
  @Operation({
    summary: 'A rule set in words (规则文本)',
    description:
      'All of it: levels and what they grant, conditions, routes and thresholds, movement, provinces, review.',
    permission: 'tiering.read',
    returns: RuleSetTextView,
    refusals: [RuleSetNotFound],
  })
  async text(
    @Param('version', RuleSetVersionPipe) version: string,
    @Query() { language }: RuleSetTextQuery,
  ): Promise<RuleSetTextView> {
    return textView(version, language, await this.sets.inWords(version, language));
  }

  @Get(':version/difference')
  @Operation({
    summary: 'What a rule set changes (规则差异)',
    description: 'Against another version, or what decides everywhere today: part by part, matched by code, in words.',
    permission: 'tiering.read',
    returns: RuleSetDifferenceView,
    refusals: [RuleSetNotFound, NoRuleSetInEffect],
  })
  async difference(
    @Param('version', RuleSetVersionPipe) version: string,
    @Query() query: RuleSetDifferenceQuery,
  ): Promise<RuleSetDifferenceView> {
    const { from, differences } = await this.sets.difference(version, query.from);
    return differenceView(version, from.version, differences);
  }
}
