import type { MigrationInterface, QueryRunner } from 'typeorm';

const LEVELS = 'level|oldLevel|date';

/** What customers are told of their points goes out with what they are told of their level. */
export class NoticesOfPoints1764200902002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    // The words of points that expire stand beside those points (points.expiry_notice_template).
    await q.query('ALTER TABLE care.notice DROP CONSTRAINT notice_kind_fkey');
    await q.query('ALTER TABLE care.notice_template DROP CONSTRAINT notice_template_placeholders');
    await q.query(
      placeholders(`CASE kind WHEN 'points-earned' THEN '\\{(points|available|month)\\}' ELSE '\\{(${LEVELS})\\}' END`),
    );
    await q.query('INSERT INTO care.notice_template (kind, zh, en) VALUES ($1, $2, $3)', [
      'points-earned',
      '尊敬的客户:您{month}的消费已获得{points}积分,当前可用积分{available}分。如不再接收此类短信,请致电客服热线。',
      'Dear customer, you earned {points} points in {month} and can use {available} now. To end these messages, call our hotline.',
    ]);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`DELETE FROM care.notice WHERE kind LIKE 'points-%'`);
    await q.query(`DELETE FROM care.notice_template WHERE kind = 'points-earned'`);
    await q.query('ALTER TABLE care.notice_template DROP CONSTRAINT notice_template_placeholders');
    await q.query(placeholders(`'\\{(${LEVELS})\\}'`));
    await q.query(
      'ALTER TABLE care.notice ADD CONSTRAINT notice_kind_fkey FOREIGN KEY (kind) REFERENCES care.notice_template',
    );
  }
}

/** Nothing of a person can get into a message by a template. */
const placeholders = (allowed: string): string =>
  `ALTER TABLE care.notice_template ADD CONSTRAINT notice_template_placeholders CHECK (
     regexp_replace(zh || en, ${allowed}, '', 'g') !~ '[{}]')`;
