import { provePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { rebuildPointCaches } from '../../../src/modules/points/application/ledger/rebuild-point-caches.js';
import { newId } from '../../../src/platform/database/index.js';
import { ledgerOf, pointsWorld } from './points-world.js';

/** What only the owner of the tables can do, who has no business doing it. */
const TAMPERINGS: readonly (readonly [what: string, found: string, ...sql: string[]])[] = [
  ['a balance raised', 'I1', 'UPDATE points.point_account SET available = available + 1 WHERE customer_id = $1'],
  ['a debt forgotten', 'I1', 'UPDATE points.point_account SET debt = 0 WHERE debt > 0'],
  ['points earned invented', 'I1', 'UPDATE points.point_account SET lifetime_earned = 9999 WHERE customer_id = $1'],
  ['an account deleted', 'I1', 'DELETE FROM points.point_account WHERE customer_id = $1'],
  ['a bucket filled', 'I2', 'UPDATE points.point_bucket SET remaining = remaining + 5 WHERE customer_id = $1'],
  ['a bucket deleted', 'I2', 'DELETE FROM points.point_bucket WHERE customer_id = $1'],
  [
    'a lot given a longer life',
    'I2-lot',
    `UPDATE points.point_bucket SET expires_on = 'infinity' WHERE customer_id = $1 AND expires_on = '2029-01-31'`,
  ],
  [
    'a balance below zero',
    'I3',
    'ALTER DOMAIN points.amount DROP CONSTRAINT amount_not_negative',
    'UPDATE points.point_account SET available = -1 WHERE customer_id = $1',
  ],
  ['an entry deleted', 'I4', `DELETE FROM points.journal WHERE customer_id = $1 AND account_version = 2`],
  ['a version moved on', 'I4', 'UPDATE points.point_account SET version = version + 1 WHERE customer_id = $1'],
  [
    'a running balance changed',
    'I4-chain',
    'UPDATE points.journal SET available_after = available_after + 1 WHERE customer_id = $1 AND account_version = 2',
  ],
  ['a posting deleted', 'I1-entry', `DELETE FROM points.posting WHERE customer_id = $1 AND credit = 'REDEEMED_GOODS'`],
  [
    'a posting enlarged',
    'I1-entry',
    `UPDATE points.posting SET points = points + 1, value_fen = value_fen + 2 WHERE customer_id = $1`,
  ],
  [
    'a posting duplicated',
    'I1-entry',
    `INSERT INTO points.posting SELECT customer_id, journal_id, 99, business_date, debit, credit, points, value_fen,
       expires_on, points_type, funder_id FROM points.posting WHERE customer_id = $1 AND debit = 'ISSUED'`,
  ],
  [
    'a posting moved to another entry',
    'I1-entry',
    `UPDATE points.posting SET journal_id = $1 WHERE customer_id = $1 AND credit = 'REDEEMED_GOODS'`,
  ],
  [
    'a reversal enlarged',
    'I6',
    `UPDATE points.posting SET points = points + 1, value_fen = value_fen + 2 WHERE debit = 'REDEEMED_GOODS'`,
  ],
  [
    'a reversal into another lot',
    'I6',
    `UPDATE points.posting SET expires_on = 'infinity' WHERE debit = 'REDEEMED_GOODS'`,
  ],
  [
    'a hold enlarged',
    'I7',
    `UPDATE points.point_hold SET points = points + 1, captured = captured + 1 WHERE state = 'CAPTURED'`,
  ],
  [
    'a hold captured twice',
    'I7',
    `INSERT INTO points.posting SELECT customer_id, gen_random_uuid(), line, business_date, debit, credit, points, value_fen,
       expires_on, points_type, funder_id FROM points.posting WHERE debit = 'CUST_HELD' AND credit = 'REDEEMED_GOODS'`,
  ],
  ['a hold forgotten', 'I7-open', `DELETE FROM points.point_hold WHERE state = 'HELD'`],
  [
    'points left in transit',
    'I9-transit',
    `UPDATE points.posting SET credit = 'IN_TRANSIT' WHERE customer_id = $1 AND credit = 'REDEEMED_GOODS'`,
  ],
  [
    'points used after their last day',
    'I10',
    `UPDATE points.posting SET expires_on = '2025-12-31' WHERE customer_id = $1 AND credit = 'REDEEMED_GOODS'`,
  ],
  [
    'points cleared before their last day',
    'I10-cleared',
    `UPDATE points.posting SET credit = 'BREAKAGE' WHERE customer_id = $1 AND credit = 'REDEEMED_GOODS'`,
  ],
  ['points made for nobody', 'I8', 'UPDATE points.point_account SET available = available + 1 WHERE customer_id = $1'],
  [
    'a redemption out of a later lot',
    'I11',
    `UPDATE points.posting SET expires_on = 'infinity' WHERE customer_id = $1 AND credit = 'REDEEMED_GOODS'`,
  ],
  [
    'a point worth three fen',
    'I12',
    'ALTER TABLE points.posting DROP CONSTRAINT posting_moves',
    'UPDATE points.posting SET value_fen = value_fen + points WHERE customer_id = $1',
  ],
  ['a closed account opened', 'I13', `UPDATE points.point_account SET status = 'ACTIVE' WHERE status = 'CLOSED'`],
  ['an open account closed', 'I13', `UPDATE points.point_account SET status = 'CLOSED' WHERE customer_id = $1`],
  ['something left in a closed account', 'I13', `UPDATE points.point_account SET pending = 5 WHERE status = 'CLOSED'`],
  [
    'a redemption before joining',
    'I13-joined',
    `UPDATE points.posting SET points = 100, value_fen = 200 WHERE customer_id = $1 AND debit = 'ISSUED'`,
  ],
  [
    'a bill posted twice',
    'I16',
    'ALTER TABLE points.journal DROP CONSTRAINT journal_once',
    `INSERT INTO points.journal SELECT (jsonb_populate_record(j, jsonb_build_object('journal_id', gen_random_uuid(),
       'account_version', 100))).* FROM points.journal j WHERE customer_id = $1 AND account_version = 1`,
  ],
  ['points in the hands of a debtor', 'I17', 'UPDATE points.point_account SET available = 5 WHERE debt > 0'],
  [
    'a bill that should have earned more',
    'I18',
    `UPDATE points.journal SET metadata = metadata || '{"shouldEarn": 1}' WHERE customer_id = $1 AND kind = 'EARN'`,
  ],
];

const EARLIEST = '(SELECT min(expires_on) FROM points.posting WHERE customer_id = $1)';
const MOVED = `CASE WHEN expires_on = ${EARLIEST} THEN 100 ELSE -100 END`;

/** Histories that explain every balance and should not have happened all the same. */
const WRONG_HISTORIES: typeof TAMPERINGS = [
  [
    'points left in an earlier lot',
    'I11',
    `UPDATE points.posting SET points = points - ${MOVED}, value_fen = value_fen - 2 * ${MOVED}
     WHERE customer_id = $1 AND credit = 'REDEEMED_GOODS'`,
    `UPDATE points.point_bucket SET remaining = remaining + ${MOVED} WHERE customer_id = $1`,
  ],
  [
    'a redemption of points that were only given',
    'I13-joined',
    `UPDATE points.posting SET points_type = 'PROMOTION' WHERE customer_id = $1`,
    `UPDATE points.point_bucket SET points_type = 'PROMOTION' WHERE customer_id = $1`,
    'UPDATE points.point_account SET lifetime_earned = 0 WHERE customer_id = $1',
  ],
  [
    'a redemption of points that came from elsewhere',
    'I13-joined',
    `UPDATE points.posting SET debit = 'ADJUSTED' WHERE customer_id = $1 AND debit = 'ISSUED'`,
    'UPDATE points.point_account SET lifetime_earned = 0 WHERE customer_id = $1',
  ],
  [
    'a correction of a bill that starts from something else',
    'I18',
    `UPDATE points.journal SET metadata = metadata || jsonb_build_object('shouldEarn', (metadata ->> 'shouldEarn')::int + 10,
       'earnedBefore', (metadata ->> 'earnedBefore')::int + 10) WHERE kind = 'EARN_CORRECTION'`,
  ],
];

describe('proving the points', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  let customerId: string;
  let snapshot: Readonly<Record<string, string>>;

  const TABLES = ['point_account', 'point_bucket', 'point_hold', 'journal', 'posting'] as const;

  beforeAll(async () => {
    world = await pointsWorld();
    // Somebody of each kind: who redeems over two lots, who thinks better of it, who owes, who leaves.
    const [redeems, reverses, owes, leaves] = (await world.aCrowd([200_000, 400_000, 400_000, 90_000])) as [
      string,
      string,
      string,
      string,
    ];
    customerId = redeems;
    await world.keepBills([{ customerId, billNo: 'next', netSpendFen: 300_000, cycle: '2026-01' }]);
    await world.accrue('2026-01');
    await world.redeem(redeems, 2_500);
    const { redemptionId } = await world.redeem(reverses, 1_000);
    await world.reverse(redemptionId);
    await world.redeem(owes, 4_000);
    await world.keepBills([{ customerId: owes, billNo: '2025-12-2', netSpendFen: 380_000, version: 2 }]);
    await world.accrue('2026-01.2');
    await world.close(leaves);
    const holding = {
      points: 100,
      requestHash: '-',
      businessDate: '2026-02-01',
      occurredAt: world.clock.now(),
      recordedAt: world.clock.now(),
    };
    const [open, ended] = [newId(), newId()];
    for (const holdId of [open, ended]) {
      await world.single.authorise(world.transaction, {
        ...holding,
        customerId: reverses,
        journalId: newId(),
        idemKey: `hold:${holdId}`,
        holdId,
        purpose: 'POS',
        expiresAt: world.clock.now(),
      });
    }
    await world.single.capture(world.transaction, {
      ...holding,
      points: 60,
      customerId: reverses,
      journalId: newId(),
      idemKey: `capture:${ended}`,
      holdId: ended,
      into: 'REDEEMED_GOODS',
    });
    await world.db.query(`UPDATE points.point_account SET frozen_reason = 'fraud' WHERE customer_id = $1`, [owes]);
    snapshot = await stored();
  });
  afterAll(() => world.db.drop());

  async function stored(): Promise<Record<string, string>> {
    const rows: Record<string, string> = {};
    for (const table of TABLES) {
      const [row] = await world.db.query<{ rows: string }>(
        `SELECT COALESCE(jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)::text), '[]')::text AS rows FROM points.${table} t`,
      );
      rows[table] = row?.rows ?? '[]';
    }
    return rows;
  }

  async function restore(): Promise<void> {
    for (const table of TABLES) {
      await world.db.query(`TRUNCATE points.${table}`);
      await world.db.query(
        `INSERT INTO points.${table} SELECT * FROM jsonb_populate_recordset(NULL::points.${table}, $1::jsonb)`,
        [snapshot[table]],
      );
    }
  }

  const failing = async (): Promise<string[]> =>
    (await provePoints(world.transaction)).checks.filter(({ violations }) => violations > 0).map(({ id }) => id);

  it('[PTS-01] finds nothing in an honest ledger, and says what it looked at', async () => {
    const proof = await provePoints(world.transaction);
    expect(proof).toMatchObject({ ok: true, customers: 4, postings: expect.any(Number) });
    expect(proof.postings).toBeGreaterThan(10);
    expect(proof.checks.map(({ violations }) => violations)).toEqual(proof.checks.map(() => 0));
    // Of millions, only what no sum and no constraint can show is looked at row by row.
    expect(proof.checks.filter(({ shownBy }) => shownBy !== 'rows').map(({ id }) => id)).toEqual(
      expect.arrayContaining(['I1', 'I1-entry', 'I2', 'I2-lot', 'I3', 'I4', 'I4-chain', 'I8', 'I10', 'I12', 'I16']),
    );
  });

  describe.each(TAMPERINGS.map(([what, found, ...sql]) => ({ what, found, sql })))('with $what', ({ found, sql }) => {
    afterEach(restore);

    it(`[PTS-01] finds it by ${found}, and shows the customer`, async () => {
      for (const statement of sql) {
        await world.db.query(statement, statement.includes('$1') ? [customerId] : []);
      }
      const proof = await provePoints(world.transaction);
      expect(proof.ok).toBe(false);
      const check = proof.checks.find(({ id }) => id === found);
      expect(check?.violations).toBeGreaterThan(0);
      expect(check?.first.length).toBeGreaterThan(0);
    });
  });

  const onlyFound = async (): Promise<string[]> => {
    const { checks } = await provePoints(world.transaction);
    expect(checks.find(({ id }) => id === 'I1')?.shownBy).toBe('fingerprint');
    return checks.filter(({ violations }) => violations > 0).map(({ id }) => id);
  };

  describe.each(WRONG_HISTORIES.map(([what, found, ...sql]) => ({ what, found, sql })))(
    'with $what, in books that agree',
    ({ found, sql }) => {
      afterEach(restore);

      it(`[PTS-01] finds it by ${found}, and nothing else`, async () => {
        for (const statement of sql) {
          await world.db.query(statement, statement.includes('$1') ? [customerId] : []);
        }
        expect(await onlyFound()).toEqual([found]);
      });
    },
  );

  it('[PTS-01] finds points that one entry left in an earlier lot and a later entry took, in books that agree', async () => {
    const { redemptionId } = await world.redeem(customerId, 400);
    expect(await onlyFound()).toEqual([]);
    await world.db.query(
      `UPDATE points.posting SET points = points - ${MOVED}, value_fen = value_fen - 2 * ${MOVED}
       WHERE customer_id = $1 AND credit = 'REDEEMED_GOODS' AND journal_id <> $2`,
      [customerId, redemptionId],
    );
    await world.db.query(
      'UPDATE points.posting SET points = points - 100, value_fen = value_fen - 200 WHERE journal_id = $1',
      [redemptionId],
    );
    await world.db.query(
      `INSERT INTO points.posting SELECT customer_id, journal_id, 99, business_date, debit, credit, 100, 200, ${EARLIEST},
         points_type, funder_id FROM points.posting WHERE customer_id = $1 AND journal_id = $2`,
      [customerId, redemptionId],
    );
    expect(await onlyFound()).toEqual(['I11']);
    await restore();
  });

  it('[PTS-01] proves balances that no company could owe, and finds one point that is wrong among them', async () => {
    const everything = 9_000_000_000_000_000n;
    await world.transaction.run((tx) =>
      world.facade.award(tx, {
        customerId,
        points: Number(everything),
        pointsType: 'PROMOTION',
        funderId: 'PARTNER',
        reference: 'mistyped',
        actorId: 'x',
      }),
    );
    expect(await failing()).toEqual([]);
    await world.db.query('UPDATE points.point_account SET available = available + 1 WHERE customer_id = $1', [
      customerId,
    ]);
    expect(await failing()).toContain('I1');
    await restore();
  });

  it('[PTS-01] makes the caches anew from the history', async () => {
    await world.db.query('UPDATE points.point_account SET available = 1, held = 2, debt = 3, version = 4');
    await world.db.query(`UPDATE points.point_account SET status = 'ACTIVE'`);
    await world.db.query('DELETE FROM points.point_bucket');
    expect(await failing()).toEqual(expect.arrayContaining(['I1', 'I2']));
    const before = await ledgerOf(world.db);
    await rebuildPointCaches(world.transaction);
    expect(await failing()).toEqual([]);
    expect((await stored())['point_account']).toEqual(snapshot['point_account']);
    expect(await ledgerOf(world.db)).toEqual(before);
  });

  it('[PTS-32] counts issued and outstanding points to the point', async () => {
    // 2,000 + 3,000 + 4,000 + 3,800 + 900 were earned; 2,500, 4,000 and 60 spent, 900 forfeited.
    expect(await world.facade.totals()).toEqual({
      accounts: 4,
      issued: 13_700,
      outstanding: 13_700 - 2_500 - 4_000 - 60 - 900,
      outstandingValueInFen: (13_700 - 2_500 - 4_000 - 60 - 900) * 2,
    });
  });
});
