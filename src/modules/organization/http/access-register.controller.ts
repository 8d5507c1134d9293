import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Database } from '../../../platform/database/index.js';
import {
  EnumField,
  headOf,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  ListQuery,
  Operation,
  readPage,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import { accessEntries } from './resources.js';

class AccessEntryView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'AccessEntry' }) '@type'!: string;
  @InstantField() occurredAt!: Date;
  @EnumField({ values: ['staff', 'system'] }) actorKind!: string;
  @TextField() actorId!: string;
  @TextField({ example: 'hotline-agent' }) actorRole!: string;
  @IdField({ optional: true }) unitId?: string | undefined;
  @TextField() requestId!: string;
  @TextField({ example: 'customers.read' }) action!: string;
  @ListField(() => String) customerIds!: readonly string[];
  @IntegerField({ description: 'Customers that were shown; of long lists not all ids are kept' })
  customerCount!: number;
  @ListField(() => String, { example: ['identity', 'contact'] }) fieldGroups!: readonly string[];
  @TextField({ example: 'service' }) purpose!: string;
  @EnumField({ values: ['granted', 'refused'] }) result!: string;
}

type Row = Omit<AccessEntryView, 'id' | 'href' | '@type' | 'unitId'> & {
  readonly entryId: string;
  readonly unitId: string | null;
};

const COLUMNS = `a.entry_id AS "entryId", a.occurred_at AS "occurredAt", a.actor_kind AS "actorKind", a.actor_id AS "actorId",
  a.actor_role AS "actorRole", a.unit_id AS "unitId", a.request_id AS "requestId", a.action, a.customer_ids AS "customerIds",
  a.customer_count AS "customerCount", a.field_groups AS "fieldGroups", a.purpose, a.result`;

@ApiTags('Access register (客户信息查阅登记)')
@Controller(accessEntries.path)
export class AccessRegisterController {
  constructor(private readonly database: Database) {}

  @Get()
  @Operation({
    summary: "Who looked at customers' data (查阅登记)",
    description: 'By customer (`customerId=`), by actor, by time. The register can only be added to.',
    permission: 'organization.audit',
    returns: AccessEntryView,
  })
  list(@ListQuery(accessEntries) list: ListRequest): Promise<Page<AccessEntryView>> {
    const source = { select: COLUMNS, from: 'organization.access_register a' };
    return readPage<Row, AccessEntryView>(this.database, list, source, ({ entryId, unitId, ...row }) => ({
      ...headOf(accessEntries, entryId),
      occurredAt: row.occurredAt,
      actorKind: row.actorKind,
      actorId: row.actorId,
      actorRole: row.actorRole,
      unitId: unitId ?? undefined,
      requestId: row.requestId,
      action: row.action,
      customerIds: row.customerIds,
      customerCount: row.customerCount,
      fieldGroups: row.fieldGroups,
      purpose: row.purpose,
      result: row.result,
    }));
  }
}
