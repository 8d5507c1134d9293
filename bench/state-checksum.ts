import pg from 'pg';

/**
 * What must be equal when the same files met two systems, whatever happened on the way: every fact by its natural key.
 * Ids and recording times differ between systems and are left out.
 */
const QUERIES: Readonly<Record<string, string>> = {
  customers: `
    SELECT c.source, c.account_no, p.archive, p.status, p.region, p.brand, p.activated_on, p.tariff_code, p.closed_on
    FROM customers.customer c JOIN customers.profile p USING (customer_id)`,
  usage: `
    SELECT c.account_no, r.source, r.record_id, r.version, r.is_current, r.event_time, r.fee_fen, r.volume_kb, r.duration_sec, r.event_count
    FROM usage.usage_record r JOIN customers.customer c USING (customer_id)`,
  bills: `
    SELECT c.account_no, b.bill_no, b.version, b.is_current, b.payable_fen, b.net_spend_fen, b.arrears_fen
    FROM usage.customer_bill b JOIN customers.customer c USING (customer_id)`,
  payments: `
    SELECT c.account_no, p.payment_id, p.version, p.is_current, p.amount_fen
    FROM usage.payment p JOIN customers.customer c USING (customer_id)`,
  facts: `
    SELECT c.account_no, to_jsonb(f) - 'customer_id' FROM usage.month_fact f JOIN customers.customer c USING (customer_id)`,
  tiers: `
    SELECT c.account_no, t.tier, t.valid_from, t.valid_until FROM tiering.current_tier t JOIN customers.customer c USING (customer_id)`,
  points: `
    SELECT c.account_no, a.available, a.held, a.pending, a.debt, a.lifetime_earned, a.version, a.status
    FROM points.point_account a JOIN customers.customer c USING (customer_id)`,
  postings: `
    SELECT c.account_no, p.debit, p.credit, p.points, p.value_fen, p.expires_on, p.points_type
    FROM points.posting p JOIN customers.customer c USING (customer_id)`,
  churn: `
    SELECT c.account_no, s.risk, s.band, s.revenue_at_risk_fen FROM analytics.churn_score s JOIN customers.customer c USING (customer_id)`,
  events: `SELECT name, count(*) FROM platform.outbox WHERE name NOT IN ('usage.RecordsLoaded') GROUP BY name`,
};

export interface StateChecksum {
  readonly rows: number;
  readonly checksum: string;
}

/** One line per kind of fact: how many rows, and a checksum that does not depend on their order. */
export async function stateChecksums(url: string): Promise<Record<string, StateChecksum>> {
  const client = new pg.Client({ connectionString: url, options: '-c timezone=UTC' });
  await client.connect();
  try {
    const checksums: Record<string, StateChecksum> = {};
    for (const [name, sql] of Object.entries(QUERIES)) {
      const { rows } = await client.query<{ rows: string; checksum: string }>(
        `SELECT count(*) AS rows, COALESCE(sum(hashtextextended(x::text, 0)::numeric), 0)::text AS checksum FROM (${sql}) x`,
      );
      checksums[name] = { rows: Number(rows[0]?.rows), checksum: rows[0]?.checksum ?? '' };
    }
    return checksums;
  } finally {
    await client.end();
  }
}
