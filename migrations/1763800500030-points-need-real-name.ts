import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whoever locks an account learns whether its customer is registered with a real name: without, nothing is earned or spent. */
export class PointsNeedRealName1763800500030 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(
      lockAccount(
        `, 'hasRealName', EXISTS (SELECT FROM customers.profile WHERE customer_id = p_customer AND real_name)`,
      ),
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(lockAccount(''));
  }
}

const lockAccount = (more: string): string => `
  CREATE OR REPLACE FUNCTION points.lock_account(p_customer uuid, p_idem_key text, p_day date, p_opens boolean) RETURNS jsonb
  LANGUAGE plpgsql AS $$
  DECLARE
    account points.point_account;
  BEGIN
    PERFORM platform.ensure_month_partition('points', 'posting', p_day);
    IF p_opens THEN
      INSERT INTO points.point_account (customer_id) VALUES (p_customer) ON CONFLICT DO NOTHING;
    END IF;
    SELECT * INTO account FROM points.point_account WHERE customer_id = p_customer FOR UPDATE;
    RETURN jsonb_build_object(
      'account', CASE WHEN account.customer_id IS NOT NULL THEN to_jsonb(account) END,
      'buckets', (
        SELECT COALESCE(jsonb_agg(to_jsonb(b) ORDER BY expires_on, points_type, funder_id), '[]')
        FROM points.point_bucket b WHERE customer_id = p_customer AND (remaining > 0 OR held > 0)),
      'posted', (SELECT to_jsonb(j) FROM points.journal j WHERE customer_id = p_customer AND idem_key = p_idem_key),
      'rules', (SELECT rules FROM points.earn_rule_set WHERE p_day >= effective_from AND p_day < effective_to),
      'isSuspended', EXISTS (SELECT FROM customers.profile WHERE customer_id = p_customer AND status = 'suspended')
      ${more});
  END $$`;
