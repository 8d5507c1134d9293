import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import { RETENTION_COLUMNS, type RetentionClass } from '../persistence/retention-classes.js';

export type { RetentionClass } from '../persistence/retention-classes.js';

@Injectable()
export class FindRetentionClasses {
  constructor(private readonly database: Database) {}

  page<V extends object>(list: ListRequest, view: (row: RetentionClass) => V): Promise<Page<V>> {
    return readPage(this.database, list, { select: RETENTION_COLUMNS, from: 'customers.retention_class k' }, view);
  }
}
