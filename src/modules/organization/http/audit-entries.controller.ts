import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  defineResource,
  EnumField,
  headOf,
  IdField,
  InstantField,
  ListField,
  ListQuery,
  Operation,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import { FindAuditEntries } from '../application/find-audit-entries.query.js';

const ACTOR_KINDS = ['staff', 'system', 'customer', 'nobody', 'application'];

const auditEntries = defineResource({
  type: 'AuditEntry',
  path: '/care-api/organization/v1/auditEntry',
  attributes: {
    id: { type: 'id', column: 'a.entry_id', filter: true },
    occurredAt: { type: 'instant', column: 'a.occurred_at', filter: true, sort: true },
    actorKind: { type: 'enum', column: 'a.actor_kind', values: ACTOR_KINDS, filter: true },
    actorId: { type: 'text', column: 'a.actor_id', filter: true },
    unitId: { type: 'id', column: 'a.unit_id', filter: true },
    requestId: { type: 'text', column: 'a.request_id', filter: true },
    action: { type: 'text', column: 'a.action', filter: true },
    objectType: { type: 'text', column: 'a.object_type', filter: true },
    objectId: { type: 'text', column: 'a.object_id', filter: true },
    customerId: { type: 'id', column: 'a.customer_id', filter: true },
    approvalId: { type: 'id', column: 'a.approval_id', filter: true },
  },
  defaultSort: '-occurredAt',
});

class AuditEntryView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'AuditEntry' }) '@type'!: string;
  @InstantField() occurredAt!: Date;
  @EnumField({ values: ACTOR_KINDS, description: 'nobody: a public route; application: work of its own' })
  actorKind!: string;
  @TextField({ minLength: 0 }) actorId!: string;
  @TextField({ minLength: 0, example: 'account-manager' }) actorRole!: string;
  @IdField({ optional: true }) unitId?: string | undefined;
  @TextField({ optional: true }) sessionId?: string | undefined;
  @TextField({ optional: true, example: '10.1.2.3' }) clientAddress?: string | undefined;
  @TextField({ minLength: 0 }) requestId!: string;
  @TextField({ minLength: 0, example: 'PATCH /tmf-api/customerManagement/v4/customer/:id' }) operation!: string;
  @TextField({ example: 'customers.change', description: 'The operation itself where nothing more is known' })
  action!: string;
  @TextField({ example: 'Customer' }) objectType!: string;
  @TextField({ optional: true }) objectId?: string | undefined;
  @IdField({ optional: true }) customerId?: string | undefined;
  @TextField({ optional: true, description: 'Keyed digest of the state before (hex); none: it is new' })
  beforeDigest?: string | undefined;
  @TextField({ optional: true, description: 'Keyed digest of the state after (hex); none: it is gone' })
  afterDigest?: string | undefined;
  @ListField(() => String, { example: ['contactMedium'], description: 'Names of what changed; never values' })
  changedFields!: readonly string[];
  @TextField({ optional: true, example: '客户要求更正', description: 'Header X-Reason, or the reason of the body' })
  reason?: string | undefined;
  @IdField({ optional: true, description: 'The approval that it was done on' }) approvalId?: string | undefined;
}

@ApiTags('Audit of writes (操作留痕)')
@Controller(auditEntries.path)
export class AuditEntriesController {
  constructor(private readonly find: FindAuditEntries) {}

  @Get()
  @Operation({
    summary: 'Who changed what (操作日志)',
    description:
      'Every request that wrote has at least one line, stored with what it wrote. The audit can only be added to. Whether two states were the same is seen by their digests.',
    permission: 'organization.audit',
    returns: AuditEntryView,
  })
  list(@ListQuery(auditEntries) list: ListRequest): Promise<Page<AuditEntryView>> {
    return this.find.page(list, ({ entryId, ...entry }) => ({
      ...headOf(auditEntries, entryId),
      occurredAt: entry.occurredAt,
      actorKind: entry.actorKind,
      actorId: entry.actorId,
      actorRole: entry.actorRole,
      unitId: entry.unitId ?? undefined,
      sessionId: entry.sessionId ?? undefined,
      clientAddress: entry.clientAddress ?? undefined,
      requestId: entry.requestId,
      operation: entry.operation,
      action: entry.action,
      objectType: entry.objectType,
      objectId: entry.objectId ?? undefined,
      customerId: entry.customerId ?? undefined,
      beforeDigest: entry.beforeDigest?.toString('hex'),
      afterDigest: entry.afterDigest?.toString('hex'),
      changedFields: entry.changedFields,
      reason: entry.reason ?? undefined,
      approvalId: entry.approvalId ?? undefined,
    }));
  }
}
