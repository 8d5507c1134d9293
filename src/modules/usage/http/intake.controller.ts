import { Readable } from 'node:stream';
import { Controller, Get, Header, Headers, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import {
  CurrentActor, EnumField, FileBody, headOf, InstantField, InvalidInput, JsonOrFile, ListQuery, Operation, ResourceIdPipe,
  ResourceNotFound, TextField, type ListRequest, type Page,
} from '../../../platform/http/index.js'; // prettier-ignore
import type { Actor } from '../../../platform/identity/index.js';
import { FindFiles, type IntakeFile } from '../application/find-files.query.js';
import { LoadFile } from '../application/load-file.js';
import { PushRecords } from '../application/push-records.js';
import type { Kind } from '../domain/codes.js';
import { parseFileName } from '../domain/file-envelope.js';
import { LANES, type IntakeLane } from '../domain/intake.js';
import {
  AsOfNeedsBackfill,
  DayClosed,
  NotYourRecords,
  TooManyFiles,
  TooManyRecords,
  UnknownFileName,
} from '../domain/refusals.js';
import { FileAnswerView, FileView, RecordBatchAnswer } from './intake.dto.js';
import { IntakeScope } from './intake-scope.js';
import { recordBatchOf } from './record-batch.js';
import { RECORD_BATCHES } from './record-bodies.js';
import { intakeFiles } from './resources.js';

const LANE = {
  values: LANES,
  default: 'normal',
  description: 'backfill: history, which gives way to what is new; no customer is told of it',
} as const;

class FileQuery {
  @TextField({ maxLength: 100, example: 'USG_BOSS_440000_20250201_000001_01.csv.gz' }) name!: string;
  @EnumField(LANE) lane!: IntakeLane;
}

class PushQuery {
  @TextField({ optional: true, example: 'USG', description: 'Of lines: their kind' }) kind?: Kind;
  @TextField({ optional: true, example: 'BOSS', description: 'Of lines: their source' }) source?: string;
  @EnumField(LANE) lane!: IntakeLane;
  @InstantField({ optional: true, description: 'With lane=backfill: lateness is judged against it, as if it were now' })
  asOf?: Date;
}

@ApiTags('Intake (数据接入)')
@Controller('/care-api/intake/v1')
export class IntakeController {
  constructor(
    private readonly files: FindFiles,
    private readonly loadFile: LoadFile,
    private readonly pushRecords: PushRecords,
    private readonly scope: IntakeScope,
  ) {}

  @Post('recordBatch')
  @ApiHeader({
    name: 'X-Batch-Seq',
    required: false,
    description:
      'The number of the batch in an unbroken sequence of this source and kind; of one that is missing an alarm tells',
    schema: { type: 'integer', minimum: 1 },
  })
  @Operation({
    summary: 'Push up to 1000 records online (在线推送)',
    description:
      'As JSON; or as lines of the file contract, gzip or plain, in the order of format 01 or after a header `H|02|columns`. Each record is stored, known already, refused or held on its own; sending it again is harmless.',
    permission: 'usage.push',
    returns: RecordBatchAnswer,
    idempotent: true,
    refusals: [NotYourRecords, DayClosed, TooManyRecords, AsOfNeedsBackfill, 'too-large request.file-too-large'],
  })
  async push(
    @JsonOrFile(...RECORD_BATCHES) body: unknown,
    @Query() query: PushQuery,
    @Headers('x-batch-seq') batchSeq: string | undefined,
    @CurrentActor() actor: Actor,
  ): Promise<RecordBatchAnswer> {
    const { lane, asOf } = query;
    if (asOf && lane !== 'backfill') throw new AsOfNeedsBackfill();
    const batchSequence = batchSequenceOf(batchSeq);
    const { kind, source, pushed } = await recordBatchOf(body, query);
    await this.scope.check(actor, { kind, source });
    const options = { lane, asOf: asOf?.getTime(), batchSequence };
    const results = await this.pushRecords.lines(kind, source, pushed, options);
    return { '@type': 'RecordBatchAnswer', results };
  }

  @Post('file')
  @Operation({
    summary: 'Send a BOSS file (文件接入)',
    description:
      'Gzip or plain. A file is loaded wholly, without its bad records, or not at all (BAD); sending it again has no effect.',
    permission: 'usage.push',
    creates: FileAnswerView,
    takesLong: true,
    refusals: [UnknownFileName, NotYourRecords, TooManyFiles, 'too-large request.file-too-large'],
  })
  async load(
    @Query() query: FileQuery,
    @FileBody() body: Readable,
    @CurrentActor() actor: Actor,
  ): Promise<FileAnswerView> {
    const name = parseFileName(query.name);
    if (!name) throw new UnknownFileName();
    await this.scope.check(actor, name);
    const answer = await this.loadFile.execute(query.name, body, query.lane);
    return { ...viewOf(answer), isRepeat: answer.isRepeat };
  }

  @Get('file')
  @Operation({ summary: 'List BOSS files (文件清单)', permission: 'usage.intake', returns: FileView })
  async list(@ListQuery(intakeFiles) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<FileView>> {
    return this.files.page(list, await this.scope.filesSeenBy(actor), viewOf);
  }

  @Get('file/:id')
  @Operation({
    summary: 'One BOSS file (文件状态)',
    permission: 'usage.intake',
    returns: FileView,
    refusals: [ResourceNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<FileView> {
    return viewOf(await this.files.byId(id, await this.scope.filesSeenBy(actor)));
  }

  @Get('file/:id/answer')
  @Header('Content-Type', 'text/plain; charset=utf-8')
  @Operation({
    summary: 'The answer file (应答文件)',
    permission: 'usage.intake',
    returns: 'text/plain',
    refusals: [ResourceNotFound],
  })
  async answer(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<StreamableFile> {
    const lines = await this.files.answerOf(id, await this.scope.filesSeenBy(actor));
    return new StreamableFile(Readable.from(lines), { type: 'text/plain; charset=utf-8' });
  }
}

function batchSequenceOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (!/^[1-9]\d{0,14}$/.test(header)) throw invalid('X-Batch-Seq', 'a whole number from 1');
  return Number(header);
}

const invalid = (field: string, expected: string): InvalidInput =>
  new InvalidInput([{ field, problem: `must be ${expected}`, expected }]);

const viewOf = (file: IntakeFile): FileView => ({
  ...headOf(intakeFiles, file.fileId),
  name: file.name,
  kind: file.kind,
  source: file.source,
  province: file.province,
  businessDate: file.businessDate,
  sequence: file.sequence,
  state: file.state,
  lane: file.lane,
  formatVersion: file.formatVersion,
  encoding: file.encoding,
  counts: file.counts,
  problem: file.problem,
  createdAt: file.createdAt,
  receivedAt: file.receivedAt,
  finishedAt: file.finishedAt,
  closedAt: file.closedAt,
});
