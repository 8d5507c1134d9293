import type { DataSource } from 'typeorm';
import { CustomersModule } from '../../../src/modules/customers/index.js';
import { LowerTiersForFraud } from '../../../src/modules/tiering/application/lower-tiers-for-fraud.run.js';
import { ReviewTiers } from '../../../src/modules/tiering/application/review-tiers.run.js';
import { TieringModule } from '../../../src/modules/tiering/index.js';
import { Database, newId, Transaction } from '../../../src/platform/database/index.js';
import { EVERYBODY, NOBODY } from '../../../src/platform/identity/index.js';
import { type Jobs, Runs, type Run } from '../../../src/platform/queues/index.js';
import { ExecuteRunJob } from '../../../src/platform/queues/runs/execute-run.job.js';
import type { RunRegistry } from '../../../src/platform/queues/runs/run-registry.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { Answer } from '../../support/http.js';
import { serveApprovals } from '../../support/serve-approvals.js';
import { keepCustomers, yearOf } from './facts.js';

const clock = new TestClock();
const definitions: Readonly<Record<string, object>> = {
  'tiering.review': new (class extends ReviewTiers {
    override readonly sliceSize = 100;
  })(clock),
  'tiering.lower-for-fraud': new LowerTiersForFraud(clock),
};
const registry = { of: (kind: string) => definitions[kind] } as unknown as RunRegistry;

const REVIEW = '/care-api/tiering/v1/review';
const CROWD = 400;

describe('levels that fall by the hundred', () => {
  let db: TestDatabase;
  let source: DataSource;
  let served: Awaited<ReturnType<typeof serveApprovals>>;
  let runs: Runs;

  beforeEach(async () => {
    clock.set('2026-02-06T02:30:00+08:00');
    db = await createTestDatabase();
    source = await db.dataSource();
    served = await serveApprovals(source, {
      modules: [CustomersModule, TieringModule],
      approvals: ['tiering.release-downgrades', 'tiering.fraud-case'],
      people: { asker: EVERYBODY, approver: EVERYBODY, provincial: { ...NOBODY, provinces: ['450000'] } },
      permissions: ['tiering.read', 'tiering.run', 'tiering.approve', 'organization.read', 'organization.approve'],
      clock,
      ground: [
        {
          provide: Runs,
          inject: [Database, Transaction],
          useFactory: (database: Database, transaction: Transaction) =>
            new Runs(database, transaction, { add: () => Promise.resolve() } as unknown as Jobs, registry),
        },
      ],
    });
    runs = served.app.get(Runs, { strict: false });
  });
  afterEach(async () => {
    await served.app.close();
    await db.drop();
  });

  const call = (...request: Parameters<typeof served.call>): Promise<Answer> => served.call(...request);
  const carryOut = async (runId: string): Promise<Run> => {
    await new ExecuteRunJob(new Database(source), new Transaction(source), registry).process(
      { runId },
      { stopping: new AbortController().signal },
    );
    return runs.get(runId);
  };
  const review = async (asOf: string, key = asOf): Promise<Run> =>
    carryOut((await runs.start({ kind: 'tiering.review', key, asOf })).run.runId);
  const levels = async (): Promise<Record<string, number>> => {
    const rows = await db.query<{ tier: string; n: number }>(
      'SELECT tier, count(*) AS n FROM tiering.current_tier GROUP BY tier ORDER BY tier',
    );
    return Object.fromEntries(rows.map(({ tier, n }) => [tier, n]));
  };
  const events = async (runId: string): Promise<Record<string, number>> => {
    const rows = await db.query<{ outcome: string; n: number }>(
      `SELECT payload ->> 'outcome' AS outcome, count(*) AS n FROM platform.outbox o
       JOIN tiering.tier_decision d ON d.decision_id = (o.payload ->> 'decisionId')::uuid
       WHERE d.run_id = $1 GROUP BY 1 ORDER BY 1`,
      [runId],
    );
    return Object.fromEntries(rows.map(({ outcome, n }) => [outcome, n]));
  };
  /** All gold in February; by March 30 of a hundred would fall to silver, and five would rise. */
  const fallen = async (): Promise<Run> => {
    await keepCustomers(db, [{ customerId: newId(), months: yearOf(2025, 200_000) }]);
    await db.query(
      `INSERT INTO customers.customer (customer_id, party_id, kind, archive, status, region, brand, opened_on, main_subscription_id, activated_on,
         sim_kind, tariff_code, package_fee_fen, real_name, version, created_at, updated_at)
       SELECT overlay(overlay(md5('guard' || n) placing '7' from 13) placing '8' from 17)::uuid, party_id, kind, archive, status, CASE WHEN n % 2 = 0 THEN '440000' ELSE '450000' END, brand, opened_on,
         main_subscription_id, activated_on, sim_kind, tariff_code, package_fee_fen, real_name, version, created_at, updated_at
       FROM customers.customer c, generate_series(2, ${CROWD}) n`,
    );
    await db.query(
      `INSERT INTO usage.customer_month (customer_id, month, spend_fen, net_spend_fen, bills)
       SELECT c.customer_id, m.month, m.spend_fen, m.net_spend_fen, m.bills FROM usage.customer_month m, customers.customer c
       ON CONFLICT DO NOTHING`,
    );
    await review('2026-02-01');
    await db.query(
      `UPDATE usage.customer_month m SET net_spend_fen = CASE WHEN nth <= ${CROWD * 0.3} THEN 0 ELSE 4 * net_spend_fen END
       FROM (SELECT customer_id, row_number() OVER (ORDER BY customer_id) AS nth FROM customers.customer) c
       WHERE c.customer_id = m.customer_id AND (nth <= ${CROWD * 0.3} OR nth > ${CROWD * 0.95})`,
    );
    clock.set('2026-03-06T02:30:00+08:00');
    return review('2026-03-01');
  };
  const ask = (runId: string): Promise<Answer> =>
    call('asker', 'POST', `${REVIEW}/${runId}/release`, { reason: '2027 年门槛提高' });
  const approve = (asked: Answer, name = 'approver'): Promise<Answer> =>
    call(name, 'POST', `${asked.body.approvalHref}/approve`, {});

  it('[TIER-11] fall together or not at all: a review that would lower too many lowers nobody, and who rises has risen', async () => {
    const before = await (async () => {
      const run = await fallen();
      expect(run).toMatchObject({ status: 'failed', error: expect.stringContaining('tiering.too-many-downgrades') });
      return run;
    })();
    expect(await events(before.runId)).toEqual({ upgraded: 20 });
    const held = await levels();
    expect(Object.values(held).reduce((sum, n) => sum + n, 0)).toBe(CROWD);

    const { body } = await call('asker', 'GET', `${REVIEW}/${before.runId}`);
    expect(body).toMatchObject({ '@type': 'TierReview', status: 'failed', asOf: '2026-03-01', pendingDowngrades: 120 });
    const list = await call('asker', 'GET', `${REVIEW}?status=failed`);
    expect(list.body.map(({ id }: { id: string }) => id)).toEqual([before.runId]);

    const all = await call('asker', 'GET', `${REVIEW}/${before.runId}/pendingDowngrade?limit=50`);
    expect(all.headers['x-total-count']).toBe('120');
    expect(all.body).toHaveLength(50);
    expect(all.body[0]).toMatchObject({ '@type': 'PendingDowngrade', effectiveOn: '2026-03-01' });
    const own = await call('provincial', 'GET', `${REVIEW}/${before.runId}/pendingDowngrade?limit=200`);
    expect(own.body.length).toBeGreaterThan(0);
    expect(own.body.every(({ region }: { region: string }) => region === '450000')).toBe(true);
    const [looks] = await db.query<{ n: number }>(
      `SELECT count(*) AS n FROM organization.access_register WHERE action = 'tiering.pending-downgrades'`,
    );
    expect(looks?.n).toBeGreaterThan(0);
  });

  it('[TIER-11] are released by a second person: then all fall, once, with one event each', async () => {
    const { runId } = await fallen();
    const held = await levels();
    const asked = await ask(runId);
    expect(asked).toMatchObject({ status: 202, body: { '@type': 'DowngradeRelease' } });
    expect(await approve(asked, 'asker')).toMatchObject({ status: 403, body: { code: 'approval.own-request' } });
    expect(await approve(asked, 'provincial')).not.toMatchObject({ status: 200 });
    expect(await call('provincial', 'POST', `${REVIEW}/${runId}/release`, { reason: 'x' })).toMatchObject({
      status: 403,
    });
    expect(await levels()).toEqual(held);

    // Several approve at once: one of them has.
    const twice = await ask(runId);
    const answers = await Promise.all([approve(asked), approve(asked), approve(twice), approve(twice)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    const ended = await Promise.all([carryOut(runId), carryOut(runId)]);
    expect(ended[0]).toMatchObject({ status: 'completed', counts: { downgraded: 120, upgraded: 20 } });
    expect(await events(runId)).toEqual({ downgraded: 120, upgraded: 20 });
    const [open] = await db.query(
      `SELECT count(*) AS levels, count(DISTINCT customer_id) AS customers FROM tiering.tier_assignment WHERE valid_until = '9999-12-31'`,
    );
    expect(open).toEqual({ levels: CROWD, customers: CROWD });
    expect(await db.query('SELECT FROM tiering.pending_downgrade')).toEqual([]);
    const { body } = await call('asker', 'GET', `${REVIEW}/${runId}`);
    expect(body).toMatchObject({
      status: 'completed',
      pendingDowngrades: 0,
      releasedBy: served.idOf('approver'),
    });
    const audited = await db.query(
      `SELECT object_id FROM organization.audit_entry WHERE action = 'tiering.release-downgrades'`,
    );
    expect(audited).toEqual([{ object_id: runId }]);
    expect(await ask(runId)).toMatchObject({ status: 409, body: { code: 'tiering.nothing-to-release' } });
  });

  it('[TIER-11] are void when a later review has begun: there is nothing left to release', async () => {
    const { runId } = await fallen();
    const asked = await ask(runId);
    const later = await review('2026-03-01', 'once more');
    expect(later.status).toBe('failed');
    expect(await approve(asked)).toMatchObject({ status: 409, body: { code: 'tiering.nothing-to-release' } });
    const pending = await db.query('SELECT DISTINCT run_id FROM tiering.pending_downgrade');
    expect(pending).toEqual([{ run_id: later.runId }]);
    expect(await ask(newId())).toMatchObject({ status: 404, body: { code: 'tiering.review-not-found' } });
    // Resumed without a release it is stopped again, and the earlier one has nothing to lower.
    await runs.resume(later.runId);
    expect((await carryOut(later.runId)).status).toBe('failed');
    await runs.resume(runId);
    expect((await carryOut(runId)).status).toBe('completed');
    expect(await events(runId)).toEqual({ upgraded: 20 });
  });

  it('[TIER-11] levels of a fraud case fall when a second person has approved it', async () => {
    const { runId } = await fallen();
    const [{ customer_id: fraudster } = { customer_id: '' }] = await db.query<{ customer_id: string }>(
      'SELECT customer_id FROM tiering.pending_downgrade WHERE run_id = $1 ORDER BY customer_id LIMIT 1',
      [runId],
    );
    const body = { caseNumber: 'CASE-2026-17', customerIds: [fraudster], reason: '审计报告' };
    const asked = await call('asker', 'POST', '/care-api/tiering/v1/fraudCase', body);
    expect(asked).toMatchObject({ status: 202, body: { '@type': 'FraudCaseProposal' } });
    expect(await db.query(`SELECT FROM platform.run WHERE kind = 'tiering.lower-for-fraud'`)).toEqual([]);
    expect(await approve(asked, 'asker')).toMatchObject({ status: 403, body: { code: 'approval.own-request' } });
    const approved = await approve(asked);
    expect(approved).toMatchObject({ status: 200, body: { status: 'approved' } });
    expect(await carryOut(approved.body.result.runId)).toMatchObject({
      status: 'completed',
      counts: { downgraded: 1 },
    });
    expect(await call('asker', 'POST', '/care-api/tiering/v1/fraudCase', body)).toMatchObject({
      status: 409,
      body: { code: 'tiering.fraud-case-known' },
    });
    const stranger = { ...body, caseNumber: 'CASE-2', customerIds: [newId()] };
    expect(await call('asker', 'POST', '/care-api/tiering/v1/fraudCase', stranger)).toMatchObject({ status: 404 });
  });

  it('[TIER-10] a review that is started by eight at once, and carried out by two, is one review with one effect', async () => {
    await fallen();
    clock.set('2026-03-07T02:30:00+08:00');
    await db.query(`UPDATE usage.customer_month SET net_spend_fen = 40000 WHERE net_spend_fen = 0`);
    const started = await Promise.all(
      Array.from({ length: 8 }, () => runs.start({ kind: 'tiering.review', key: 'raced', asOf: '2026-03-01' })),
    );
    expect(new Set(started.map(({ run }) => run.runId)).size).toBe(1);
    expect(started.filter(({ isNew }) => isNew)).toHaveLength(1);
    const runId = started[0]?.run.runId ?? '';
    const [ended] = await Promise.all([carryOut(runId), carryOut(runId)]);
    expect(ended?.status === 'completed' || (await runs.get(runId)).status === 'completed').toBe(true);
    const { upgraded } = await events(runId);
    expect(upgraded).toBe(120);
    const decided = await db.query(
      `SELECT count(*) AS decisions, count(DISTINCT customer_id) AS customers FROM tiering.tier_decision WHERE run_id = $1`,
      [runId],
    );
    expect(decided).toEqual([{ decisions: 120, customers: 120 }]);
  });
});
