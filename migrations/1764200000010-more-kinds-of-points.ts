import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Words of the ledger for all that points are given for and spent on. A word cannot be used in the transaction that adds it. */
export class MoreKindsOfPoints1764200000010 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const [type, words] of Object.entries(WORDS)) {
      for (const word of words) await q.query(`ALTER TYPE points.${type} ADD VALUE IF NOT EXISTS '${word}'`);
    }
  }

  /** PostgreSQL takes no word out of a type; unused, they do no harm. */
  async down(): Promise<void> {}
}

const WORDS = {
  points_type: ['TENURE', 'CREDIT', 'DATA', 'ADJUSTMENT', 'GIFT'],
  account_code: [
    'BREAKAGE',
    'ADJUSTED',
    'IN_TRANSIT',
    'POS_CLEARING',
    'PARTNER_PAYABLE',
    'MERCHANT_DISCOUNT',
    'AUCTION_CLEARING',
    'ORDER_CLEARING',
    'REDEEMED_PAYMENT',
    'REDEEMED_AUCTION',
  ],
  journal_kind: [
    'ACTIVATION',
    'ADJUSTMENT',
    'GIFT',
    'AUTHORISATION',
    'CAPTURE',
    'RELEASE',
    'RETURN',
    'EXPIRY',
    'EXPIRY_REVERSAL',
    'TRANSFER_OUT',
    'TRANSFER_IN',
    'PAYMENT',
    'PAYMENT_REVERSAL',
    'CLEARING',
  ],
} as const;
