import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Versions of bills that others have replaced are few: who asks for those of a slice of customers need not read all their bills. */
export class ReplacedBills1764300100002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('CREATE INDEX customer_bill_replaced ON usage.customer_bill (customer_id) WHERE NOT is_current');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP INDEX usage.customer_bill_replaced');
  }
}
