import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import { AUDIT_COLUMNS, type AuditRow } from '../persistence/audit-rows.js';

@Injectable()
export class FindAuditEntries {
  constructor(private readonly database: Database) {}

  page<V extends object>(list: ListRequest, view: (entry: AuditRow) => V): Promise<Page<V>> {
    return readPage(this.database, list, { select: AUDIT_COLUMNS, from: 'organization.audit_entry a' }, view);
  }
}
