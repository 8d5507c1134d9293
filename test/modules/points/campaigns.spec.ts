import { CustomersModule } from '../../../src/modules/customers/index.js';
import { PointsBudgets } from '../../../src/modules/points/application/money/points-budgets.js';
import { checksOfMoney } from '../../../src/modules/points/persistence/money/proof-checks-of-money.js';
import { keepCustomers } from '../customers/facts.js';
import { GrantByFrequency } from '../../../src/modules/points/application/campaigns/grant-by-frequency.run.js';
import { GrantFromCampaignUseCase } from '../../../src/modules/points/application/campaigns/grant-from-campaign.js';
import { provePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { checksOfCampaigns } from '../../../src/modules/points/persistence/campaigns/proof-checks-of-campaigns.js';

import { newId } from '../../../src/platform/database/index.js';
import { EVERYBODY } from '../../../src/platform/identity/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { serveApprovals } from '../../support/serve-approvals.js';
import { CampaignsAlone } from './campaigns-world.js';
import { pointsWorld } from './points-world.js';

const PATH = '/care-api/points/v1/campaign';
const TERMS = {
  label: { en: 'Spring', zh: '春季有礼' },
  validFrom: '2026-02-01',
  validUntil: '2026-04-30',
  trigger: 'EVENT',
  rewardPoints: 100,
  budgetPoints: 1_000_000,
};

describe('campaigns of points', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  let served: Awaited<ReturnType<typeof serveApprovals>>;
  let granting: GrantFromCampaignUseCase;

  beforeAll(async () => {
    world = await pointsWorld();
    granting = new GrantFromCampaignUseCase(world.transaction, world.single, world.clock);
    served = await serveApprovals(world.source, {
      modules: [CustomersModule, CampaignsAlone],
      approvals: ['points.campaign'],
      people: { author: EVERYBODY, approver: EVERYBODY },
      permissions: [
        ...['points.read', 'points.author', 'points.approve', 'points.grant', 'organization.read'],
        'organization.approve',
      ],
      clock: world.clock,
    });
  });
  beforeEach(() => world.clock.set('2026-02-01T10:00:00+08:00'));
  afterEach(async () => expect(await violations()).toEqual([]));
  afterAll(async () => {
    await served.app.close();
    await world.db.drop();
  });

  /** Also of the ledger as a whole. */
  const violations = async (): Promise<unknown[]> => {
    const { checks } = await provePoints(world.transaction);
    const own = await Promise.all(checksOfCampaigns.map(({ sql }) => world.db.query(sql)));
    return [...checks.filter((check) => check.violations > 0), ...own.flat()];
  };
  let codes = 0;
  const draft = (changes: object = {}) =>
    served.call('author', 'POST', PATH, { ...TERMS, code: `C-${(codes += 1)}`, ...changes });
  const start = async (changes: object = {}): Promise<{ id: string; code: string; href: string }> => {
    const { body } = await draft(changes);
    const proposed = await served.call('author', 'POST', `${body.href}/proposal`, { reason: 'Plan of the season' });
    const approved = await served.call('approver', 'POST', `${proposed.body.approvalHref}/approve`, {});
    expect([approved.status, approved.text]).toEqual([200, approved.text]);
    return body;
  };
  const grant = (campaignId: string, customerId: string, reference: string) =>
    granting.execute({ campaignId, customerId, reference, actorId: 'tester' });
  const left = async (campaignId: string): Promise<unknown> =>
    (
      await world.db.query(
        'SELECT sum(left_points)::bigint AS left FROM points.campaign_budget WHERE campaign_id = $1',
        [campaignId],
      )
    )[0]?.['left'];
  const customers = (many: number): Promise<string[]> =>
    Promise.all(Array.from({ length: many }, () => world.aCustomer()));
  const run = (asOf: string) =>
    carryOutRun(world.source, new GrantByFrequency(world.clock, world.ledger, world.outbox), { key: newId(), asOf });
  const pay = (customerId: string, paidAt: string, amountFen = 5_000, more: { operation?: number } = {}) =>
    world.db.query(
      `INSERT INTO usage.payment (customer_id, source, payment_id, version, file_id, content_hash, paid_at, month, amount_fen, method,
         paid_by_other, operation, is_current, recorded_at)
       VALUES ($1, 'BOSS', $2, 1, $1, 1, $3, date_trunc('month', $3::timestamptz)::date, $4, 'CASH', false, $5, true, $3)`,
      [customerId, newId(), paidAt, amountFen, more.operation ?? 1],
    );
  const rewardsOf = (customerId: string): Promise<object[]> =>
    world.db.query(
      `SELECT points, idem_key, metadata ->> 'campaign' AS campaign FROM points.journal WHERE customer_id = $1 AND kind = 'AWARD'
       ORDER BY account_version`,
      [customerId],
    );

  it('[PTS-24] give nothing before a second person has approved them', async () => {
    const customerId = await world.aCustomer();
    const { body } = await draft();
    await expect(grant(body.id, customerId, 'one')).rejects.toMatchObject({
      code: 'points.campaign-gives-nothing',
      facts: { status: 'draft' },
    });
    const proposed = await served.call('author', 'POST', `${body.href}/proposal`, { reason: 'Plan of the season' });
    expect(await served.call('author', 'POST', `${proposed.body.approvalHref}/approve`, {})).toMatchObject({
      status: 403,
      body: { code: 'approval.own-request' },
    });
    await served.call('author', 'PATCH', body.href, { budgetPoints: 2_000_000 });
    expect(await served.call('approver', 'POST', `${proposed.body.approvalHref}/approve`, {})).toMatchObject({
      status: 409,
      body: { code: 'points.draft-changed' },
    });
  });

  it('[PTS-16][PTS-24] credit typed points with the id of the campaign, in lots that it pays for, once for a reference', async () => {
    const { id, code, href } = await start();
    const customerId = await world.aCustomer();
    const give = () => served.call('author', 'POST', `${href}/grant`, { customerId, reference: 'order-1' });
    const first = await give();
    expect(first).toMatchObject({ status: 200, body: { campaign: code, points: 100, availableAfter: 100 } });
    expect((await give()).body).toEqual(first.body);
    const posted = await world.db.query(
      `SELECT j.metadata, p.debit, p.credit, p.points_type, p.funder_id, p.points FROM points.journal j JOIN points.posting p
       USING (customer_id, journal_id) WHERE customer_id = $1`,
      [customerId],
    );
    expect(posted).toEqual([
      {
        metadata: { campaignId: id, campaign: code, reference: 'order-1' },
        debit: 'ISSUED',
        credit: 'CUST_AVAILABLE',
        points_type: 'PROMOTION',
        funder_id: `campaign:${code}`,
        points: 100,
      },
    ]);
    // What is given does not qualify for the plan.
    expect((await world.account.balanceOf(customerId)).qualifying).toBe(0);
    expect((await served.call('author', 'GET', href)).body).toMatchObject({ grantedPoints: 100, status: 'approved' });
    const funders = (await served.call('author', 'GET', '/care-api/points/v1/funder')).body;
    expect(funders).toContainEqual({ funderId: `campaign:${code}`, kind: 'CAMPAIGN', label: TERMS.label });
  });

  it('are the same grant also when its request comes sixteen times at once', async () => {
    const { id } = await start();
    const customerId = await world.aCustomer();
    const all = await Promise.all(Array.from({ length: 16 }, () => grant(id, customerId, 'event')));
    expect(new Set(all.map(({ entry }) => entry.journalId)).size).toBe(1);
    expect(await left(id)).toBe(999_900);
  });

  it('are for whom their condition says, within their days, and not after they were stopped', async () => {
    const { id, href } = await start({
      condition: {
        all: [
          { metric: 'tier', op: 'in', value: ['GOLD', 'DIAMOND'] },
          { metric: 'tenureMonths', op: '>=', value: 12 },
        ],
      },
    });
    const [customerId = '', gold = ''] = await customers(2);
    await world.keepTier(gold, 'GOLD');
    await expect(grant(id, customerId, 'one')).rejects.toMatchObject({ code: 'points.campaign-not-for-customer' });
    await grant(id, gold, 'one');
    world.clock.set('2026-05-01T00:00:00+08:00');
    await expect(grant(id, gold, 'two')).rejects.toMatchObject({ code: 'points.campaign-gives-nothing' });
    world.clock.set('2026-04-30T23:59:59+08:00');
    await grant(id, gold, 'two');
    await served.call('author', 'POST', `${href}/stop`, { reason: 'Ended' });
    await expect(grant(id, gold, 'three')).rejects.toMatchObject({
      code: 'points.campaign-gives-nothing',
      facts: { status: 'stopped' },
    });
    // What was granted is still answered.
    expect((await grant(id, gold, 'two')).entry.points).toBe(100);
  });

  it('[PTS-24] keep to what one customer may have, in all and in a points year, also when asked at once', async () => {
    const { id } = await start({ capPerCustomer: 500, capPerYear: 300, validUntil: '2027-04-30' });
    const customerId = await world.aCustomer();
    const ask = (round: string) =>
      Promise.allSettled(Array.from({ length: 12 }, (_, i) => grant(id, customerId, `${round}-${i}`)));
    const granted = (results: PromiseSettledResult<unknown>[]) =>
      results.filter(({ status }) => status === 'fulfilled').length;
    expect(granted(await ask('2026'))).toBe(3);
    world.clock.set('2026-12-01T10:00:00+08:00'); // the points year 2027
    const next = await ask('2027');
    expect(granted(next)).toBe(2);
    expect(next.find((each) => each.status === 'rejected')?.reason).toMatchObject({
      code: 'points.campaign-cap-reached',
      facts: { granted: 500, cap: 500, per: 'customer' },
    });
  });

  it('[PTS-24] never give more than their budget, and all of it, to 160 who ask over many connections', async () => {
    const { id } = await start({ budgetPoints: 6_450 });
    const who = await customers(160);
    const results = await Promise.allSettled(who.map((customerId) => grant(id, customerId, 'rush')));
    const refused = results.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    expect(results.length - refused.length).toBe(64);
    expect(await left(id)).toBe(50);
    expect(new Set(refused.map((each) => (each as { code?: string }).code))).toEqual(
      new Set(['points.campaign-budget-used-up']),
    );
    await expect(grant(id, who[0] ?? '', 'late')).rejects.toMatchObject({ facts: { left: 50, requested: 100 } });
  });

  it('give the budget back with a grant that is refused after all', async () => {
    const { id } = await start();
    const nameless = await world.aCustomer('active', false);
    await expect(grant(id, nameless, 'one')).rejects.toMatchObject({ code: 'points.real-name-needed' });
    const gone = await world.aCustomer();
    await world.award(gone, 10);
    await world.close(gone);
    await expect(grant(id, gone, 'one')).rejects.toMatchObject({ code: 'points.account-closed' });
    await expect(grant(id, newId(), 'one')).rejects.toMatchObject({ code: 'customers.not-found' });
    expect(await left(id)).toBe(1_000_000);
  });

  it('[PTS-31] reward three recharges within a month, once a month, however often the run comes', async () => {
    const { code } = await start({
      trigger: 'FREQUENCY',
      frequency: { of: 'PAYMENT', times: 3, periodMonths: 1 },
    });
    const [often = '', seldom = '', cancelled = ''] = await customers(3);
    // On 31 January in UTC, but on 1 February in China.
    for (const at of ['2026-01-31T17:00:00Z', '2026-02-10T10:00:00+08:00', '2026-02-28T23:00:00+08:00']) {
      await pay(often, at);
      await pay(cancelled, at, 5_000, at.includes('-10T') ? { operation: 3 } : {});
    }
    await pay(seldom, '2026-02-10T10:00:00+08:00');
    await pay(seldom, '2026-02-11T10:00:00+08:00');
    await pay(seldom, '2026-03-01T00:00:00+08:00');
    world.clock.set('2026-03-01T05:00:00+08:00');
    expect((await run('2026-03-01')).counts).toMatchObject({ rewards: 1, points: 100 });
    expect(await rewardsOf(often)).toEqual([{ points: 100, idem_key: `campaign:${code}:2026-02`, campaign: code }]);
    expect((await run('2026-03-02')).counts).toMatchObject({ rewards: 0 });
    expect(await rewardsOf(seldom)).toEqual([]);
    // The third of March makes it three in March.
    await pay(seldom, '2026-03-02T10:00:00+08:00');
    await pay(seldom, '2026-03-03T10:00:00+08:00');
    await run('2026-03-03');
    expect(await rewardsOf(seldom)).toMatchObject([{ idem_key: `campaign:${code}:2026-03` }]);
    const told = await world.db.query(
      `SELECT payload ->> 'customerId' AS who FROM platform.outbox WHERE name = 'points.PointsEarned' AND customer_id = ANY($1::uuid[])`,
      [[often, seldom]],
    );
    expect(told.map(({ who }) => who).sort()).toEqual([often, seldom].sort());
  });

  it('[PTS-31] reward an amount of bills within two months, and repay a debt first', async () => {
    await start({
      trigger: 'FREQUENCY',
      frequency: { of: 'BILL', amountFen: 30_000, periodMonths: 2 },
    });
    const [rich, poor] = (await world.aCrowd([20_000, 20_000], '2026-02')) as [string, string];
    await world.keepBills([
      { customerId: rich, billNo: 'MARCH', cycle: '2026-03', netSpendFen: 10_000 },
      { customerId: poor, billNo: 'MARCH', cycle: '2026-03', netSpendFen: 9_999 },
    ]);
    // Owes 30 points: a bill that had earned and was spent was corrected.
    await world.keepBills([{ customerId: rich, billNo: 'OLD', cycle: '2025-12', netSpendFen: 400_000 }]);
    await world.accrue('2025-12', '2026-02-01');
    await world.redeem(rich, 3_730);
    await world.keepBills([{ customerId: rich, billNo: 'OLD', cycle: '2025-12', netSpendFen: 370_000, version: 2 }]);
    await world.accrue('2025-12.2', '2026-02-02');
    expect(await world.account.balanceOf(rich)).toMatchObject({ available: 0, debt: 30 });
    await run('2026-04-05');
    expect(await world.account.balanceOf(rich)).toMatchObject({ available: 70, debt: 0 });
    expect(await rewardsOf(rich)).toMatchObject([{ points: 100 }]);
    expect(await rewardsOf(poor)).toEqual([]);
  });

  it('[PTS-31] keep to caps, conditions and budget in the run, too, whichever slices run at once', async () => {
    const { id } = await start({
      trigger: 'FREQUENCY',
      frequency: { of: 'PAYMENT', times: 1, periodMonths: 1 },
      condition: { metric: 'brand', op: '==', value: 'GOTONE' },
      capPerCustomer: 250,
      budgetPoints: 1_150,
      validUntil: '2026-04-30',
    });
    const who = await customers(20);
    for (const customerId of who) {
      for (const month of ['02', '03', '04']) await pay(customerId, `2026-${month}-05T10:00:00+08:00`);
    }
    class InSmallSlices extends GrantByFrequency {
      override readonly sliceSize = 4;
      readonly parallelSlices = 4;
    }
    await carryOutRun(world.source, new InSmallSlices(world.clock, world.ledger, world.outbox), {
      key: newId(),
      asOf: '2026-04-06',
    });
    const [{ rewards, most } = { rewards: 0, most: 0 }] = await world.db.query<{ rewards: number; most: number }>(
      `SELECT sum(times)::int AS rewards, max(points)::int AS most FROM points.campaign_use WHERE campaign_id = $1`,
      [id],
    );
    expect({ rewards, most }).toEqual({ rewards: 11, most: 200 });
    expect(await left(id)).toBe(50);
    expect((await run('2026-04-07')).counts).toMatchObject({ rewards: 0 });
  });

  it('[PTS-31] pay as far as the budgets of promotions reach, in a fixed order, and say what was due beyond', async () => {
    const { id, code } = await start({
      ...{ trigger: 'FREQUENCY', frequency: { of: 'PAYMENT', times: 1, periodMonths: 1 }, validFrom: '2027-04-20' },
      ...{ validUntil: '2027-04-21', budgetPoints: 1_000 },
    });
    const inProvince = async (many: number, region: string): Promise<string[]> => {
      const who = Array.from({ length: many }, newId);
      await keepCustomers(
        world.db,
        who.map((customerId) => ({ customerId, region })),
      );
      return who;
    };
    const [here, there] = [await inProvince(6, '450000'), await inProvince(10, '440000')];
    for (const customerId of [...here, ...there]) await pay(customerId, '2027-04-20T10:00:00+08:00');
    const budgets = new PointsBudgets(world.database, world.transaction, world.outbox, world.clock);
    const set = { pointsYear: 2027, kind: 'PROMOTION', actorId: 'me' } as const;
    const before = await budgets.set({ ...set, hardPoints: 1_000_000 });
    const province = await budgets.set({ ...set, region: '450000', hardPoints: 250 });
    await budgets.limit({ budgetId: before.budgetId, hardPoints: before.used + 799 });
    class InSmallSlices extends GrantByFrequency {
      override readonly sliceSize = 5;
      override population() {
        return { sql: 'SELECT unnest($1::uuid[]) AS customer_id', params: [[...here, ...there]] };
      }
    }
    const once = (key: string) =>
      carryOutRun(world.source, new InSmallSlices(world.clock, world.ledger, world.outbox), {
        key,
        asOf: '2027-04-21',
      });
    const key = newId();
    const first = await once(key);
    expect(first).toMatchObject({
      status: 'completed',
      counts: { rewards: 7, points: 700, withoutPromotionBudget: 9, withoutCampaignBudget: 0 },
    });
    const rewarded = async () =>
      (
        await world.db.query<{ who: string }>(
          `SELECT customer_id::text AS who FROM points.journal WHERE metadata ->> 'campaign' = $1 ORDER BY 1`,
          [code],
        )
      ).map(({ who }) => who);
    const inOrder = [...here, ...there].sort();
    const firstHere = inOrder.filter((who) => here.includes(who)).slice(0, 2);
    const expected = inOrder.filter((who) => there.includes(who) || firstHere.includes(who)).slice(0, 7);
    expect(await rewarded()).toEqual(expected);
    expect((await once(key)).counts).toEqual(first.counts);
    expect((await once(newId())).counts).toMatchObject({ rewards: 0, withoutPromotionBudget: 9 });
    expect(await rewarded()).toEqual(expected);
    // With room the rest is paid, and then the campaign's own budget ends.
    for (const { budgetId } of [before, province]) await budgets.limit({ budgetId, hardPoints: 1_000_000 });
    expect((await once(newId())).counts).toMatchObject({
      ...{ rewards: 3, points: 300, withoutPromotionBudget: 0, withoutCampaignBudget: 6 },
    });
    expect(await rewarded()).toHaveLength(10);
    expect(await left(id)).toBe(0);
    await world.db.query(
      `INSERT INTO points.guard_reading (points_year, guard, read_on, points, revenue_fen, level, read_at)
       VALUES (2027, 'RETURN', '2027-04-21', 0, 0, 'HARD', now())`,
    );
    const more = await start({
      ...{ trigger: 'FREQUENCY', frequency: { of: 'PAYMENT', times: 1, periodMonths: 1 }, validFrom: '2027-04-20' },
      ...{ validUntil: '2027-04-21' },
    });
    expect(await once(newId())).toMatchObject({
      status: 'completed',
      counts: { rewards: 0, withoutPromotionBudget: 22, withoutCampaignBudget: 0 },
    });
    expect(await left(more.id)).toBe(1_000_000);
    await world.db.query(`DELETE FROM points.guard_reading`);
    expect(await world.db.query(checksOfMoney.find(({ id: of }) => of === 'I15')?.sql ?? '')).toEqual([]);
  });

  it('[PTS-31] take a reward back, once, when payments that it was for are taken back, also when it is spent', async () => {
    const { id, code } = await start({
      ...{ trigger: 'FREQUENCY', frequency: { of: 'PAYMENT', times: 2, periodMonths: 1 }, validFrom: '2028-03-01' },
      validUntil: '2028-03-31',
    });
    const [kept = '', lost = '', spent = ''] = await customers(3);
    for (const day of ['02', '03'])
      for (const who of [kept, lost, spent]) await pay(who, `2028-03-${day}T10:00:00+08:00`);
    await pay(kept, '2028-03-04T10:00:00+08:00');
    expect((await run('2028-03-05')).counts).toMatchObject({ rewards: 3, takenBack: 0 });
    await world.award(spent, 4_000);
    world.clock.set('2028-03-05T12:00:00+08:00');
    await world.redeem(spent, 4_080);
    const [back] = await Promise.all(
      [lost, kept, spent].map((who) =>
        world.db.query<{ payment_id: string }>(
          `UPDATE usage.payment SET operation = 3 WHERE customer_id = $1 AND paid_at = '2028-03-03T10:00:00+08:00' RETURNING payment_id`,
          [who],
        ),
      ),
    );
    expect((await run('2028-03-06')).counts).toMatchObject({ rewards: 0, takenBack: 2 });
    await Promise.all([run('2028-03-07'), run('2028-03-08')]);
    expect((await run('2028-03-09')).counts).toMatchObject({ rewards: 0, takenBack: 0 });
    expect(await world.account.balanceOf(kept)).toMatchObject({ available: 100, debt: 0 });
    expect(await world.account.balanceOf(lost)).toMatchObject({ available: 0, debt: 0 });
    expect(await world.account.balanceOf(spent)).toMatchObject({ available: 0, debt: 80 });
    expect(
      await world.db.query(
        `SELECT b.points, b.metadata -> 'payments' AS payments, r.idem_key FROM points.journal b
         JOIN points.journal r ON r.customer_id = b.customer_id AND r.journal_id = b.reverses_journal_id WHERE b.customer_id = $1`,
        [lost],
      ),
    ).toEqual([{ points: -100, payments: [`BOSS:${back?.[0]?.payment_id}`], idem_key: `campaign:${code}:2028-03` }]);
    expect(await left(id)).toBe(1_000_000 - 100);
    expect(await violations()).toEqual([]);
  });

  it('give by request and by the run at once, to the same customers, while these spend', async () => {
    const event = await start();
    const { id } = await start({
      ...{ trigger: 'FREQUENCY', frequency: { of: 'PAYMENT', times: 1, periodMonths: 1 }, validFrom: '2026-04-10' },
    });
    const who = await customers(24);
    for (const customerId of who) {
      await pay(customerId, '2026-04-11T10:00:00+08:00');
      await world.award(customerId, 4_000);
    }
    await Promise.all([
      run('2026-04-12'),
      ...who.flatMap((customerId) => [
        grant(event.id, customerId, 'one'),
        grant(event.id, customerId, 'two'),
        world.redeem(customerId, 50),
      ]),
    ]);
    const balances = await world.db.query(
      'SELECT DISTINCT available FROM points.point_account WHERE customer_id = ANY($1::uuid[])',
      [who],
    );
    expect(balances).toEqual([{ available: 4_000 + 3 * 100 - 50 }]);
    expect([await left(event.id), await left(id)]).toEqual([1_000_000 - 4_800, 1_000_000 - 2_400]);
  });

  it('[PTS-31] are taken up where a run has died, and reward everybody once', async () => {
    const { id } = await start({
      ...{ trigger: 'FREQUENCY', frequency: { of: 'PAYMENT', times: 1, periodMonths: 1 }, validFrom: '2026-02-20' },
    });
    const who = await customers(12);
    for (const customerId of who) await pay(customerId, '2026-02-21T10:00:00+08:00');
    let [slices, isDying] = [0, true];
    class Dying extends GrantByFrequency {
      override readonly sliceSize = 4;
      override population() {
        return { sql: 'SELECT unnest($1::uuid[]) AS customer_id', params: [who] };
      }
      override async slice(...asked: Parameters<GrantByFrequency['slice']>) {
        const counts = await super.slice(...asked);
        slices += 1;
        if (slices > 1 && isDying) throw new Error('died with its work done and not committed');
        return counts;
      }
    }
    const key = newId();
    const definition = new Dying(world.clock, world.ledger, world.outbox);
    expect((await carryOutRun(world.source, definition, { key, asOf: '2026-02-22' })).status).toBe('failed');
    const rewards = async () =>
      (
        await world.db.query(
          `SELECT COALESCE(sum(times), 0)::int AS rewards FROM points.campaign_use WHERE campaign_id = $1`,
          [id],
        )
      )[0]?.['rewards'];
    expect(await rewards()).toBe(4);
    expect(await violations()).toEqual([]);
    isDying = false;
    await carryOutRun(world.source, definition, { key, asOf: '2026-02-22' });
    expect(await rewards()).toBe(12);
    expect(await left(id)).toBe(1_000_000 - 1_200);
  });

  it.each([
    [{ validUntil: '2026-01-31' }, 'validUntil'],
    [{ budgetPoints: 99 }, 'budgetPoints'],
    [{ capPerYear: 50 }, 'capPerYear'],
    [{ trigger: 'FREQUENCY' }, 'frequency'],
    [{ trigger: 'FREQUENCY', frequency: { of: 'BILL', periodMonths: 1 } }, 'frequency'],
    [{ frequency: { of: 'BILL', times: 2, periodMonths: 1 } }, 'frequency'],
  ])('are refused when they cannot be: %j', async (wrong, field) => {
    const refused = await draft(wrong);
    expect(refused).toMatchObject({ status: 422, body: { code: 'points.campaign-unsound' } });
    expect(refused.text).toContain(field);
  });

  it('are refused with a condition that asks for what is not known, and with a code that is taken', async () => {
    const refused = await draft({ condition: { metric: 'shoeSize', op: '==', value: 1 } });
    expect(refused).toMatchObject({ status: 400, body: { code: 'rule.invalid' } });
    const { code } = await start();
    expect(await draft({ code })).toMatchObject({ status: 409, body: { code: 'points.campaign-code-taken' } });
  });

  it('are found out when the books and the budget do not agree', async () => {
    const { id } = await start();
    const customerId = await world.aCustomer();
    await grant(id, customerId, 'one');
    const tamper = async (sql: string, undo: string): Promise<string[]> => {
      await world.db.query(sql, [id]);
      const found: string[] = [];
      for (const { id: check, sql: query } of checksOfCampaigns) {
        if ((await world.db.query(query)).length > 0) found.push(check);
      }
      await world.db.query(undo, [id]);
      return found;
    };
    expect(
      await tamper(
        'UPDATE points.campaign_use SET points = points + 1 WHERE campaign_id = $1',
        'UPDATE points.campaign_use SET points = points - 1 WHERE campaign_id = $1',
      ),
    ).toEqual(['I15-campaign-use', 'I15-campaign']);
    expect(
      await tamper(
        'UPDATE points.campaign_budget SET left_points = left_points + 1 WHERE campaign_id = $1 AND stripe = 0',
        'UPDATE points.campaign_budget SET left_points = left_points - 1 WHERE campaign_id = $1 AND stripe = 0',
      ),
    ).toEqual(['I15-campaign']);
  });
});
