import type { EarnRules } from '../../../src/modules/points/domain/earning/earn-rule-set.js';
import { EarnRuleSetView } from '../../../src/modules/points/http/ledger/points.dto.js';
import { EventsModule } from '../../../src/platform/events/index.js';
import { newId } from '../../../src/platform/database/index.js';
import { PointsModule } from '../../../src/modules/points/index.js';
import { CloseAccountWhenCustomerDeparts } from '../../../src/modules/points/listeners/close-account-when-customer-departs.listener.js';
import { ReopenAccountWhenCustomerReturns } from '../../../src/modules/points/listeners/reopen-account-when-customer-returns.listener.js';
import { serveModules } from '../../support/serve-modules.js';
import { pointsWorld } from './points-world.js';

const BASE = '/care-api/points/v1';

describe('asking for points', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  let api: Awaited<ReturnType<typeof serveModules>>;
  let customerId: string;

  beforeAll(async () => {
    world = await pointsWorld();
    api = await serveModules(world.db, {
      modules: [EventsModule, PointsModule],
      permissions: ['points.read', 'points.redeem', 'points.prove'],
      now: new Date('2026-02-01T10:00:00+08:00'),
    });
    [customerId] = (await world.aCrowd([400_000])) as [string];
    await world.keepBills([{ customerId, billNo: 'B-2', cycle: '2026-01', netSpendFen: 100_000 }]);
    await world.accrue('2026-01');
  });
  afterAll(async () => {
    await api.close();
    await world.db.drop();
  });

  const redeem = (payload: object, headers = {}) =>
    api.call({
      method: 'POST',
      url: `${BASE}/redemption`,
      payload: { customerId, points: 100, channel: 'HOTLINE', purpose: 'MOBILE_PRODUCT', ...payload },
      headers,
    });

  it('[PTS-26] answers the balance, and registers who looked', async () => {
    const { status, body } = await api.call({ url: `${BASE}/account/${customerId}` });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: customerId,
      href: `${BASE}/account/${customerId}`,
      '@type': 'PointsAccount',
      available: 5_000,
      valueInFen: 10_000,
      canRedeem: true,
      pointsYear: 2026,
      status: 'ACTIVE',
    });
    const looks = await world.db.query(
      `SELECT action, actor_id FROM organization.access_register WHERE $1::uuid = ANY(customer_ids::uuid[])`,
      [customerId],
    );
    expect(looks).toContainEqual({ action: 'points.read', actor_id: api.staffId });
  });

  it('does not know an account of nobody, whatever the shape of the id', async () => {
    for (const id of [newId(), 'nobody', '1860']) {
      for (const path of ['', '/entry', '/expiry']) {
        expect((await api.call({ url: `${BASE}/account/${id}${path}` })).status).toBe(404);
      }
      expect((await api.call({ url: `${BASE}/redemption/${id}` })).status).toBe(404);
    }
  });

  it('[PTS-26] answers the statement newest first, in pages, with a running balance', async () => {
    const { body, headers } = await api.call({ url: `${BASE}/account/${customerId}/entry?limit=1&offset=0` });
    expect(headers['x-total-count']).toBe('2');
    expect(body).toMatchObject([{ sequence: 2, kind: 'EARN', points: 1_000, availableAfter: 5_000, billNo: 'B-2' }]);
    const older = await api.call({ url: `${BASE}/account/${customerId}/entry?sequence.lt=2&fields=points` });
    expect(older.body).toEqual([
      { id: expect.any(String), href: expect.any(String), '@type': 'PointsEntry', points: 4_000 },
    ]);
    expect((await api.call({ url: `${BASE}/account/${customerId}/entry?kind=NO_SUCH` })).status).toBe(400);
  });

  it('[PTS-11] answers which points expire when', async () => {
    const { body } = await api.call({ url: `${BASE}/account/${customerId}/expiry` });
    expect(body).toMatchObject({
      '@type': 'PointsExpiry',
      lot: [
        { expiresOn: '2028-12-31', pointsType: 'SPENDING', points: 4_000, valueInFen: 8_000 },
        { expiresOn: '2029-01-31', pointsType: 'SPENDING', points: 1_000, valueInFen: 2_000 },
      ],
    });
  });

  it('[PTS-08] redeems, shows the redemption and cancels it', async () => {
    const made = await redeem({ points: 50 });
    expect(made.status).toBe(201);
    expect(made.headers['location']).toBe(`${BASE}/redemption/${made.body.id}`);
    expect(made.body).toMatchObject({ points: 50, valueInFen: 100, status: 'completed', purpose: 'MOBILE_PRODUCT' });
    expect((await api.call({ url: made.body.href })).body).toEqual(made.body);
    const reversal = { method: 'POST', url: `${made.body.href}/reversal`, payload: { channel: 'HOTLINE' } };
    const cancelled = await api.call(reversal);
    expect(cancelled.body).toMatchObject({ id: made.body.id, status: 'reversed', availableAfter: 5_000 });
    expect((await api.call(reversal)).body).toEqual(cancelled.body);
  });

  it('[PTS-01] answers a repeated request with what was stored, and refuses another under its key', async () => {
    const key = { 'idempotency-key': 'till-7/2026-02-01/1' };
    const first = await redeem({ points: 10 }, key);
    expect((await redeem({ points: 10 }, key)).body).toEqual(first.body);
    expect(await redeem({ points: 11 }, key)).toMatchObject({ status: 409 });
    // The HTTP layer forgets after a day; the ledger does not.
    await world.db.query('DELETE FROM platform.idempotency_key');
    expect((await redeem({ points: 10 }, key)).body).toEqual(first.body);
    await world.db.query('DELETE FROM platform.idempotency_key');
    expect(await redeem({ points: 11 }, key)).toMatchObject({ status: 409, body: { code: 'points.key-reused' } });
    expect((await api.call({ url: `${BASE}/account/${customerId}` })).body).toMatchObject({ available: 4_990 });
  });

  it('says what would be possible when it refuses', async () => {
    const beyond = await redeem({ points: 1_000_000 });
    expect(beyond).toMatchObject({
      status: 422,
      body: { code: 'points.insufficient', detail: { requested: 1_000_000, available: expect.any(Number) } },
    });
    for (const bad of [{ points: 0 }, { points: -1 }, { points: 1.5 }, { purpose: 'FUN' }, { channel: undefined }]) {
      expect((await redeem(bad)).status).toBe(400);
    }
    expect((await redeem({ customerId: newId() })).status).toBe(404);
    expect((await redeem({ customerId: 'nobody' })).status).toBe(404);
  });

  it('[PTS-02] shows the rules', async () => {
    const { body } = await api.call({ url: `${BASE}/earnRuleSet` });
    expect(body).toMatchObject([
      {
        version: 1,
        effectiveFrom: '2021-05-01',
        rounding: 'CEIL',
        factorPercent: { GOLD: 180, DIAMOND: 200 },
        joinAbove: 3500,
      },
    ]);
  });

  it('[PTS-02] shows of a rule set all that was put into it, and describes all that it may have', async () => {
    const rules = {
      fenPerPoint: 200,
      rounding: 'FLOOR',
      factorPercent: { ORDINARY: 100, HONOURED_GUEST: 110, SILVER: 120, GOLD: 130, PLATINUM: 140, DIAMOND: 150 },
      expiry: 'ROLLING_3_CALENDAR_YEARS',
      expiryGraceDays: 30,
      joinAbove: 3_000,
      joinAboveByRegion: { '440000': 2_000 },
      excludedCharges: ['collectedForOthers', 'roaming'],
      starFactorPercent: { NO_STAR: 100, FIVE_STAR: 120 },
      brandBonusPercent: { GOTONE: 20 },
      factorMode: 'ADDITION',
      tenure: [
        { fromMonths: 24, percent: 10 },
        { fromMonths: 60, points: 300 },
      ],
      credit: { A: 100 },
      data: { fenPerPoint: 500 },
      creditWhen: 'SETTLED',
    } satisfies Required<EarnRules>;
    await world.db.query(`UPDATE points.earn_rule_set SET effective_to = '2099-01-01' WHERE version = 1`);
    await world.db.query(
      `INSERT INTO points.earn_rule_set (version, effective_from, rules, author, approved_by, created_at)
       VALUES (99, '2099-01-01', $1, 'author', 'approver', now())`,
      [JSON.stringify(rules)],
    );
    const { body } = await api.call({ url: `${BASE}/earnRuleSet` });
    const { id, href, '@type': type, version, effectiveFrom, ...shown } = body[0];
    expect([id, href, type, version]).toEqual(['99', `${BASE}/earnRuleSet/99`, 'EarnRuleSet', 99]);
    expect([effectiveFrom, shown]).toEqual(['2099-01-01', rules]);
    const described: unknown = Reflect.getMetadata('swagger/apiModelPropertiesArray', EarnRuleSetView.prototype);
    expect(described).toEqual(expect.arrayContaining(Object.keys(rules).map((field) => `:${field}`)));
    await world.db.query('DELETE FROM points.earn_rule_set WHERE version = 99');
    await world.db.query(`UPDATE points.earn_rule_set SET effective_to = 'infinity'`);
  });

  it('[PTS-01] proves the ledger on demand', async () => {
    const { status, body } = await api.call({ method: 'POST', url: `${BASE}/proof` });
    expect(status).toBe(200);
    expect(body).toMatchObject({ '@type': 'PointsProof', ok: true, customers: 1 });
  });

  it('forfeits the points of a customer who departs, and opens the account when the customer returns', async () => {
    const [leaver] = (await world.aCrowd([90_000])) as [string];
    await world.accrue('2025-12');
    const event = (payload: object) => ({
      eventId: newId(),
      name: 'customers',
      customerId: leaver,
      payload: { customerId: leaver, isReturn: false, ...payload },
      occurredAt: new Date('2026-02-01T09:00:00+08:00'),
      recordedAt: new Date('2026-02-01T09:00:00+08:00'),
    });
    const departs = new CloseAccountWhenCustomerDeparts(world.closing);
    const returns = new ReopenAccountWhenCustomerReturns(world.closing);
    await world.transaction.run((tx) => departs.handle(tx, event({})));
    await world.transaction.run((tx) => departs.handle(tx, event({})));
    expect(await world.account.balanceOf(leaver)).toMatchObject({ available: 0, status: 'CLOSED', version: 2 });
    await world.transaction.run((tx) => returns.handle(tx, event({})));
    expect(await world.account.balanceOf(leaver)).toMatchObject({ status: 'CLOSED' });
    await world.transaction.run((tx) => returns.handle(tx, event({ isReturn: true })));
    expect(await world.account.balanceOf(leaver)).toMatchObject({ available: 0, status: 'ACTIVE' });
  });
});
