import { CustomersModule } from '../../../src/modules/customers/index.js';
import { provePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { rebuildPointCaches } from '../../../src/modules/points/application/ledger/rebuild-point-caches.js';
import { checksOfCampaigns } from '../../../src/modules/points/persistence/campaigns/proof-checks-of-campaigns.js';

import { newId } from '../../../src/platform/database/index.js';
import { EVERYBODY, NOBODY } from '../../../src/platform/identity/index.js';
import { callTo } from '../../support/http.js';
import { serveApprovals } from '../../support/serve-approvals.js';
import { CampaignsAlone } from './campaigns-world.js';
import { pointsWorld } from './points-world.js';

const BASE = '/care-api/points/v1';

describe('points by hand', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  let served: Awaited<ReturnType<typeof serveApprovals>>;

  beforeAll(async () => {
    world = await pointsWorld();
    served = await serveApprovals(world.source, {
      modules: [CustomersModule, CampaignsAlone],
      approvals: ['points.gift', 'points.adjustment'],
      people: {
        clerk: EVERYBODY,
        colleague: EVERYBODY,
        supervisor: EVERYBODY,
        neighbour: { ...NOBODY, provinces: ['450000'] },
      },
      permissions: [
        ...['points.read', 'points.redeem', 'points.grant', 'points.adjust', 'points.approve'],
        ...['organization.read', 'organization.approve'],
      ],
      clock: world.clock,
    });
  });
  beforeEach(() => world.clock.set('2026-02-01T10:00:00+08:00'));
  afterEach(async () => {
    const { checks } = await provePoints(world.transaction);
    const own = await Promise.all(checksOfCampaigns.map(({ sql }) => world.db.query(sql)));
    expect([...checks.filter(({ violations }) => violations > 0), ...own.flat()]).toEqual([]);
  });
  afterAll(async () => {
    await served.app.close();
    await world.db.drop();
  });

  const post = (
    what: 'gift' | 'adjustment',
    customerId: string,
    points: number,
    changes: object = {},
    login = 'clerk',
  ) =>
    served.call(login, 'POST', `${BASE}/${what}`, {
      ...{ customerId, points, costCentre: 'CC-4400', reasonCode: what === 'gift' ? 'COURTESY' : 'MISSED_POINTS' },
      ...changes,
    });
  const approve = (approvalHref: string, login = 'supervisor') =>
    served.call(login, 'POST', `${approvalHref}/approve`, {});
  const linesOf = (customerId: string): Promise<object[]> =>
    world.db.query(
      `SELECT j.kind, p.debit || '>' || p.credit AS moved, p.points, p.points_type FROM points.journal j
       JOIN points.posting p USING (customer_id, journal_id) WHERE customer_id = $1 ORDER BY account_version, line`,
      [customerId],
    );

  it('[PTS-16][PTS-29] are given for a reason and a cost centre, at once up to the limit', async () => {
    const customerId = await world.aCustomer();
    const given = await post('gift', customerId, 1_000);
    expect(given).toMatchObject({
      status: 200,
      body: {
        status: 'posted',
        entry: {
          kind: 'GIFT',
          points: 1_000,
          reasonCode: 'COURTESY',
          costCentre: 'CC-4400',
          askedBy: served.idOf('clerk'),
        },
      },
    });
    expect(await linesOf(customerId)).toEqual([
      { kind: 'GIFT', moved: 'ISSUED>CUST_AVAILABLE', points: 1_000, points_type: 'GIFT' },
    ]);
    expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 1_000, qualifying: 0 });
    expect((await served.call('clerk', 'GET', given.body.entry.href)).body).toEqual(given.body.entry);
    const listed = await served.call('clerk', 'GET', `${BASE}/manualEntry?costCentre=CC-4400&customerId=${customerId}`);
    expect(listed.body).toEqual([given.body.entry]);
    const [event] = await world.db.query(
      `SELECT payload ->> 'points' AS points FROM platform.outbox WHERE name = 'points.PointsMoved' AND customer_id = $1`,
      [customerId],
    );
    expect(event).toEqual({ points: '1000' });
  });

  it('[PTS-29] need a second person beyond the limit, who is not the first', async () => {
    const customerId = await world.aCustomer();
    const asked = await post('gift', customerId, 1_001);
    expect(asked).toMatchObject({ status: 200, body: { status: 'awaiting-approval' } });
    expect(await linesOf(customerId)).toEqual([]);
    expect(await approve(asked.body.approvalHref, 'clerk')).toMatchObject({ status: 403 });
    expect(await approve(asked.body.approvalHref, 'neighbour')).toMatchObject({ status: 404 });
    expect(await approve(asked.body.approvalHref)).toMatchObject({ status: 200 });
    expect(await approve(asked.body.approvalHref)).toMatchObject({ status: 409 });
    const { body } = await served.call('clerk', 'GET', `${BASE}/manualEntry?customerId=${customerId}`);
    expect(body).toMatchObject([
      { points: 1_001, askedBy: served.idOf('clerk'), approvedBy: served.idOf('supervisor') },
    ]);
    expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 1_001 });
  });

  it('[PTS-29] asked for twice under one key are given once, also after the answers of requests are forgotten', async () => {
    const customerId = await world.aCustomer();
    const payload = { customerId, points: 2_000, costCentre: 'CC-4400', reasonCode: 'COURTESY' };
    const ask = async () => {
      await world.db.query('DELETE FROM platform.idempotency_key');
      return served.call('clerk', 'POST', `${BASE}/gift`, payload, { 'idempotency-key': 'courtesy-of-monday-0001' });
    };
    const asked = [await ask(), await ask()];
    expect(asked.map(({ status }) => status)).toEqual([200, 200]);
    for (const { body } of asked) expect(await approve(body.approvalHref)).toMatchObject({ status: 200 });
    expect(await linesOf(customerId)).toMatchObject([{ kind: 'GIFT', points: 2_000 }]);
    expect((await ask()).body).toMatchObject({ status: 'posted', entry: { points: 2_000 } });
  });

  it('[PTS-29] do not get around the limit in small parts, nor all at once', async () => {
    const customerId = await world.aCustomer();
    const people = ['clerk', 'colleague'];
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, i) => post('gift', customerId, 300, {}, people[i % 2])),
    );
    expect(answers.filter(({ body }) => body.status === 'posted')).toHaveLength(3);
    expect(answers.filter(({ body }) => body.status === 'awaiting-approval')).toHaveLength(13);
    expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 900 });
    // What a second person approves does not count against it; another day begins anew.
    const beyond = answers.find(({ body }) => body.status === 'awaiting-approval');
    await approve(beyond?.body.approvalHref);
    expect((await post('gift', customerId, 100)).body.status).toBe('posted');
    expect((await post('gift', customerId, 1)).body.status).toBe('awaiting-approval');
    world.clock.set('2026-02-02T10:00:00+08:00');
    expect((await post('gift', customerId, 1_000)).body.status).toBe('posted');
  });

  it('are adjusted both ways, without regard to threshold and freeze; what expires first is taken first', async () => {
    const customerId = await world.aCustomer();
    for (const month of ['2025-11', '2025-12']) {
      world.clock.set(`${month}-15T10:00:00+08:00`);
      await world.award(customerId, 100);
    }
    world.clock.set('2026-02-01T10:00:00+08:00');
    await post('adjustment', customerId, 50);
    await served.call('clerk', 'POST', `${BASE}/account/${customerId}/freeze`, { reasonCode: 'FRAUD_SUSPECTED' });
    const taken = await post('adjustment', customerId, -150, { reasonCode: 'WRONG_POINTS' });
    expect(taken).toMatchObject({ status: 200, body: { entry: { kind: 'ADJUSTMENT', points: -150 } } });
    expect(await linesOf(customerId)).toEqual([
      { kind: 'AWARD', moved: 'ISSUED>CUST_AVAILABLE', points: 100, points_type: 'SPENDING' },
      { kind: 'AWARD', moved: 'ISSUED>CUST_AVAILABLE', points: 100, points_type: 'SPENDING' },
      { kind: 'ADJUSTMENT', moved: 'ADJUSTED>CUST_AVAILABLE', points: 50, points_type: 'ADJUSTMENT' },
      { kind: 'ADJUSTMENT', moved: 'CUST_AVAILABLE>ADJUSTED', points: 100, points_type: 'SPENDING' },
      { kind: 'ADJUSTMENT', moved: 'CUST_AVAILABLE>ADJUSTED', points: 50, points_type: 'SPENDING' },
    ]);
    expect((await world.account.expiryOf(customerId)).map(({ expiresOn, points }) => [expiresOn, points])).toEqual([
      ['2028-12-31', 50],
      ['2029-02-28', 50],
    ]);
    const refused = await post('adjustment', customerId, -101, { reasonCode: 'WRONG_POINTS' });
    expect(refused).toMatchObject({ status: 422, body: { code: 'points.insufficient' } });
    expect(await post('adjustment', customerId, 0)).toMatchObject({ status: 400 });
  });

  it('are looked at again when they are approved', async () => {
    const customerId = await world.aCustomer();
    await world.award(customerId, 2_000);
    const asked = await post('adjustment', customerId, -2_000, { reasonCode: 'FRAUD_RECOVERY' });
    expect(asked.body.status).toBe('awaiting-approval');
    await post('adjustment', customerId, -1, { reasonCode: 'WRONG_POINTS' });
    expect(await approve(asked.body.approvalHref)).toMatchObject({
      status: 422,
      body: { code: 'points.insufficient' },
    });
    expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 1_999 });
  });

  it('are the same when the request comes again, and refused when its key says something else', async () => {
    const customerId = await world.aCustomer();
    const address = await served.app.getUrl();
    const ask = (points: number) =>
      callTo(address)({
        method: 'POST',
        url: `${BASE}/gift`,
        headers: { 'x-api-key': 'clerk', 'idempotency-key': 'form-17' },
        payload: { customerId, points, costCentre: 'CC-4400', reasonCode: 'PRIZE' },
      });
    const first = await ask(10);
    // The HTTP layer forgets after a day; the ledger does not.
    await world.db.query('DELETE FROM platform.idempotency_key');
    expect((await ask(10)).body).toEqual(first.body);
    await world.db.query('DELETE FROM platform.idempotency_key');
    expect((await ask(11)).status).toBe(409);
    expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 10 });
  });

  it('are refused without a reason of the list, to nobody, and to those who left', async () => {
    const customerId = await world.aCustomer();
    expect(await post('gift', customerId, 1, { reasonCode: 'MISSED_POINTS' })).toMatchObject({
      status: 422,
      body: { code: 'points.unknown-reason' },
    });
    expect(await post('gift', newId(), 1)).toMatchObject({ status: 404 });
    expect(await post('gift', customerId, 1, {}, 'neighbour')).toMatchObject({ status: 404 });
    await world.close(customerId);
    expect(await post('gift', customerId, 1)).toMatchObject({ status: 422, body: { code: 'points.account-closed' } });
  });

  it('let a frozen account earn and not spend, until somebody lets go of it', async () => {
    const customerId = await world.aCustomer();
    await world.award(customerId, 5_000);
    const freeze = (reasonCode: string, login = 'clerk') =>
      served.call(login, 'POST', `${BASE}/account/${customerId}/freeze`, { reasonCode });
    const first = await freeze('FRAUD_SUSPECTED');
    expect(first).toMatchObject({
      status: 200,
      body: { isFrozen: true, freeze: [{ reasonCode: 'FRAUD_SUSPECTED', frozenBy: served.idOf('clerk') }] },
    });
    expect((await freeze('DISPUTE', 'colleague')).body).toEqual(first.body);
    await expect(world.redeem(customerId, 1)).rejects.toMatchObject({ code: 'points.account-frozen' });
    await rebuildPointCaches(world.transaction);
    await expect(world.redeem(customerId, 1)).rejects.toMatchObject({ code: 'points.account-frozen' });
    expect((await world.account.balanceOf(customerId)).status).toBe('FROZEN');
    await world.award(customerId, 10);
    await post('gift', customerId, 5);
    const unfreeze = () =>
      served.call('colleague', 'POST', `${BASE}/account/${customerId}/unfreeze`, { reasonCode: 'CLEARED' });
    const ended = await unfreeze();
    expect(ended).toMatchObject({
      status: 200,
      body: { isFrozen: false, freeze: [{ endReasonCode: 'CLEARED', endedBy: served.idOf('colleague') }] },
    });
    expect((await unfreeze()).body).toEqual(ended.body);
    expect(await world.redeem(customerId, 5_015)).toMatchObject({ availableAfter: 0 });
    const audited = await world.db.query(
      `SELECT action FROM organization.audit_entry WHERE action LIKE 'points.%freeze' AND object_id = $1 ORDER BY occurred_at`,
      [customerId],
    );
    expect(audited).toEqual([{ action: 'points.freeze' }, { action: 'points.unfreeze' }]);
    expect(await freeze('CLEARED')).toMatchObject({ status: 422, body: { code: 'points.unknown-reason' } });
  });

  it('is frozen once, however many freeze at once, also before anything was earned', async () => {
    const customerId = await world.aCustomer();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        served.call('clerk', 'POST', `${BASE}/account/${customerId}/freeze`, { reasonCode: 'DISPUTE' }),
      ),
    );
    expect(new Set(answers.map(({ body }) => body.freeze.length))).toEqual(new Set([1]));
  });

  it('[PTS-16] come in classes that have a name each, and of which four count for the plan', async () => {
    const { body } = await served.call('clerk', 'GET', `${BASE}/pointsClass`);
    const qualifying = body.filter((each: { qualifies: boolean }) => each.qualifies);
    expect(qualifying.map((each: { pointsType: string }) => each.pointsType)).toEqual([
      'SPENDING',
      'TENURE',
      'CREDIT',
      'DATA',
    ]);
    expect(body.find((each: { pointsType: string }) => each.pointsType === 'GIFT')).toMatchObject({
      label: { zh: '赠送积分' },
    });
  });
});
