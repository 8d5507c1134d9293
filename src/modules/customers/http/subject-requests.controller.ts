import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  BooleanField,
  CurrentActor,
  DateField,
  defineResource,
  EnumField,
  headOf,
  IdField,
  InstantField,
  ListQuery,
  Operation,
  ResourceIdPipe,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { SubjectRequests, type SubjectRequest } from '../application/subject-requests.js';
import {
  AnswerMissing,
  ReceivedInFuture,
  SubjectRequestClosed,
  SubjectRequestNotFound,
} from '../domain/refusals-of-subject-rights.js';
import { CustomerIsErased, CustomerNotFound } from '../domain/refusals.js';
import {
  ANSWER_WITHIN_WORKING_DAYS,
  SUBJECT_REQUEST_KINDS,
  SUBJECT_REQUEST_STATUSES,
  type SubjectRequestKind,
} from '../domain/subject-request.js';

// $1: now.
const TODAY = `($1::timestamptz AT TIME ZONE 'Asia/Shanghai')::date`;

const subjectRequests = defineResource({
  type: 'SubjectRequest',
  path: '/care-api/privacy/v1/subjectRequest',
  rowsOf: { customerId: 'r.customer_id' },
  attributes: {
    id: { type: 'id', column: 'r.request_id', filter: true },
    customerId: { type: 'id', column: 'r.customer_id', filter: true },
    kind: { type: 'enum', column: 'r.kind', values: SUBJECT_REQUEST_KINDS, filter: true },
    status: { type: 'enum', column: 'r.status', values: SUBJECT_REQUEST_STATUSES, filter: true },
    isOverdue: { type: 'boolean', column: `(r.status = 'open' AND r.due_on < ${TODAY})`, filter: true },
    dueOn: { type: 'date', column: 'r.due_on', filter: true, sort: true },
    receivedAt: { type: 'instant', column: 'r.received_at', filter: true, sort: true },
  },
  defaultSort: 'dueOn',
});

class SubjectRequestView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'SubjectRequest' }) '@type'!: string;
  @IdField() customerId!: string;
  @EnumField({ values: SUBJECT_REQUEST_KINDS, enumName: 'SubjectRequestKind' }) kind!: string;
  @TextField({ example: 'hotline' }) channel!: string;
  @InstantField() receivedAt!: Date;
  @DateField({ description: 'The last day for the answer' }) dueOn!: string;
  @BooleanField() isOverdue!: boolean;
  @TextField({ optional: true }) detail?: string | undefined;
  @EnumField({ values: SUBJECT_REQUEST_STATUSES, enumName: 'SubjectRequestStatus' }) status!: string;
  @TextField() recordedBy!: string;
  @InstantField() recordedAt!: Date;
  @TextField({ optional: true, description: 'What was done, or why not' }) answer?: string | undefined;
  @TextField({ optional: true }) closedBy?: string | undefined;
  @InstantField({ optional: true }) closedAt?: Date | undefined;
}

const CHANNEL = { pattern: /^[a-z][a-z-]{0,39}$/, patternMeans: 'lower-case words with hyphens' };

class RecordRequestBody {
  @EnumField({ values: SUBJECT_REQUEST_KINDS, enumName: 'SubjectRequestKind', example: 'CORRECTION' })
  kind!: SubjectRequestKind;
  @IdField({ description: 'The id of a customer, from their list' }) customerId!: string;
  @TextField({ ...CHANNEL, example: 'hotline' }) channel!: string;
  @InstantField({ optional: true, description: 'When the customer asked; default: now' }) receivedAt?: Date;
  @TextField({ optional: true, maxLength: 2000, example: '出生日期登记有误' }) detail?: string;
}

const OUTCOMES = ['done', 'refused'] as const;

class AnswerBody {
  @EnumField({ values: OUTCOMES, example: 'done' }) outcome!: (typeof OUTCOMES)[number];
  @TextField({ optional: true, maxLength: 1000, example: '已更正', description: 'A refusal needs its reason' })
  answer?: string;
}

@ApiTags("People's rights to their data (个人信息权利)")
@Controller(subjectRequests.path)
export class SubjectRequestsController {
  constructor(private readonly requests: SubjectRequests) {}

  @Post()
  @Operation({
    summary: 'Write down what a customer asks about the own data (登记个人信息权利请求)',
    description: `Staff for a customer, or customers for themselves. It is due within ${ANSWER_WITHIN_WORKING_DAYS} working days.`,
    permission: 'privacy.request',
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    selfService: true,
    creates: SubjectRequestView,
    idempotent: true,
    refusals: [CustomerNotFound, CustomerIsErased, ReceivedInFuture],
  })
  async record(@Body() body: RecordRequestBody, @CurrentActor() actor: Actor): Promise<SubjectRequestView> {
    return viewOf(await this.requests.record(body, actor));
  }

  @Get()
  @Operation({
    summary: 'List requests by due date (个人信息权利请求列表)',
    description: 'Nothing is lost: `status=open&isOverdue=true` are those whose answer is late.',
    permission: 'privacy.read',
    returns: SubjectRequestView,
  })
  list(@ListQuery(subjectRequests) list: ListRequest): Promise<Page<SubjectRequestView>> {
    return this.requests.page(list, viewOf);
  }

  @Get(':id')
  @Operation({
    summary: 'One request (个人信息权利请求)',
    permission: 'privacy.request',
    concerns: { subjectRequest: 'params.id', unknown: SubjectRequestNotFound },
    selfService: true,
    returns: SubjectRequestView,
    refusals: [SubjectRequestNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string): Promise<SubjectRequestView> {
    return viewOf(await this.requests.one(id));
  }

  @Post(':id/answer')
  @Operation({
    summary: 'Answer a request (答复个人信息权利请求)',
    description: 'Once. A refusal says why (PIPL 50).',
    permission: 'privacy.request',
    concerns: { subjectRequest: 'params.id', unknown: SubjectRequestNotFound },
    returns: SubjectRequestView,
    refusals: [SubjectRequestNotFound, SubjectRequestClosed, AnswerMissing],
  })
  async answer(
    @Param('id', ResourceIdPipe) id: string,
    @Body() body: AnswerBody,
    @CurrentActor() actor: Actor,
  ): Promise<SubjectRequestView> {
    return viewOf(await this.requests.answer(id, body, actor));
  }
}

const viewOf = ({ requestId, ...request }: SubjectRequest): SubjectRequestView => ({
  ...headOf(subjectRequests, requestId),
  customerId: request.customerId,
  kind: request.kind,
  channel: request.channel,
  receivedAt: request.receivedAt,
  dueOn: request.dueOn,
  isOverdue: request.isOverdue,
  detail: request.detail,
  status: request.status,
  recordedBy: request.recordedBy,
  recordedAt: request.recordedAt,
  answer: request.answer,
  closedBy: request.closedBy,
  closedAt: request.closedAt,
});
