import { AssessChurn } from '../../../src/modules/analytics/application/assess-churn.run.js';
import { AnalyticsModule } from '../../../src/modules/analytics/index.js';
import { newId } from '../../../src/platform/database/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { serveModules } from '../../support/serve-modules.js';
import { keepCustomers, monthsBack } from './facts.js';

const PATH = '/care-api/analytics/v1';
const usual = { net_spend_fen: 10_000, voice_mo_sec: 600, voice_mt_sec: 600, data_kb: 5_000_000, sms: 5, calls: 60 };

describe('asking for analytics', () => {
  const now = new Date('2026-02-10T09:00:00+08:00');
  const [porting, cheaper, calm] = [newId(), newId(), newId()];
  let db: TestDatabase;
  let served: Awaited<ReturnType<typeof serveModules>>;

  beforeAll(async () => {
    db = await createTestDatabase();
    await keepCustomers(db, [
      {
        customerId: porting,
        region: '110000',
        months: monthsBack({ ...usual, mnp_codes: 1, mnp_queries: 1 }, usual, usual, usual),
      },
      { customerId: cheaper, months: monthsBack({ ...usual, net_spend_fen: 5_000 }, usual, usual, usual) },
      { customerId: calm, months: monthsBack(usual, usual, usual, usual) },
    ]);
    await db.query(
      `INSERT INTO tiering.tier_assignment (customer_id, decision_id, program, tier, valid_from) VALUES ($1, $2, 'GOTONE', 'GOLD', '2026-02-01')`,
      [porting, newId()],
    );
    await carryOutRun(await db.dataSource(), new AssessChurn({ now: () => now }), {
      key: '2026-02-01',
      asOf: '2026-02-01',
    });
    served = await serveModules(db, {
      modules: [AnalyticsModule],
      permissions: ['analytics.read', 'customers.amounts'],
      now,
    });
  });
  afterAll(async () => {
    await served.close();
    await db.drop();
  });

  const ids = (body: readonly { id: string }[]) => body.map(({ id }) => id);

  it('[ANA-18] lists who may leave, gravest first, and registers who was looked at', async () => {
    const { status, body, headers } = await served.call({ url: `${PATH}/churnRisk` });
    expect(status).toBe(200);
    expect(ids(body)).toEqual([porting, cheaper]);
    expect(headers['x-total-count']).toBe('2');
    expect(body[0]).toMatchObject({
      '@type': 'ChurnRisk', risk: 95, band: 'high', asOf: '2026-02-01', region: '110000', tier: 'GOLD', revenueAtRiskFen: 120_000,
    }); // prettier-ignore
    const [entry] = await db.query('SELECT action, customer_ids FROM organization.access_register');
    expect(entry).toEqual({ action: 'analytics.read', customer_ids: [porting, cheaper] });
  });

  it('filters by band, risk, region and level, and sorts', async () => {
    const asked = async (query: string) => ids((await served.call({ url: `${PATH}/churnRisk?${query}` })).body);
    expect(await asked('band=high')).toEqual([porting]);
    expect(await asked('risk.gte=80')).toEqual([porting]);
    expect(await asked('risk.lt=80')).toEqual([cheaper]);
    expect(await asked('region=440000')).toEqual([cheaper]);
    expect(await asked('tier=ORDINARY')).toEqual([cheaper]);
    expect(await asked('sort=risk')).toEqual([cheaper, porting]);
    expect((await served.call({ url: `${PATH}/churnRisk?risk=high` })).status).toBe(400);
  });

  it('tells the reasons in words', async () => {
    const { body } = await served.call({ url: `${PATH}/churnRisk/${cheaper}` });
    expect(body.reasons).toEqual([
      {
        code: 'SPEND_DROP',
        weight: 25,
        text: {
          en: 'spend has fallen: net spend of last month 50 yuan, mean of the three months before 100 yuan',
          zh: '话费突降：上月消费 50元，此前三月均值 100元',
        },
        evidence: { SPEND: 5_000, SPEND_BEFORE: 10_000 },
      },
    ]);
  });

  it('tells that there is no sign, and knows no stranger', async () => {
    const { body } = await served.call({ url: `${PATH}/churnRisk/${calm}` });
    expect(body).toMatchObject({ id: calm, risk: 0, band: 'low', reasons: [] });
    expect((await served.call({ url: `${PATH}/churnRisk/${newId()}` })).status).toBe(404);
  });

  it('shows who brings the revenue', async () => {
    const { body } = await served.call({ url: `${PATH}/valuePyramid?asOf=2026-02-01` });
    expect(body.layers).toEqual([
      { step: 'TOP_1', customers: 0, revenueFen: 0, shareBasisPoints: 0 },
      { step: 'TOP_5', customers: 0, revenueFen: 0, shareBasisPoints: 0 },
      { step: 'TOP_20', customers: 0, revenueFen: 0, shareBasisPoints: 0 },
      { step: 'TOP_50', customers: 1, revenueFen: 40_000, shareBasisPoints: 3_478 },
      { step: 'REST', customers: 2, revenueFen: 75_000, shareBasisPoints: 6_522 },
    ]);
  });
});
