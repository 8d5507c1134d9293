import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { isId, Transaction } from '../../../platform/database/index.js';
import { afterReport, type Notice, type SendingReport } from '../domain/notice.js';
import { CareNoticeNotFound, NoticeAttemptOutOfTurn } from '../domain/refusals.js';
import { noticeOf, storeReport } from '../persistence/notices.js';

/** The system that sends notices says what became of one (发送结果回执). */
@Injectable()
export class ReportNotice {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /**
   * The same report again changes nothing.
   * @throws CareNoticeNotFound, NoticeAttemptOutOfTurn
   */
  execute(noticeId: string, report: SendingReport): Promise<Notice> {
    return this.transaction.run(async (tx) => {
      const before = isId(noticeId) ? await noticeOf(tx, noticeId, true) : undefined;
      if (!before) throw new CareNoticeNotFound();
      const reported = afterReport(before, report);
      if (!reported) throw new NoticeAttemptOutOfTurn(before);
      if (reported === before) return before;
      const after = { ...reported, reportedAt: this.clock.now() };
      await storeReport(tx, after);
      tx.audit({
        action: 'notices.report',
        objectType: 'CareNotice',
        objectId: noticeId,
        customerId: before.customerId,
        before: { state: before.state, attempts: before.attempts },
        after: { state: after.state, attempts: after.attempts },
      });
      return after;
    });
  }
}
