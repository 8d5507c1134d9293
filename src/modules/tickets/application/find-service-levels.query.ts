import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import type { ServiceLevels } from '../domain/service-level.js';
import { SERVICE_LEVEL_COLUMNS, serviceLevelsOf, type ServiceLevelRow } from '../persistence/service-levels.js';

@Injectable()
export class FindServiceLevels {
  constructor(private readonly database: Database) {}

  page<View extends object>(list: ListRequest, viewOf: (levels: ServiceLevels) => View): Promise<Page<View>> {
    const source = { select: SERVICE_LEVEL_COLUMNS, from: 'tickets.service_level l' };
    return readPage<ServiceLevelRow, View>(this.database, list, source, (row) => viewOf(serviceLevelsOf(row)));
  }
}
