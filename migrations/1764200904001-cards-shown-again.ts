import type { MigrationInterface, QueryRunner } from 'typeorm';

const endsOnce = (more = ''): string => `
  ALTER TABLE points.exchange_order ADD CONSTRAINT exchange_order_ends_once CHECK (
    points > 0 AND status IN ('OPEN', 'COMPLETED', 'REFUSED', 'CANCELLED') AND (status = 'OPEN') = (ended_at IS NULL)
    AND (status = 'REFUSED') = (refusal IS NOT NULL) ${more})`;

/** An answer with a card may be lost on its way: the card is kept for a while after it was shown, for whoever saw it first. */
export class CardsShownAgain1764200904001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE points.exchange_order DROP CONSTRAINT exchange_order_ends_once`);
    await q.query(endsOnce());
    await q.query(`ALTER TABLE points.exchange_order ADD COLUMN card_shown_to text`);
    await q.query(`
      CREATE INDEX exchange_order_shown_card ON points.exchange_order (card_shown_at)
      WHERE card_sealed IS NOT NULL AND card_shown_at IS NOT NULL`);
    await q.query(`
      INSERT INTO customers.retention_class (code, what, kept_from, term, action, basis) VALUES
        ('points.shown-card', 'Numbers and secrets of top-up cards that were shown', 'the first look', '3 days', 'DELETE',
         'PIPL art. 19: no longer than it takes to show a card again whose answer was lost')`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`DELETE FROM customers.retention_class WHERE code = 'points.shown-card'`);
    await q.query(`UPDATE points.exchange_order SET card_sealed = NULL WHERE card_shown_at IS NOT NULL`);
    await q.query(`DROP INDEX points.exchange_order_shown_card`);
    await q.query(`ALTER TABLE points.exchange_order DROP COLUMN card_shown_to`);
    await q.query(`ALTER TABLE points.exchange_order DROP CONSTRAINT exchange_order_ends_once`);
    await q.query(endsOnce('AND (card_shown_at IS NULL OR card_sealed IS NULL)'));
  }
}
