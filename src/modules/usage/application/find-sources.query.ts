import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { readPage, ResourceNotFound, type ListRequest, type Page } from '../../../platform/http/index.js';
import type { Source } from '../domain/feed.js';
import { SOURCE, sourceOf, SourceRegister, type SourceRow } from '../persistence/source-register.js';

@Injectable()
export class FindSources {
  constructor(
    private readonly database: Database,
    private readonly sources: SourceRegister,
  ) {}

  /** `only`: of one source, for those who send for it. */
  page<View extends object>(
    list: ListRequest,
    only: string | undefined,
    viewOf: (source: Source) => View,
  ): Promise<Page<View>> {
    const from = {
      select: SOURCE,
      from: 'usage.source s',
      where: '$1::text IS NULL OR s.source = $1',
      params: [only ?? null],
    };
    return readPage<SourceRow, View>(this.database, list, from, (row) => viewOf(sourceOf(row)));
  }

  /** @throws ResourceNotFound also for a source that this reader does not see. */
  async byId(id: string, only: string | undefined): Promise<Source> {
    const source = only === undefined || only === id ? await this.sources.find(id) : undefined;
    if (!source) throw new ResourceNotFound('source');
    return source;
  }
}
