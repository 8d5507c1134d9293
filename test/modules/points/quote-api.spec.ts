import { EventsModule } from '../../../src/platform/events/index.js';
import { newId } from '../../../src/platform/database/index.js';
import { PointsModule } from '../../../src/modules/points/index.js';
import { serveModules } from '../../support/serve-modules.js';
import { keepBillsOf, keepFacts, keepRules, plentiful } from './earning-facts.js';
import { ledgerOf, pointsWorld } from './points-world.js';

const QUOTE = '/care-api/points/v1/quote';
const CHARGES = { monthlyFee: 8_000, data: 2_000, collectedForOthers: 990 };

describe('asking what a bill would earn', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  let api: Awaited<ReturnType<typeof serveModules>>;
  let customerId: string;

  beforeAll(async () => {
    world = await pointsWorld();
    api = await serveModules(world.db, {
      modules: [EventsModule, PointsModule],
      permissions: ['points.read'],
      now: new Date('2026-02-01T10:00:00+08:00'),
    });
    await keepRules(world.db, plentiful);
    customerId = await world.aCustomer();
    await keepFacts(world.db, [
      { customerId, tier: 'GOLD', star: 'THREE_STAR', monthsInNetwork: 24, creditGrade: 'A' },
    ]);
    await keepBillsOf(world.db, [{ customerId, billNo: 'B', charges: CHARGES }]);
  });
  afterAll(async () => {
    await api.close();
    await world.db.drop();
  });

  const quote = (payload: object) => api.call({ method: 'POST', url: QUOTE, payload });

  it('[PTS-04][PTS-05][PTS-06] answers item by item what counts, and posts nothing', async () => {
    const { status, body } = await quote({ customerId, asOf: '2025-12-31' });
    expect(status).toBe(200);
    expect(body).toEqual({
      '@type': 'EarnQuote',
      customerId,
      asOf: '2025-12-31',
      month: '2025-12',
      ruleSetVersion: 2,
      tier: 'GOLD',
      star: 'THREE_STAR',
      monthsInNetwork: 24,
      creditGrade: 'A',
      suspensions: 0,
      points: 290,
      bill: [
        {
          billNo: 'B',
          points: 290,
          expiresOn: '2028-12-31',
          creditWhen: 'BILLED',
          item: [
            { item: 'SPENDING', points: 180, fen: 10_000, percentInHundredths: 18_000 },
            { item: 'TENURE', points: 20, fen: 10_000, percentInHundredths: 2_000 },
            { item: 'CREDIT', points: 50, fen: 10_000, tablePoints: 50 },
            { item: 'DATA', points: 40, fen: 2_000, percentInHundredths: 10_000 },
          ],
        },
      ],
    });
    expect(await ledgerOf(world.db)).toEqual([]);
    const looks = await world.db.query(
      `SELECT action, actor_id FROM organization.access_register WHERE $1::uuid = ANY(customer_ids::uuid[])`,
      [customerId],
    );
    expect(looks).toContainEqual({ action: 'points.quote', actor_id: api.staffId });
  });

  it('[PTS-02] goes by the rules and the time in the network of the month asked for', async () => {
    const bill = { charges: { monthlyFee: 10_000 } };
    expect((await quote({ customerId, ...bill })).body).toMatchObject({
      month: '2026-02',
      monthsInNetwork: 26,
      points: 250,
    });
    const before = (await quote({ customerId, asOf: '2025-11-15', ...bill })).body;
    expect(before).toMatchObject({ month: '2025-11', ruleSetVersion: 1, monthsInNetwork: 23, points: 180 });
    expect(await quote({ customerId, asOf: '2019-01-01', ...bill })).toMatchObject({
      status: 422,
      body: { code: 'points.no-earn-rules' },
    });
  });

  it('[CUS-08] says why the points would not be posted', async () => {
    const unnamed = await world.aCustomer('active', false);
    expect((await quote({ customerId: unnamed, charges: { voice: 100 } })).body).toMatchObject({
      blockedBy: 'REAL_NAME',
    });
    await world.close(unnamed);
    expect((await quote({ customerId: unnamed, charges: { voice: 100 } })).body).toMatchObject({ blockedBy: 'CLOSED' });
  });

  it('[PTS-06] says the same as the run has posted, class by class in the statement', async () => {
    const { body } = await quote({ customerId, asOf: '2025-12-31' });
    await world.accrue('2025-12');
    const statement = await api.call({ url: `/care-api/points/v1/account/${customerId}/entry?sort=sequence` });
    const posted = (statement.body as { item: { pointsType: string; points: number }[] }[]).flatMap(({ item }) =>
      item.map(({ pointsType, points }) => [pointsType, points]),
    );
    const quoted = (body as { bill: { item: { item: string; points: number }[] }[] }).bill.flatMap(({ item }) => item);
    expect(posted).toEqual(quoted.map(({ item, points }) => [item, points]));
  });

  it('does not know nobody, nor charges that are none', async () => {
    expect((await quote({ customerId: newId() })).status).toBe(404);
    expect((await quote({ customerId, charges: { voice: -1 } })).status).toBe(400);
    expect((await quote({ customerId, charges: { gas: 1 } })).status).toBe(400);
  });
});
