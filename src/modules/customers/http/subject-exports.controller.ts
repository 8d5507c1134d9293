import { Readable } from 'node:stream';
import { Body, Controller, Get, Param, Post, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  AnyObjectField,
  CurrentActor,
  defineResource,
  EnumField,
  headOf,
  IdField,
  InstantField,
  IntegerField,
  ListQuery,
  Operation,
  ResourceIdPipe,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { RequestWithoutReason } from '../../organization/index.js';
import { SubjectExports } from '../application/subject-exports.js';
import {
  CopyExpired,
  CopyFetchedOften,
  CopyNotReady,
  NotYourCopy,
  SubjectExportNotFound,
  SubjectRequestClosed,
  SubjectRequestNotFound,
} from '../domain/refusals-of-subject-rights.js';
import { CustomerIsErased, CustomerNotFound } from '../domain/refusals.js';
import {
  COPY_IS_KEPT_DAYS,
  COPY_MAY_BE_FETCHED,
  SUBJECT_EXPORT_STATUSES,
  type SubjectExport,
} from '../domain/subject-export.js';

const subjectExports = defineResource({
  type: 'SubjectExport',
  path: '/care-api/privacy/v1/subjectExport',
  rowsOf: { customerId: 'e.customer_id' },
  attributes: {
    id: { type: 'id', column: 'e.export_id', filter: true },
    customerId: { type: 'id', column: 'e.customer_id', filter: true },
    approvalId: { type: 'id', column: 'e.approval_id', filter: true },
    askedAt: { type: 'instant', column: 'e.asked_at', filter: true, sort: true },
  },
  defaultSort: '-askedAt',
});

class SubjectExportView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'SubjectExport' }) '@type'!: string;
  @IdField() customerId!: string;
  @IdField({ description: 'The request that it answers' }) subjectRequestId!: string;
  @IdField({ description: 'Somebody else decides it' }) approvalId!: string;
  @EnumField({ values: SUBJECT_EXPORT_STATUSES, enumName: 'SubjectExportStatus' }) status!: string;
  @TextField() askedBy!: string;
  @InstantField() askedAt!: Date;
  @InstantField({ optional: true, description: 'The moment whose data it holds' }) asOf?: Date | undefined;
  @InstantField({ optional: true, description: 'It is thrown away then' }) expiresAt?: Date | undefined;
  @IntegerField({ optional: true }) sizeBytes?: number | undefined;
  @TextField({ optional: true, description: 'SHA-256 of the document (hex)' }) sha256?: string | undefined;
  @AnyObjectField({ optional: true, description: 'Rows by section', example: { 'usage.bill': 12 } })
  sections?: object | undefined;
  @IntegerField({ description: 'How often it was fetched' }) downloads!: number;
}

const CHANNEL = { pattern: /^[a-z][a-z-]{0,39}$/, patternMeans: 'lower-case words with hyphens' };
const FORMATS = ['JSON'];

class AskForExportBody {
  @IdField({ description: 'The id of a customer, from their list' }) customerId!: string;
  @TextField({ maxLength: 300, example: '客户来函要求提供个人信息副本' }) reason!: string;
  @EnumField({ values: FORMATS, default: 'JSON' }) format: string = 'JSON';
  @TextField({ optional: true, ...CHANNEL, example: 'hall', description: 'Where the customer asked' })
  channel?: string;
  @IdField({ optional: true, description: 'A request that is written down already' }) subjectRequestId?: string;
}

@ApiTags("People's rights to their data (个人信息权利)")
@Controller(subjectExports.path)
export class SubjectExportsController {
  constructor(private readonly exports: SubjectExports) {}

  @Post()
  @Operation({
    summary: 'Ask for a copy of all that is known of a customer (申请个人信息副本)',
    description:
      'Staff for a customer, or customers for themselves. Somebody else approves it; then it is prepared, and whoever asked may fetch it.',
    permission: 'privacy.request',
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    selfService: true,
    creates: SubjectExportView,
    idempotent: true,
    refusals: [CustomerNotFound, CustomerIsErased, SubjectRequestNotFound, SubjectRequestClosed, RequestWithoutReason],
  })
  async ask(@Body() body: AskForExportBody, @CurrentActor() actor: Actor): Promise<SubjectExportView> {
    const {
      customerId,
      reason,
      channel = actor.kind === 'customer' ? 'self-service' : 'staff',
      subjectRequestId,
    } = body;
    return viewOf(await this.exports.ask({ customerId, reason, channel, requestId: subjectRequestId }, actor));
  }

  @Get()
  @Operation({
    summary: 'List copies (个人信息副本列表)',
    permission: 'privacy.read',
    returns: SubjectExportView,
  })
  list(@ListQuery(subjectExports) list: ListRequest): Promise<Page<SubjectExportView>> {
    return this.exports.page(list, viewOf);
  }

  @Get(':id')
  @Operation({
    summary: 'How far a copy is (个人信息副本状态)',
    permission: 'privacy.request',
    concerns: { subjectExport: 'params.id', unknown: SubjectExportNotFound },
    selfService: true,
    returns: SubjectExportView,
    refusals: [SubjectExportNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string): Promise<SubjectExportView> {
    return viewOf(await this.exports.one(id));
  }

  @Get(':id/file')
  @Operation({
    summary: 'Fetch a copy (下载个人信息副本)',
    description: `Whoever asked for it, ${COPY_MAY_BE_FETCHED} times in ${COPY_IS_KEPT_DAYS} days. Each time is in the access register with everything that it shows.`,
    permission: 'privacy.request',
    limit: { perMinute: 10 },
    concerns: { subjectExport: 'params.id', unknown: SubjectExportNotFound },
    selfService: true,
    freshCode: true,
    returns: 'application/json',
    refusals: [SubjectExportNotFound, NotYourCopy, CopyNotReady, CopyExpired, CopyFetchedOften],
  })
  async file(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<StreamableFile> {
    const { copy, pieces } = await this.exports.fetch(id, actor);
    return new StreamableFile(Readable.from(pieces), {
      type: 'application/json; charset=utf-8',
      disposition: `attachment; filename="copy-${id}.json"`,
      ...(copy.sizeBytes !== undefined && { length: copy.sizeBytes }),
    });
  }
}

const viewOf = (copy: SubjectExport): SubjectExportView => ({
  ...headOf(subjectExports, copy.exportId),
  customerId: copy.customerId,
  subjectRequestId: copy.requestId,
  approvalId: copy.approvalId,
  status: copy.status,
  askedBy: copy.askedBy,
  askedAt: copy.askedAt,
  asOf: copy.asOf,
  expiresAt: copy.expiresAt,
  sizeBytes: copy.sizeBytes,
  sha256: copy.sha256?.toString('hex'),
  sections: copy.sections,
  downloads: copy.downloads,
});
