import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { PointsModule } from '../../../src/modules/points/index.js';
import { newId } from '../../../src/platform/database/index.js';
import { EventsModule } from '../../../src/platform/events/index.js';
import { serveModules } from '../../support/serve-modules.js';
import { pointsWorld } from './points-world.js';

/** TM Forum's swagger file, which comes beside the repository. */
const FILE = join(resolve('../shared/tmf'), 'TMF658-Loyalty-v4.0.0-beta.swagger.json');
const isThere = existsSync(FILE);
const BASE = '/tmf-api/loyalty/v4';
const COLLECTIONS = [
  'loyaltyProgramProductSpec',
  'loyaltyProgramMember',
  'loyaltyAccount',
  'loyaltyBalance',
  'loyaltyEarn',
  'loyaltyBurn',
] as const;

describe('points in the shape of TMF658', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  let api: Awaited<ReturnType<typeof serveModules>>;
  let customerId: string;
  let frozen: string;

  beforeAll(async () => {
    world = await pointsWorld();
    api = await serveModules(world.db, {
      modules: [EventsModule, PointsModule],
      permissions: ['points.read'],
      now: new Date('2026-02-01T10:00:00+08:00'),
    });
    [customerId, frozen] = (await world.aCrowd([400_000, 20_000])) as [string, string];
    await world.accrue('2025-12');
    world.clock.set('2026-02-01T10:00:00+08:00');
    await world.redeem(customerId, 300);
    await world.award(customerId, 70);
    await world.db.query(`UPDATE points.point_account SET frozen_reason = 'fraud' WHERE customer_id = $1`, [frozen]);
  });
  afterAll(async () => {
    await api.close();
    await world.db.drop();
  });

  const list = async (collection: string, query = '') => {
    const { status, body, headers } = await api.call({ url: `${BASE}/${collection}${query}` });
    expect([query, status]).toEqual([query, 200]);
    return { body, total: headers['x-total-count'] };
  };

  it('[PTS-26] shows the plan, its members and their accounts', async () => {
    const { body } = await list('loyaltyProgramProductSpec');
    expect(body).toMatchObject([{ id: 'POINTS_PLAN', lifeCycleStatus: 'active', needsLoyaltyAccount: true }]);
    expect((await list('loyaltyProgramProductSpec', '?lifeCycleStatus=retired')).body).toEqual([]);
    expect((await list('loyaltyProgramMember', `?id=${customerId}`)).body).toEqual([
      {
        id: customerId,
        href: `${BASE}/loyaltyProgramMember/${customerId}`,
        '@type': 'LoyaltyProgramMember',
        status: 'active',
      },
    ]);
    expect((await api.call({ url: `${BASE}/loyaltyProgramMember/${frozen}` })).body.status).toBe('suspended');
    expect((await api.call({ url: `${BASE}/loyaltyAccount/${customerId}` })).body).toMatchObject({
      '@type': 'LoyaltyAccount',
      loyaltyProgramMember: { id: customerId, href: `${BASE}/loyaltyProgramMember/${customerId}` },
    });
  });

  it('[PTS-26] shows the same balance as the account, with the time until which it can be used', async () => {
    const { body, total } = await list('loyaltyBalance', `?loyaltyProgramMember.id=${customerId}`);
    expect(total).toBe('2');
    expect(body).toEqual([
      {
        id: `${customerId}~2028-12-31~SPENDING~OPERATOR`,
        href: `${BASE}/loyaltyBalance/${customerId}~2028-12-31~SPENDING~OPERATOR`,
        '@type': 'LoyaltyBalance',
        loyaltyProgramMember: { id: customerId, href: `${BASE}/loyaltyProgramMember/${customerId}` },
        quantity: { unit: 'points', value: 3_700 },
        validFor: { endDateTime: '2028-12-31T16:00:00.000Z' },
        pointsType: 'SPENDING',
        funderId: 'OPERATOR',
      },
      expect.objectContaining({ quantity: { unit: 'points', value: 70 } }),
    ]);
    const { available } = await world.account.balanceOf(customerId);
    expect(body.reduce((sum: number, { quantity }: { quantity: { value: number } }) => sum + quantity.value, 0)).toBe(
      available,
    );
  });

  it('[PTS-26] shows what was earned and burnt, with the balance before and after', async () => {
    const earnt = await list('loyaltyEarn', `?memberId=${customerId}&sort=eventTime`);
    expect(earnt.body).toMatchObject([
      {
        '@type': 'LoyaltyEarn',
        '@baseType': 'LoyaltyEvent',
        eventType: 'EARN',
        memberId: customerId,
        quantity: { unit: 'points', value: 4_000 },
        openingBalance: { value: 0 },
        closingBalance: { value: 4_000 },
      },
      { eventType: 'AWARD', openingBalance: { value: 3_700 }, closingBalance: { value: 3_770 } },
    ]);
    const burnt = await list('loyaltyBurn', `?memberId=${customerId}&eventType=REDEMPTION`);
    expect(burnt.body).toMatchObject([
      {
        '@type': 'LoyaltyBurn',
        quantity: { value: 300 },
        openingBalance: { value: 4_000 },
        closingBalance: { value: 3_700 },
      },
    ]);
    for (const query of ['?eventType=EARN', '?sort=-eventTime', '?eventTime.gt=2026-01-01T00:00:00Z']) {
      expect(await api.call({ url: `${BASE}/loyaltyEarn${query}` })).toMatchObject({
        status: 400,
        body: { code: 'points.loyalty-list-too-wide' },
      });
    }
  });

  it.each(COLLECTIONS)('reads %s in pages, with some attributes only, and one at a time', async (collection) => {
    const { body, total } = await list(collection);
    expect([String(body.length), body.length > 0]).toEqual([total, true]);
    const page = await list(collection, `?limit=1&offset=${body.length - 1}`);
    expect([page.body, page.total]).toEqual([[body.at(-1)], total]);
    const some = await list(collection, '?fields=status');
    for (const each of some.body) expect(Object.keys(each)).toEqual(expect.arrayContaining(['id', 'href', '@type']));
    for (const each of body) expect((await api.call({ url: each.href })).body).toEqual(each);
    for (const nobody of [
      newId(),
      `${newId()}~${newId()}`,
      `${newId()}~never~GIFT~X`,
      `${newId()}~2026-02-31~GIFT~X`,
      '1',
    ]) {
      const answer = await api.call({ url: `${BASE}/${collection}/${nobody}` });
      expect([nobody, answer.status]).toEqual([nobody, 404]);
    }
    expect((await api.call({ method: 'POST', url: `${BASE}/${collection}`, payload: {} })).status).toBe(405);
  });

  it('writes down whose points were looked at', async () => {
    const before = await world.db.query('SELECT FROM organization.access_register');
    await list('loyaltyEarn', `?memberId=${customerId}`);
    await list('loyaltyProgramProductSpec');
    const after = await world.db.query('SELECT FROM organization.access_register');
    expect(after.length - before.length).toBe(1);
  });

  (isThere ? it : it.skip)(
    isThere
      ? 'is what TM Forum’s own definitions allow'
      : `is what TM Forum’s own definitions allow (skipped: there is no ${FILE})`,
    async () => {
      const swagger = JSON.parse(readFileSync(FILE, 'utf8')) as {
        basePath: string;
        definitions: Record<string, object>;
      };
      expect(swagger.basePath).toBe(`${BASE}/`);
      const ajv = new Ajv({ strict: false, formats: { 'date-time': DATE_TIME, uri: true, float: true } });
      ajv.addSchema({ $id: 'tmf', definitions: swagger.definitions });
      const expectValid = (definition: string, value: unknown): void => {
        const validate = ajv.compile({ $ref: `tmf#/definitions/${definition}` });
        expect([definition, validate(value), validate.errors]).toEqual([definition, true, null]);
      };
      for (const collection of COLLECTIONS) {
        const { body } = await list(collection);
        for (const each of body) {
          // What the beta does not have is an extension of what it has, and says of what.
          expectValid(each['@baseType'] ?? each['@type'], each);
          expect(Object.keys(swagger.definitions)).toContain(each['@baseType'] ?? each['@type']);
        }
      }
    },
  );
});

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
