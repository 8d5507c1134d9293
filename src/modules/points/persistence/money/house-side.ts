import type { Tx } from '../../../../platform/database/index.js';
import type { BooksOfMonth } from '../../domain/money/books-of-month.js';
import { BooksBusy } from '../../domain/money/refusals-of-money.js';
import { movedInto } from '../ledger/posting-sql.js';

const MONTH = `business_date >= $1::date AND business_date < $1::date + interval '1 month'`;
const NONE = (expression: string): string => `COALESCE(${expression}, 'NONE')`;

/** What came into the hands of customers less what left them. */
const MOVED = ['CUST_AVAILABLE', 'CUST_HELD', 'CUST_PENDING'].map(movedInto).join(' + ');

/** First days of the months that have books, the earliest first. */
export async function monthsOfBooks(reader: Pick<Tx, 'query'>): Promise<readonly BooksOfMonth[]> {
  return reader.query<BooksOfMonth & Record<string, unknown>>(
    `SELECT month, COALESCE(g.postings, 0) AS postings, g.rolled_at AS "rolledAt", g.closed_at AS "closedAt", g.closed_by AS "closedBy",
       COALESCE(g.is_final, false) AS "isFinal"
     FROM (SELECT to_date(right(c.relname, 6), 'YYYYMM') AS month FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'points.posting'::regclass) opened
     LEFT JOIN points.gl_month g USING (month) ORDER BY month`,
  );
}

/** Months in which something was posted after they were last rolled up, or that were never, or were closed since. */
export async function monthsToRollUp(reader: Pick<Tx, 'query'>): Promise<readonly string[]> {
  const months: string[] = [];
  for (const { month, postings, rolledAt, closedAt, isFinal } of await monthsOfBooks(reader)) {
    if (isFinal) continue;
    const [live] = await reader.query<{ postings: number }>(
      `SELECT count(*) AS postings FROM points.posting WHERE ${MONTH}`,
      [month],
    );
    if (rolledAt === null || closedAt !== null || live?.postings !== postings) months.push(month);
  }
  return months;
}

/**
 * Makes the sums of a month anew from its postings, all as they were at one moment. Who else wants to waits for the lock first, and sees
 * a later moment. Answers how many postings there were: the watermark.
 * @param month its first day
 */
export async function rollUpMonth(tx: Tx, month: string, at: Date): Promise<number> {
  await tx.execute('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await tx.execute('LOCK TABLE points.gl_month IN SHARE ROW EXCLUSIVE MODE');
  await tx.execute(`DELETE FROM points.gl_day WHERE ${MONTH}`, [month]);
  await tx.execute(
    `INSERT INTO points.gl_day (business_date, debit, credit, points_type, funder_id, region, points, value_fen, postings)
     SELECT p.business_date, p.debit, p.credit, ${NONE('p.points_type::text')}, ${NONE('p.funder_id')}, ${NONE('c.region')},
       sum(p.points)::bigint, sum(p.value_fen)::bigint, count(*)
     FROM points.posting p LEFT JOIN customers.profile c USING (customer_id)
     WHERE ${MONTH}
     GROUP BY 1, 2, 3, 4, 5, 6`,
    [month],
  );
  await tx.execute('DELETE FROM points.gl_lot WHERE month = $1', [month]);
  await tx.execute(
    `INSERT INTO points.gl_lot (month, expires_on, points_type, funder_id, region, moved, expired)
     SELECT $1::date, p.expires_on, p.points_type::text, p.funder_id, ${NONE('c.region')}, ${MOVED}, ${movedInto('BREAKAGE')}
     FROM points.posting p LEFT JOIN customers.profile c USING (customer_id)
     WHERE ${MONTH} AND p.expires_on IS NOT NULL
     GROUP BY 2, 3, 4, 5`,
    [month],
  );
  const [row] = await tx.query<{ postings: number }>(
    `INSERT INTO points.gl_month AS g (month, postings, rolled_at)
     SELECT $1::date, COALESCE(sum(postings), 0)::bigint, $2 FROM points.gl_day WHERE ${MONTH}
     ON CONFLICT (month) DO UPDATE SET postings = excluded.postings, rolled_at = excluded.rolled_at,
       is_final = g.closed_at IS NOT NULL
     RETURNING postings`,
    [month, at],
  );
  return row?.postings ?? 0;
}

/** Nothing is posted into the month any more. Twice is once. @throws BooksBusy */
export async function closeBooks(tx: Tx, month: string, by: string, at: Date): Promise<void> {
  try {
    await tx.query('SELECT points.close_books($1)', [month]);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '55P03') throw new BooksBusy();
    throw error;
  }
  await tx.execute(
    `INSERT INTO points.gl_month AS g (month, closed_at, closed_by) VALUES ($1, $2, $3)
     ON CONFLICT (month) DO UPDATE SET closed_at = excluded.closed_at, closed_by = excluded.closed_by WHERE g.closed_at IS NULL`,
    [month, at, by],
  );
}
