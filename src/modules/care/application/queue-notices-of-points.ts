import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { newId, type Tx } from '../../../platform/database/index.js';
import { wordsOfExpiryNotices, type NoticeOfExpiry } from '../../points/index.js';
import { expiryNoticeKind } from '../domain/notice-kind.js';
import { queueNoticesOfPoints } from '../persistence/notices-of-points.js';

export interface ToldOfExpiry extends NoticeOfExpiry {
  readonly customerId: string;
  readonly noticeId: string;
}

/** What customers are told of points that will expire (到期提醒, PTS-27); nothing of those that are over meanwhile. */
@Injectable()
export class QueueNoticesOfPoints {
  constructor(private readonly clock: Clock) {}

  async execute(tx: Tx, told: readonly ToldOfExpiry[]): Promise<void> {
    const at = this.clock.now();
    const today = businessDate(at);
    const wordsOf = await wordsOfExpiryNotices(tx);
    const notices = told.flatMap((notice) => {
      const [kind, words] = [expiryNoticeKind(notice.daysBefore), wordsOf(notice)];
      if (!kind || !words || notice.expiresOn < today) return [];
      return [{ noticeId: newId(), customerId: notice.customerId, decisionId: notice.noticeId, kind, words }];
    });
    if (notices.length > 0) await queueNoticesOfPoints(tx, notices, at);
  }
}
