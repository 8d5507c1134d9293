import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { Body, Controller, Get, HttpCode, Param, Post, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor, headOf, ListQuery, Operation, ResourceIdPipe, ResourceNotFound, type ListRequest, type Page,
} from '../../../platform/http/index.js'; // prettier-ignore
import type { Actor } from '../../../platform/identity/index.js';
import { AcknowledgeFile } from '../application/acknowledge-file.js';
import { FindFeedFiles, type FeedFile } from '../application/find-feed-files.query.js';
import { HandOutFeed } from '../application/hand-out-feed.js';
import { ReissueFile } from '../application/reissue-file.js';
import { recordsIn } from '../domain/feed-file.js';
import { FileNotReady, FileWithdrawn } from '../domain/refusals.js';
import { AcknowledgementBody, FeedFileView } from './feed.dto.js';
import { feedFiles } from './resources.js';

@ApiTags('Feeds to BOSS and the data warehouse (经分系统接口)')
@Controller(feedFiles.path)
export class FeedFilesController {
  constructor(
    private readonly files: FindFeedFiles,
    private readonly handOut: HandOutFeed,
    private readonly acknowledging: AcknowledgeFile,
    private readonly reissuing: ReissueFile,
  ) {}

  @Get()
  @Operation({ summary: 'List outgoing files (下发文件清单)', permission: 'feed.read', returns: FeedFileView })
  list(@ListQuery(feedFiles) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<FeedFileView>> {
    return this.files.page(list, actor, viewOf);
  }

  @Get(':id')
  @Operation({
    summary: 'One outgoing file (下发文件状态)',
    permission: 'feed.read',
    returns: FeedFileView,
    refusals: [ResourceNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<FeedFileView> {
    return viewOf(await this.files.one(id, actor));
  }

  @Get(':id/content')
  @Operation({
    summary: 'Fetch an outgoing file (下载下发文件)',
    description: 'Gzip. The same text each time; each download is in the access register with all customers in it.',
    permission: 'feed.read',
    takesLong: true,
    returns: 'application/gzip',
    refusals: [ResourceNotFound, FileNotReady, FileWithdrawn],
  })
  async content(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<StreamableFile> {
    const { file, text } = await this.handOut.fileContent(id, actor);
    const plain = Readable.from(text);
    const zipped = createGzip();
    plain.on('error', (error) => zipped.destroy(error)); // Half a file must not look whole.
    zipped.on('close', () => plain.destroy());
    return new StreamableFile(plain.pipe(zipped), {
      type: 'application/gzip',
      disposition: `attachment; filename="${file.name}"`,
    });
  }

  @Post(':id/acknowledgement')
  @HttpCode(200)
  @Operation({
    summary: 'Say what was received of a file (对账回执)',
    description: 'When it is not what was sent, somebody is called. The last word counts.',
    permission: 'feed.read',
    returns: FeedFileView,
    refusals: [ResourceNotFound, FileNotReady],
  })
  async acknowledge(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { recordCount, sum, sha256 }: AcknowledgementBody,
    @CurrentActor() actor: Actor,
  ): Promise<FeedFileView> {
    return viewOf(await this.acknowledging.execute(id, { recordCount, sum, sha256 }, actor));
  }

  @Post(':id/reissue')
  @HttpCode(200)
  @Operation({
    summary: 'Ask for a file again (重传请求)',
    description:
      'It is put into the outgoing folder as it was published. Of one that was withdrawn the next version is made: the answer says which.',
    permission: 'feed.read',
    returns: FeedFileView,
    refusals: [ResourceNotFound],
  })
  async reissue(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<FeedFileView> {
    return viewOf(await this.reissuing.execute(id, actor));
  }
}

function viewOf(file: FeedFile): FeedFileView {
  const { content } = file;
  const isEmpty = recordsIn(file) === 0;
  return {
    ...headOf(feedFiles, file.fileId),
    fileName: file.name,
    feed: file.feedId,
    businessDate: file.businessDate,
    sequence: file.sequence,
    version: file.version,
    state: file.state,
    recordCount: recordsIn(file),
    fromSequence: isEmpty ? undefined : file.afterSequence + 1,
    toSequence: isEmpty ? undefined : file.toSequence,
    sum: content?.sum,
    sha256: content?.bodySha256,
    contentSha256: content?.contentSha256,
    sizeBytes: content?.sizeBytes,
    createdAt: file.createdAt,
    publishedAt: file.publishedAt,
    acknowledgedAt: file.acknowledgedAt,
    difference: file.difference,
  };
}
