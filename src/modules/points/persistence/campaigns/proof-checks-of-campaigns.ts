import type { Check } from '../ledger/check.js';

/** What campaigns gave, and what people gave, took and froze by hand. Each query yields one row per violation. */
export const checksOfCampaigns: readonly Check[] = [
  {
    id: 'I15-campaign-use',
    title: 'What customers have had of campaigns is what the ledger issued for these',
    isTold: ({ campaignsAgree }) => campaignsAgree,
    sql: `
      SELECT customer_id, campaign_id, u.points AS counted, p.points AS issued
      FROM (SELECT customer_id, campaign_id, sum(points)::bigint AS points FROM points.campaign_use GROUP BY customer_id, campaign_id) u
      FULL JOIN (
        SELECT p.customer_id, c.campaign_id, sum(CASE p.debit WHEN 'ISSUED' THEN p.points ELSE -p.points END)::bigint AS points
        FROM points.posting p JOIN points.campaign c ON p.funder_id = 'campaign:' || c.code
        WHERE 'ISSUED' IN (p.debit, p.credit) GROUP BY p.customer_id, c.campaign_id
      ) p USING (customer_id, campaign_id)
      WHERE u.points IS DISTINCT FROM p.points`,
  },
  {
    id: 'I15-campaign',
    title: 'No campaign has given more than its budget, and what it has not given is left',
    sql: `
      SELECT c.campaign_id, c.budget_points, COALESCE(u.points, 0) AS granted, b.left_points
      FROM points.campaign c
      LEFT JOIN (SELECT campaign_id, sum(points)::bigint AS points FROM points.campaign_use GROUP BY campaign_id) u USING (campaign_id)
      LEFT JOIN (
        SELECT campaign_id, sum(left_points)::bigint AS left_points, min(left_points) AS least
        FROM points.campaign_budget GROUP BY campaign_id) b USING (campaign_id)
      WHERE CASE c.status WHEN 'draft' THEN COALESCE(u.points, b.left_points) IS NOT NULL
        ELSE c.budget_points - COALESCE(u.points, 0) IS DISTINCT FROM b.left_points OR b.least < 0 END`,
  },
  {
    id: 'hand-limit',
    title: 'What one person gave or took by hand is within the limit of the day; beyond it a second one approved',
    sql: `
      SELECT m.customer_id, m.kind, m.business_date, m.points, l.points_per_day
      FROM (
        SELECT customer_id, kind, business_date, sum(abs(points))::bigint AS points FROM points.manual_entry
        WHERE approval_id IS NULL GROUP BY customer_id, kind, business_date
      ) m
      LEFT JOIN LATERAL (
        SELECT points_per_day FROM points.hand_limit l WHERE l.kind = m.kind AND l.effective_from <= m.business_date
        ORDER BY l.effective_from DESC LIMIT 1) l ON true
      WHERE m.points > COALESCE(l.points_per_day, 0)`,
  },
  {
    id: 'hand-entry',
    title: 'The ledger says the same of every gift and adjustment',
    sql: `
      SELECT m.customer_id, m.journal_id, m.kind, m.points, j.kind AS posted_kind, j.points AS posted
      FROM points.manual_entry m LEFT JOIN points.journal j ON j.customer_id = m.customer_id AND j.journal_id = m.journal_id
      WHERE (m.kind, m.points, m.business_date) IS DISTINCT FROM (j.kind::text, j.points, j.business_date)`,
  },
  {
    id: 'frozen',
    title: 'Whose account was frozen is frozen until somebody lets go of it',
    sql: `
      SELECT f.customer_id, f.reason_code, a.frozen_reason
      FROM points.account_freeze f LEFT JOIN points.point_account a ON a.customer_id = f.customer_id
      WHERE f.ended_at IS NULL AND a.frozen_reason IS DISTINCT FROM f.reason_code`,
  },
];
