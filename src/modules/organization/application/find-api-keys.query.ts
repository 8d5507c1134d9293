import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import type { ApiKey } from '../domain/api-key.js';
import { API_KEY, apiKeyOf, type ApiKeyRow } from '../persistence/api-key-rows.js';

@Injectable()
export class FindApiKeys {
  constructor(private readonly database: Database) {}

  page<View extends object>(list: ListRequest, viewOf: (system: ApiKey) => View): Promise<Page<View>> {
    const from = { select: API_KEY, from: 'organization.api_key k' };
    return readPage<ApiKeyRow, View>(this.database, list, from, (row) => viewOf(apiKeyOf(row)));
  }
}
