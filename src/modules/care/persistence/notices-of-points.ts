import { derivedIdSql, type Tx } from '../../../platform/database/index.js';
import { isInSlice, type Population, type Slice } from '../../../platform/queues/index.js';
import { EFFECTIVE_CONSENT_VIEW, PROFILE_VIEW } from '../../customers/index.js';
import { BALANCE, ENTRY } from '../../points/index.js';
import type { NoticeKind } from '../domain/notice-kind.js';
import type { Notice } from '../domain/notice.js';

type NewNotice = Pick<Notice, 'noticeId' | 'customerId' | 'decisionId' | 'kind' | 'words'>;

/** What is about the same and of the same kind is one message; to who has left, none. The order keeps two from waiting for each other. */
export async function queueNoticesOfPoints(tx: Tx, notices: readonly NewNotice[], at: Date): Promise<void> {
  const rows = notices.map(({ noticeId, customerId, decisionId, kind, words }) => ({
    ...{ notice_id: noticeId, customer_id: customerId, decision_id: decisionId, kind },
    ...words,
  }));
  await tx.execute(
    `INSERT INTO care.notice (customer_id, decision_id, kind, notice_id, zh, en, queued_at)
     SELECT p.customer_id, e.decision_id, e.kind, e.notice_id, e.zh, e.en, $2
     FROM jsonb_to_recordset($1::jsonb) AS e (notice_id uuid, customer_id uuid, decision_id uuid, kind text, zh text, en text)
       JOIN ${PROFILE_VIEW} p ON p.customer_id = e.customer_id AND p.archive = 'in-network'
     ORDER BY p.customer_id, e.decision_id
     ON CONFLICT (customer_id, decision_id, kind) DO NOTHING`,
    [JSON.stringify(rows), at],
  );
}

const EARNED: NoticeKind = 'points-earned';
/** What was posted longer ago, or for a day longer ago, is no news. */
const NEWS_DAYS = 3;
/** Publicity, and no message that anybody needs: only who wants messages gets it. */
const WANTS_MESSAGES = `c.purpose = 'marketing.message'`;

export const whoEarnedAndWantsToKnow = (asOf: string): Population => ({
  sql: `SELECT DISTINCT e.customer_id FROM ${ENTRY} e
        JOIN ${EFFECTIVE_CONSENT_VIEW} c ON c.customer_id = e.customer_id AND ${WANTS_MESSAGES}
        WHERE e.kind = 'EARN' AND e.business_date BETWEEN $1::date - ${NEWS_DAYS} AND $1::date`,
  params: [asOf],
});

/** One message for a customer and a month of use, whatever is posted for it later. */
export async function tellWhatWasEarned(
  tx: Tx,
  { slice, asOf, at }: { readonly slice: Pick<Slice, 'from' | 'to'>; readonly asOf: string; readonly at: Date },
): Promise<number> {
  const words = (language: 'zh' | 'en', month: string): string =>
    `replace(replace(replace(t.${language}, '{points}', earned.points::text), '{available}', COALESCE(b.available, 0)::text), '{month}', ${month})`;
  return tx.execute(
    `WITH earned AS MATERIALIZED (
       SELECT e.customer_id, e.cycle, sum(e.points)::bigint AS points FROM ${ENTRY} e
       WHERE ${isInSlice('e')} AND e.kind = 'EARN' AND e.business_date BETWEEN $3::date - ${NEWS_DAYS} AND $3::date
         AND e.cycle IS NOT NULL
       GROUP BY e.customer_id, e.cycle HAVING sum(e.points) > 0
     )
     INSERT INTO care.notice (customer_id, decision_id, kind, notice_id, zh, en, queued_at)
     SELECT earned.customer_id, ${derivedIdSql(`earned.customer_id || ':earned:' || earned.cycle`)}, t.kind,
       ${derivedIdSql(`earned.customer_id || ':told-of-earned:' || earned.cycle`)},
       ${words('zh', `to_char((earned.cycle || '-01')::date, 'FMYYYY"年"FMMM"月"')`)}, ${words('en', 'earned.cycle')}, $4
     FROM earned
       JOIN ${PROFILE_VIEW} p ON p.customer_id = earned.customer_id AND p.archive = 'in-network'
       JOIN ${EFFECTIVE_CONSENT_VIEW} c ON c.customer_id = earned.customer_id AND ${isInSlice('c')} AND ${WANTS_MESSAGES}
       JOIN care.notice_template t ON t.kind = '${EARNED}'
       LEFT JOIN ${BALANCE} b ON b.customer_id = earned.customer_id
     ORDER BY earned.customer_id, earned.cycle
     ON CONFLICT (customer_id, decision_id, kind) DO NOTHING`,
    [slice.from, slice.to, asOf, at],
  );
}
