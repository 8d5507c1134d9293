import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Clock } from '../../../platform/clock/index.js';
import {
  BooleanField, CurrentActor, DateField, EnumField, headOf, IdField, InstantField, IntegerField, ListField, ListQuery,
  Operation, ResourceNotFound, TextField, type ListRequest, type Page,
} from '../../../platform/http/index.js'; // prettier-ignore
import type { Actor } from '../../../platform/identity/index.js';
import { ChangeSource } from '../application/change-source.js';
import { FindSources } from '../application/find-sources.query.js';
import { KINDS, type Kind } from '../domain/codes.js';
import { ENCODINGS, type Encoding, type Source } from '../domain/feed.js';
import { DeadlineMissing, SequenceGoesBack, SourceTaken } from '../domain/refusals.js';
import { IntakeScope } from './intake-scope.js';
import { intakeSources } from './resources.js';

const FILES_AT_ONCE = { optional: true, min: 1, max: 16, example: 2, description: 'Files side by side' } as const;
const RECORDS = { optional: true, min: 1, max: 100_000_000, example: 600_000, description: 'Pushed online' } as const;

class SourceFeedView {
  @EnumField({ values: KINDS }) kind!: string;
  @EnumField({ values: ENCODINGS }) encoding!: string;
  @BooleanField({ description: 'Every business date has a file, be it one without records' }) expectedDaily!: boolean;
  @TextField({ optional: true, example: '06:00', description: 'Asia/Shanghai' }) deadline?: string | undefined;
  @IntegerField({ example: 1, description: 'So many days after the business date' }) deadlineDays!: number;
  @IntegerField({ example: 31, description: 'The highest sequence that was loaded' }) lastSequence!: number;
  @IntegerField({ example: 31, description: 'Up to here no file is missing' }) closedSequence!: number;
  @DateField({ optional: true }) lastBusinessDate?: string | undefined;
  @InstantField({ optional: true }) lastSuccessAt?: Date | undefined;
  @IntegerField({ optional: true, example: 3600, description: 'Since the last success' }) lagSeconds?:
    number | undefined;
}

class SourceView {
  @IdField({ readOnly: true, example: 'BOSS' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'IntakeSource' }) '@type'!: string;
  @TextField({ example: 'BOSS' }) source!: string;
  @TextField({ optional: true, example: 'Billing of the south' }) name?: string | undefined;
  @IntegerField({ optional: true, example: 2 }) filesAtOnce?: number | undefined;
  @IntegerField({ optional: true, example: 600000 }) recordsPerMinute?: number | undefined;
  @InstantField() registeredAt!: Date;
  @ListField(() => SourceFeedView) feed!: readonly SourceFeedView[];
}

class FeedBody {
  @EnumField({ values: KINDS }) kind!: Kind;
  @EnumField({ values: ENCODINGS, optional: true }) encoding?: Encoding;
  @BooleanField({ optional: true, example: true }) expectedDaily?: boolean;
  @TextField({
    optional: true,
    nullable: true,
    pattern: /^([01]\d|2[0-3]):[0-5]\d$/,
    patternMeans: 'a time HH:mm',
    example: '06:00',
  })
  deadline?: string | null;
  @IntegerField({ optional: true, min: 0, max: 31, example: 1 }) deadlineDays?: number;
  @IntegerField({
    optional: true,
    min: 0,
    max: 999_999,
    example: 400,
    description: 'Give up the files up to here: those that are missing will never come. It only rises',
  })
  closedSequence?: number;
}

class CreateSourceBody {
  @TextField({
    pattern: /^[A-Z0-9]{2,12}$/,
    patternMeans: 'a source code of 2 to 12 capital letters and digits',
    example: 'BBOSS',
  })
  source!: string;
  @TextField({ optional: true, maxLength: 100, example: 'B-BOSS' }) name?: string;
  @IntegerField(FILES_AT_ONCE) filesAtOnce?: number;
  @IntegerField(RECORDS) recordsPerMinute?: number;
  @ListField(() => FeedBody, { optional: true, max: 8 }) feed?: FeedBody[];
}

class PatchSourceBody {
  @TextField({ optional: true, nullable: true, maxLength: 100, example: 'B-BOSS' }) name?: string | null;
  @IntegerField({ ...FILES_AT_ONCE, nullable: true }) filesAtOnce?: number | null;
  @IntegerField({ ...RECORDS, nullable: true }) recordsPerMinute?: number | null;
  @ListField(() => FeedBody, { optional: true, max: 8, description: 'Those named are changed, the others stay' })
  feed?: FeedBody[];
}

@ApiTags('Intake (数据接入)')
@Controller(intakeSources.path)
export class SourcesController {
  constructor(
    private readonly find: FindSources,
    private readonly changeSource: ChangeSource,
    private readonly scope: IntakeScope,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Operation({
    summary: 'List sources and how far they have come (源登记)',
    description: 'A source is there by itself from its first successful intake on.',
    permission: 'usage.intake',
    returns: SourceView,
  })
  async list(@ListQuery(intakeSources) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<SourceView>> {
    const { source } = await this.scope.filesSeenBy(actor);
    return this.find.page(list, source, (each) => this.viewOf(each));
  }

  @Get(':id')
  @Operation({
    summary: 'One source (源状态)',
    permission: 'usage.intake',
    returns: SourceView,
    refusals: [ResourceNotFound],
  })
  async get(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<SourceView> {
    const { source } = await this.scope.filesSeenBy(actor);
    return this.viewOf(await this.find.byId(id, source));
  }

  @Post()
  @Operation({
    summary: 'Register a source (登记数据源)',
    permission: 'usage.manage',
    wholeOperator: true,
    creates: SourceView,
    refusals: [SourceTaken, DeadlineMissing, SequenceGoesBack],
  })
  async create(@Body() body: CreateSourceBody): Promise<SourceView> {
    return this.viewOf(await this.changeSource.create(body));
  }

  @Patch(':id')
  @Operation({
    summary: 'Change what is agreed with a source (修改数据源)',
    permission: 'usage.manage',
    wholeOperator: true,
    returns: SourceView,
    refusals: [ResourceNotFound, DeadlineMissing, SequenceGoesBack],
  })
  async patch(@Param('id') id: string, @Body() body: PatchSourceBody): Promise<SourceView> {
    return this.viewOf(await this.changeSource.change(id, body));
  }

  private viewOf({ source, name, filesAtOnce, recordsPerMinute, registeredAt, feeds }: Source): SourceView {
    const now = this.clock.now().getTime();
    return {
      ...headOf(intakeSources, source),
      source,
      name,
      filesAtOnce,
      recordsPerMinute,
      registeredAt,
      feed: feeds.map((feed) => ({
        ...feed,
        lagSeconds: feed.lastSuccessAt && Math.max(0, Math.floor((now - feed.lastSuccessAt.getTime()) / 1000)),
      })),
    };
  }
}
