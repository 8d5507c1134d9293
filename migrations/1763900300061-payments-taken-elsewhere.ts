import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments of a day that were taken in another province (异地缴费), and what corrected or reversed payments: few among all. */
export class PaymentsTakenElsewhere1763900300061 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE INDEX payment_taken_elsewhere ON usage.payment (paid_at) WHERE region_paid IS NOT NULL OR operation <> 1`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP INDEX usage.payment_taken_elsewhere');
  }
}
