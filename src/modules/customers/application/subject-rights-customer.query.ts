import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../platform/database/index.js';
import { ResolvesCustomer, type CustomerResolver } from '../../../platform/http/index.js';
import { readExport } from '../persistence/subject-export-rows.js';
import { readRequest } from '../persistence/subject-request-rows.js';

@Injectable()
@ResolvesCustomer('subjectRequest')
export class CustomerOfSubjectRequest implements CustomerResolver {
  constructor(private readonly database: Database) {}

  async customerOf(requestId: string): Promise<string | undefined> {
    return isId(requestId) ? (await readRequest(this.database, requestId))?.customerId : undefined;
  }
}

@Injectable()
@ResolvesCustomer('subjectExport')
export class CustomerOfSubjectExport implements CustomerResolver {
  constructor(private readonly database: Database) {}

  async customerOf(exportId: string): Promise<string | undefined> {
    return isId(exportId) ? (await readExport(this.database, exportId))?.customerId : undefined;
  }
}
