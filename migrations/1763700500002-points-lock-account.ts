import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from '../src/platform/database/migration-tools.js';

/**
 * Locks one account and reads what an operation on it needs to decide. It is a function because the reading must see what
 * the last holder of the lock has left (each of its statements takes a new snapshot), and one round trip is then enough.
 * It decides nothing.
 */
export class PointsLockAccount1763700500002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE FUNCTION points.lock_account(p_customer uuid, p_idem_key text, p_day date, p_opens boolean) RETURNS jsonb
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
          'isSuspended', EXISTS (SELECT FROM customers.profile WHERE customer_id = p_customer AND status = 'suspended'));
      END $$`);
    await q.query(`REVOKE ALL ON FUNCTION points.lock_account(uuid, text, date, boolean) FROM PUBLIC`);
    await q.query(`GRANT EXECUTE ON FUNCTION points.lock_account(uuid, text, date, boolean) TO ${APPLICATION_ROLE}`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP FUNCTION points.lock_account(uuid, text, date, boolean)');
  }
}
