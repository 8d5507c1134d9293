import type { Readable } from 'node:stream';
import { Body, Controller, Get, Header, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor, FileBody, headOf, ListQuery, Operation, ResourceIdPipe, ResourceNotFound, TextField,
  type ListRequest, type Page,
} from '../../../platform/http/index.js'; // prettier-ignore
import type { Actor } from '../../../platform/identity/index.js';
import { FindFiles, type IntakeFile } from '../application/find-files.query.js';
import { LoadFile } from '../application/load-file.js';
import { PushRecords } from '../application/push-records.js';
import { parseFileName } from '../domain/file-envelope.js';
import { NotYourRecords, TooManyFiles, UnknownFileName } from '../domain/refusals.js';
import { FileAnswerView, FileView, RecordBatchAnswer, RecordBatchBody } from './intake.dto.js';
import { IntakeScope } from './intake-scope.js';
import { intakeFiles } from './resources.js';

class FileQuery {
  @TextField({ maxLength: 100, example: 'USG_BOSS_440000_20250201_000001_01.csv.gz' }) name!: string;
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
  @Operation({
    summary: 'Push up to 1000 records online (在线推送)',
    description: 'Each record is stored, known already, refused or held on its own; sending it again is harmless.',
    permission: 'usage.push',
    returns: RecordBatchAnswer,
    refusals: [NotYourRecords],
  })
  async push(@Body() body: RecordBatchBody, @CurrentActor() actor: Actor): Promise<RecordBatchAnswer> {
    await this.scope.check(actor, body);
    const results = await this.pushRecords.execute(
      body.kind,
      body.source,
      body.records.map((record) => ({ ...record })),
    );
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
    const answer = await this.loadFile.execute(query.name, body);
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
  async answer(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<string> {
    return this.files.answerText(id, await this.scope.filesSeenBy(actor));
  }
}

const viewOf = (file: IntakeFile): FileView => ({
  ...headOf(intakeFiles, file.fileId),
  name: file.name,
  kind: file.kind,
  source: file.source,
  province: file.province,
  businessDate: file.businessDate,
  sequence: file.sequence,
  state: file.state,
  counts: file.counts,
  problem: file.problem,
  createdAt: file.createdAt,
  receivedAt: file.receivedAt,
  finishedAt: file.finishedAt,
});
