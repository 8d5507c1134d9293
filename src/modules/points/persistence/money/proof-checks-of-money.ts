import type { Check } from '../ledger/check.js';

/** By day, accounts, class and funder. The province of a customer may change; what was posted does not. */
const KEY = 'business_date, debit, credit, points_type, funder_id';

/** Invariants of the house side and of its budgets (PTS-15, PTS-32). */
export const checksOfMoney: readonly Check[] = [
  {
    id: 'I8-rolled',
    title: 'What was rolled up are the postings up to the watermark, and all of them in a month that has no more',
    from: 'openFrom',
    // The ledger is only added to: as many postings are the same postings, and fewer have moved fewer points. Asked only when something
    // was ever rolled up.
    sql: `
      SELECT ${KEY}, r.points AS rolled_up, l.points AS posted, m.postings AS watermark
      FROM (
        SELECT ${KEY}, sum(points)::bigint AS points, sum(postings)::bigint AS postings FROM points.gl_day WHERE business_date >= $1::date GROUP BY ${KEY}
      ) r
      FULL JOIN (
        SELECT business_date, debit, credit, COALESCE(points_type::text, 'NONE') AS points_type, COALESCE(funder_id, 'NONE') AS funder_id,
          points, postings, sum(postings) OVER (PARTITION BY date_trunc('month', business_date)) AS in_month
        FROM (
          SELECT ${KEY}, sum(points)::bigint AS points, count(*) AS postings FROM points.posting
          WHERE business_date >= $1::date AND EXISTS (SELECT FROM points.gl_month WHERE rolled_at IS NOT NULL) GROUP BY ${KEY}) p
      ) l USING (${KEY})
      LEFT JOIN points.gl_month m ON m.month = date_trunc('month', business_date)::date
      WHERE CASE WHEN m.postings = l.in_month OR l.postings IS NULL OR r.postings = l.postings OR m.is_final
          THEN (r.points, r.postings) IS DISTINCT FROM (l.points, l.postings) AND m.rolled_at IS NOT NULL
          ELSE r.postings > l.postings OR r.points > l.points END`,
  },
  {
    id: 'I8-month',
    title: 'The sums of each month are made of as many postings as its watermark says',
    sql: `
      SELECT month, m.postings AS watermark, d.postings
      FROM points.gl_month m
      FULL JOIN (
        SELECT date_trunc('month', business_date)::date AS month, sum(postings)::bigint AS postings FROM points.gl_day GROUP BY 1
      ) d USING (month)
      WHERE COALESCE(m.postings, 0) <> COALESCE(d.postings, 0)`,
  },
  {
    id: 'I15',
    title: 'No budget is overrun, and what each has left is its limit less what was used',
    sql: `
      SELECT b.budget_id, b.hard_points, b.used_before + u.used AS used, b.unassigned_points + s.left_points AS left_points
      FROM points.budget b
      CROSS JOIN LATERAL (SELECT COALESCE(sum(points), 0)::bigint AS used FROM points.budget_use x WHERE x.budget_id = b.budget_id) u
      CROSS JOIN LATERAL (
        SELECT COALESCE(sum(left_points), 0)::bigint AS left_points FROM points.budget_stripe x WHERE x.budget_id = b.budget_id) s
      WHERE b.used_before + u.used > b.hard_points
        OR b.hard_points <> b.used_before + u.used + b.unassigned_points + s.left_points`,
  },
];
