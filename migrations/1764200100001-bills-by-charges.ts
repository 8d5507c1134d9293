import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each bill is made of (账目): some charges earn points, some do not. */
export class BillsByCharges1764200100001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE OR REPLACE VIEW usage.bill WITH (security_invoker = true) AS
      SELECT customer_id, source, bill_no, version, cycle, payable_fen, net_spend_fen, paid_fen, arrears_fen, due_on,
        issued_at, is_current, monthly_fee_fen, voice_fen, sms_fen, data_fen, roaming_fen, vas_fen, collected_for_others_fen,
        discount_fen, gift_fen, adjustment_fen
      FROM usage.customer_bill`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP VIEW usage.bill');
    await q.query(`
      CREATE VIEW usage.bill WITH (security_invoker = true) AS
      SELECT customer_id, source, bill_no, version, cycle, payable_fen, net_spend_fen, paid_fen, arrears_fen, due_on,
        issued_at, is_current
      FROM usage.customer_bill`);
    await q.query('GRANT SELECT ON usage.bill TO guibin_app');
  }
}
