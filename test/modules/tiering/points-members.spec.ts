import { PointsModule } from '../../../src/modules/points/index.js';
import { endMembershipOfDepartedCustomers } from '../../../src/modules/tiering/application/end-membership-of-departed-customers.js';
import { CURRENT_POINTS_MEMBER, TieringModule } from '../../../src/modules/tiering/index.js';
import { newId, Transaction } from '../../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { Answer } from '../../support/http.js';
import { serveModules } from '../../support/serve-modules.js';
import { keepCustomers, keepTier } from './facts.js';

const MEMBERS = '/care-api/tiering/v1/pointsMember';

describe('points members', () => {
  const now = new Date('2026-02-10T09:00:00+08:00');
  let db: TestDatabase;
  let served: Awaited<ReturnType<typeof serveModules>>;

  beforeAll(async () => {
    db = await createTestDatabase();
    const permissions = ['tiering.read', 'membership.manage', 'points.read'];
    served = await serveModules(db, { modules: [TieringModule, PointsModule], permissions, now });
  });
  afterAll(async () => {
    await served.close();
    await db.drop();
  });

  const aCustomer = async (closedOn?: string): Promise<string> => {
    const customerId = newId();
    await keepCustomers(db, [{ customerId, ...(closedOn && { closedOn }) }]);
    return customerId;
  };
  const post = (url: string, payload: object): Promise<Answer> => served.call({ method: 'POST', url, payload });
  const enrol = (customerId: string): Promise<Answer> => post(MEMBERS, { customerId });
  const leave = (customerId: string): Promise<Answer> =>
    served.call({ method: 'DELETE', url: `${MEMBERS}/${customerId}` });
  const standing = async (customerId: string): Promise<unknown> =>
    (await served.call({ url: `${MEMBERS}/${customerId}` })).body;
  const published = (customerId: string): Promise<object[]> =>
    db.query(`SELECT since FROM ${CURRENT_POINTS_MEMBER} WHERE customer_id = $1`, [customerId]);

  it('[TIER-04] are customers of whatever level, also without one, who then have a card', async () => {
    const [ordinary, gold] = [await aCustomer(), await aCustomer()];
    await keepTier(db, gold, 'GOLD');
    expect(await standing(ordinary)).toMatchObject({ isMember: false });
    expect((await post('/care-api/tiering/v1/card', { customerId: ordinary })).body.code).toBe('cards.not-earned');
    for (const customerId of [ordinary, gold]) {
      const { status, body } = await enrol(customerId);
      expect([status, body]).toMatchObject([201, { id: customerId, isMember: true, since: '2026-02-10' }]);
      expect(await published(customerId)).toEqual([{ since: '2026-02-10' }]);
    }
    expect((await post('/care-api/tiering/v1/card', { customerId: ordinary })).body).toMatchObject({
      tier: 'ORDINARY',
    });
    const { body } = await served.call({ url: `/care-api/points/v1/account/${ordinary}` });
    expect(body).toMatchObject({ available: 0, status: 'ACTIVE' });
  });

  it('[TIER-04] are enrolled once, also by many at once, and leave once', async () => {
    const customerId = await aCustomer();
    const answers = await Promise.all(Array.from({ length: 8 }, () => enrol(customerId)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.since}`))).toEqual(new Set(['201 2026-02-10']));
    expect(await published(customerId)).toHaveLength(1);
    expect((await Promise.all([leave(customerId), leave(customerId)])).map(({ status }) => status)).toEqual([204, 204]);
    expect(await standing(customerId)).toMatchObject({ isMember: false, since: '2026-02-10', until: '2026-02-10' });
    expect((await enrol(customerId)).body).toMatchObject({ isMember: true });
    const kept = await db.query(
      'SELECT until FROM tiering.points_member WHERE customer_id = $1 ORDER BY enrolled_at, until',
      [customerId],
    );
    expect(kept).toEqual([{ until: '2026-02-10' }, { until: null }]);
  });

  it('[TIER-04] end with the customer’s stay, and are not made of those who left', async () => {
    const customerId = await aCustomer();
    await enrol(customerId);
    const transaction = new Transaction(await db.dataSource());
    for (let told = 0; told < 2; told++) {
      await transaction.run((tx) =>
        endMembershipOfDepartedCustomers(tx, [{ customerId, closedOn: '2026-02-12' }], now),
      );
    }
    expect(await standing(customerId)).toMatchObject({ isMember: false, until: '2026-02-12' });
    expect((await enrol(await aCustomer('2026-01-01'))).body.code).toBe('cards.customer-has-left');
    expect((await enrol(newId())).status).toBe(404);
  });

  it('are listed, and every look has its line', async () => {
    const { body } = await served.call({ url: `${MEMBERS}?since.gte=2026-02-01&limit=100` });
    const members = await db.query<{ id: string }>(`SELECT customer_id AS id FROM ${CURRENT_POINTS_MEMBER}`);
    expect(body.map(({ id }: { id: string }) => id).sort()).toEqual(members.map(({ id }) => id).sort());
    const [line] = await db.query(
      `SELECT action, customer_ids FROM organization.access_register ORDER BY occurred_at DESC LIMIT 1`,
    );
    expect(line).toMatchObject({ action: 'members.list', customer_ids: expect.arrayContaining([members[0]?.id]) });
  });
});
