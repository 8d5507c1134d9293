import type { Database, Tx } from '../../../platform/database/index.js';
import { PROFILE_VIEW } from '../../customers/index.js';
import { CURRENT_GRACE, CURRENT_TIER, type Tier } from '../../tiering/index.js';
import type { NoticeKind } from '../domain/notice-kind.js';
import type { Notice, Words } from '../domain/notice.js';

type Reader = Pick<Database | Tx, 'query'>;

export const NOTICES = {
  select: `n.notice_id AS "noticeId", n.customer_id AS "customerId", n.decision_id AS "decisionId", n.kind, n.channel,
    jsonb_build_object('zh', n.zh, 'en', n.en) AS words, n.queued_at AS "queuedAt", n.state, n.attempts,
    n.failure_code AS "failureCode", n.reported_at AS "reportedAt"`,
  from: 'care.notice n',
} as const;

export async function templates(reader: Reader): Promise<ReadonlyMap<NoticeKind, Words>> {
  const rows = await reader.query<Words & { kind: NoticeKind }>('SELECT kind, zh, en FROM care.notice_template');
  return new Map(rows.map(({ kind, zh, en }) => [kind, { zh, en }]));
}

type NewNotice = Pick<Notice, 'noticeId' | 'customerId' | 'decisionId' | 'kind' | 'words'> & {
  readonly holds: Tier;
  readonly isComing: boolean;
};

/**
 * One message for each decision and kind, whether the event comes once, twice or late: of one that another has overtaken, none. In one
 * statement.
 */
export async function queueNotices(tx: Tx, notices: readonly NewNotice[], at: Date): Promise<void> {
  const rows = notices.map(({ noticeId, customerId, decisionId, kind, words, holds, isComing }) => ({
    notice_id: noticeId,
    customer_id: customerId,
    decision_id: decisionId,
    kind,
    ...words,
    tier: holds,
    is_coming: isComing,
  }));
  await tx.execute(
    `INSERT INTO care.notice (customer_id, decision_id, kind, notice_id, zh, en, queued_at)
     SELECT p.customer_id, e.decision_id, e.kind, e.notice_id, e.zh, e.en, $2
     FROM jsonb_to_recordset($1::jsonb) AS e (notice_id uuid, customer_id uuid, decision_id uuid, kind text, zh text, en text, tier text, is_coming boolean)
       JOIN ${PROFILE_VIEW} p ON p.customer_id = e.customer_id AND p.archive = 'in-network'
       LEFT JOIN ${CURRENT_TIER} l ON l.customer_id = e.customer_id
     WHERE COALESCE(l.tier, 'ORDINARY') = e.tier AND (NOT e.is_coming OR EXISTS (
       SELECT FROM ${CURRENT_GRACE} g WHERE g.customer_id = e.customer_id AND g.decision_id = e.decision_id))
     ON CONFLICT (customer_id, decision_id, kind) DO NOTHING`,
    [JSON.stringify(rows), at],
  );
}

/** @param lock nobody else reports on it until the end of the transaction. */
export async function noticeOf(reader: Reader, noticeId: string, lock = false): Promise<Notice | undefined> {
  const [found] = await reader.query<Notice>(
    `SELECT ${NOTICES.select} FROM ${NOTICES.from} WHERE n.notice_id = $1 ${lock ? 'FOR UPDATE' : ''}`,
    [noticeId],
  );
  return found;
}

export async function storeReport(tx: Tx, notice: Notice): Promise<void> {
  await tx.execute(
    `UPDATE care.notice SET state = $4, attempts = $5, failure_code = $6, reported_at = $7
     WHERE customer_id = $1 AND decision_id = $2 AND kind = $3`,
    [
      notice.customerId,
      notice.decisionId,
      notice.kind,
      notice.state,
      notice.attempts,
      notice.failureCode,
      notice.reportedAt,
    ],
  );
}
