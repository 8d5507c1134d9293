import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One hotline (10086, and 1860 as it was called before), one agent in it held back for VIPs, and the rules that ship. */
export class RoutingFirstPolicy1763700700002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(
      `INSERT INTO routing.policy (version, policy, author, approved_by, created_at)
       VALUES (1, $1, 'product', 'product-review', '2026-01-01T00:00:00+08:00')`,
      [
        JSON.stringify({
          vipFromRank: 2,
          promoteAfterSeconds: 300,
          offerSeconds: 15,
          wrapUpSeconds: 60,
          excludeSeconds: 30,
          noAnswersBeforePause: 3,
          meanHandleSeconds: 180,
          // 15 seconds: service rules of 2009. The shares are ours.
          answerTargets: {
            DIAMOND: { seconds: 15, percent: 98 },
            PLATINUM: { seconds: 15, percent: 95 },
            GOLD: { seconds: 15, percent: 95 },
            SILVER: { seconds: 15, percent: 90 },
            HONOURED_GUEST: { seconds: 15, percent: 85 },
            ORDINARY: { seconds: 15, percent: 85 },
          },
        }),
      ],
    );
    await q.query(
      `INSERT INTO routing.pool (pool_id, domain, name, held_back) VALUES ('hotline', 'national', '10086', 1)`,
    );
    await q.query(`INSERT INTO routing.dialled_code (code, pool_id) VALUES ('10086', 'hotline'), ('1860', 'hotline')`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DELETE FROM routing.dialled_code');
    await q.query('DELETE FROM routing.pool');
    await q.query('DELETE FROM routing.policy');
  }
}
