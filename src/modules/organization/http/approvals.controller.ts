import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Clock } from '../../../platform/clock/index.js';
import {
  AnyObjectField,
  CurrentActor,
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
import { ApprovalHandlers } from '../application/approval-kinds.js';
import { Approvals } from '../application/approvals.js';
import { FindApprovals } from '../application/find-approvals.query.js';
import { APPROVAL_STATUSES, statusAt, type Approval } from '../domain/approval.js';
import {
  ApprovalAltered,
  ApprovalClosed,
  ApprovalExpired,
  ApprovalNotFound,
  NotYourRequest,
  OwnRequest,
  PeopleDecide,
  RequestWithoutReason,
} from '../domain/refusals-of-approvals.js';

const approvals = defineResource({
  type: 'Approval',
  path: '/care-api/organization/v1/approval',
  attributes: {
    id: { type: 'id', column: 'a.approval_id', filter: true },
    kind: { type: 'text', column: 'a.kind', filter: true },
    subject: { type: 'text', column: 'a.subject', filter: true },
    customerId: { type: 'id', column: 'a.customer_id', filter: true },
    status: {
      type: 'enum',
      // $1: now. Nothing comes by to mark what nobody decided in time.
      column: `CASE WHEN a.status = 'pending' AND a.expires_at <= $1 THEN 'expired' ELSE a.status END`,
      values: APPROVAL_STATUSES,
      filter: true,
    },
    askedBy: { type: 'text', column: 'a.asked_by', filter: true },
    decidedBy: { type: 'text', column: 'a.decided_by', filter: true },
    askedAt: { type: 'instant', column: 'a.asked_at', filter: true, sort: true },
    expiresAt: { type: 'instant', column: 'a.expires_at', filter: true, sort: true },
  },
  defaultSort: '-askedAt',
});

class ApprovalView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'Approval' }) '@type'!: string;
  @TextField({ example: 'privacy.export' }) kind!: string;
  @TextField({ optional: true, example: 'Copy of the own data (个人信息副本)' }) title?: string | undefined;
  @EnumField({ values: APPROVAL_STATUSES, enumName: 'ApprovalStatus' }) status!: string;
  @IdField({ description: 'What it is about' }) subject!: string;
  @IdField({ optional: true }) customerId?: string | undefined;
  @AnyObjectField({ description: 'What is carried out when it is approved; frozen' }) payload!: object;
  @TextField({ example: 'Letter of the customer of 2026-02-01' }) reason!: string;
  @TextField() askedBy!: string;
  @TextField({ example: 'hall-staff' }) askedByRole!: string;
  @InstantField() askedAt!: Date;
  @InstantField({ description: 'From then on nobody can decide it' }) expiresAt!: Date;
  @TextField({ optional: true }) decidedBy?: string | undefined;
  @TextField({ optional: true }) comment?: string | undefined;
  @InstantField({ optional: true }) closedAt?: Date | undefined;
  @AnyObjectField({ optional: true, description: 'What came of it' }) result?: object | undefined;
}

class ApproveBody {
  @TextField({ optional: true, maxLength: 300, example: 'Identity checked at the counter' }) comment?: string;
}

class RejectBody {
  @TextField({ maxLength: 300, example: 'The letter is not signed' }) comment!: string;
}

const CONCERNED = { approval: 'params.id', unknown: ApprovalNotFound } as const;

const DECISION_REFUSALS = [
  ApprovalNotFound,
  OwnRequest,
  PeopleDecide,
  ApprovalClosed,
  ApprovalExpired,
  RequestWithoutReason,
];

@ApiTags('Approvals (复核)')
@Controller(approvals.path)
export class ApprovalsController {
  constructor(
    private readonly approvals: Approvals,
    private readonly find: FindApprovals,
    private readonly handlers: ApprovalHandlers,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Operation({
    summary: 'List requests that need four eyes (复核列表)',
    description:
      'Those about customers in the own scope, and those about no customer that were asked in the own part of the organization.',
    permission: 'organization.read',
    returns: ApprovalView,
  })
  list(@ListQuery(approvals) list: ListRequest): Promise<Page<ApprovalView>> {
    return this.find.page(list, (approval) => this.view(approval));
  }

  @Get(':id')
  @Operation({
    summary: 'One request for approval (复核详情)',
    permission: 'organization.read',
    concerns: CONCERNED,
    returns: ApprovalView,
    refusals: [ApprovalNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string): Promise<ApprovalView> {
    return this.view(await this.find.one(id));
  }

  @Post(':id/approve')
  @Operation({
    summary: 'Approve what somebody else asked for (复核通过)',
    description:
      'It is carried out in the same transaction. Needs the permission to decide this kind, too. Nobody decides what he asked for himself.',
    permission: 'organization.approve',
    concerns: CONCERNED,
    returns: ApprovalView,
    refusals: [...DECISION_REFUSALS, ApprovalAltered],
  })
  async approve(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { comment }: ApproveBody,
    @CurrentActor() actor: Actor,
  ): Promise<ApprovalView> {
    return this.view(await this.approvals.approve(id, actor, comment));
  }

  @Post(':id/reject')
  @Operation({
    summary: 'Reject what somebody else asked for (复核驳回)',
    description: 'With the reason, which whoever asked may read.',
    permission: 'organization.approve',
    concerns: CONCERNED,
    returns: ApprovalView,
    refusals: DECISION_REFUSALS,
  })
  async reject(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { comment }: RejectBody,
    @CurrentActor() actor: Actor,
  ): Promise<ApprovalView> {
    return this.view(await this.approvals.reject(id, actor, comment));
  }

  @Post(':id/withdraw')
  @Operation({
    summary: 'Withdraw an own request (撤回申请)',
    permission: 'organization.read',
    concerns: CONCERNED,
    returns: ApprovalView,
    refusals: [ApprovalNotFound, NotYourRequest, ApprovalClosed, ApprovalExpired],
  })
  async withdraw(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<ApprovalView> {
    return this.view(await this.approvals.withdraw(id, actor));
  }

  private view(approval: Approval): ApprovalView {
    return {
      ...headOf(approvals, approval.approvalId),
      kind: approval.kind,
      title: this.handlers.titleOf(approval.kind),
      status: statusAt(approval, this.clock.now()),
      subject: approval.subject,
      customerId: approval.customerId,
      payload: approval.payload,
      reason: approval.reason,
      askedBy: approval.askedBy,
      askedByRole: approval.askedByRole,
      askedAt: approval.askedAt,
      expiresAt: approval.expiresAt,
      decidedBy: approval.decidedBy,
      comment: approval.comment,
      closedAt: approval.closedAt,
      result: approval.result,
    };
  }
}
