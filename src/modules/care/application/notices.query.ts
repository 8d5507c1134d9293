import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../platform/database/index.js';
import {
  readPage,
  ResolvesCustomer,
  type CustomerResolver,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Notice } from '../domain/notice.js';
import { CareNoticeNotFound } from '../domain/refusals.js';
import { noticeOf, NOTICES } from '../persistence/notices.js';

@ResolvesCustomer('careNotice')
@Injectable()
export class FindNotices implements CustomerResolver {
  constructor(private readonly database: Database) {}

  async customerOf(noticeId: string): Promise<string | undefined> {
    return (await this.known(noticeId))?.customerId;
  }

  list<V extends object>(list: ListRequest, view: (notice: Notice) => V): Promise<Page<V>> {
    return readPage<Notice, V>(this.database, list, NOTICES, view);
  }

  /** @throws CareNoticeNotFound */
  async one(noticeId: string): Promise<Notice> {
    const found = await this.known(noticeId);
    if (!found) throw new CareNoticeNotFound();
    return found;
  }

  private known(noticeId: string): Promise<Notice | undefined> {
    return isId(noticeId) ? noticeOf(this.database, noticeId) : Promise.resolve(undefined);
  }
}
