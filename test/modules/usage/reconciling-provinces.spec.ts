import { INTAKE, NUMBERS, startWorld, type World } from '../../api/world.js';
import type { Credentials } from '../../support/application.js';

const ORDERS = `${INTAKE}/handledOrder`;

describe('business that was handled, as people see it', () => {
  let world: World;
  let near: Credentials;
  let far: Credentials;
  let hall: Credentials;

  beforeAll(async () => {
    world = await startWorld();
    near = await world.staffIn({ kind: 'province', code: '440000' }, 'supervisor');
    far = await world.staffIn({ kind: 'province', code: '450000' }, 'supervisor');
    hall = await world.system('boss', 'HALL');
  });
  afterAll(() => world.close());

  const as = (who: Credentials, method: string, url: string, payload?: unknown) =>
    world.call({ method, url, ...(payload !== undefined && { payload }), headers: { ...who } });
  let orders = 0;
  const order = (given: object = {}) => ({
    source: 'HALL', orderNo: `O-${(orders += 1)}`, orderType: 'TARIFF_CHANGE', msisdn: NUMBERS.rich, province: '440000',
    handledAt: '2026-01-05T10:00:00+08:00', expected: { tariffCode: 'GT388' }, ...given,
  }); // prettier-ignore

  it('[USG-06] is reported by the system of its source, once, and by no other', async () => {
    const reported = order();
    const first = await as(hall, 'POST', ORDERS, reported);
    expect([first.status, first.body]).toEqual([
      201,
      expect.objectContaining({
        '@type': 'HandledOrder', orderNo: reported.orderNo, customer: { id: world.customers.rich }, verdict: 'PENDING',
        deadline: '2026-01-07T02:00:00.000Z', expected: { tariffCode: 'GT388' },
      }),
    ]); // prettier-ignore
    expect(first.text).not.toContain(NUMBERS.rich);
    expect((await as(hall, 'POST', ORDERS, reported)).body.id).toBe(first.body.id);
    const other = await as(hall, 'POST', ORDERS, { ...reported, expected: { tariffCode: 'GT8' } });
    expect([other.status, other.body.code]).toEqual([409, 'usage.order-reported-otherwise']);
    expect((await as(world.stranger, 'POST', ORDERS, order())).body.code).toBe('intake.not-your-records');
    expect((await as(world.viewer, 'POST', ORDERS, order())).status).toBe(403);
    const wrong = [
      { msisdn: '12345' },
      { expected: {} },
      { orderNo: 'a b' },
      { handledAt: 'now' },
      { orderType: 'GIFT' },
    ];
    for (const each of wrong) expect((await as(hall, 'POST', ORDERS, order(each))).status).toBe(400);
  });

  it('[USG-06] is compared, taken over and resolved by the province of the customer, and unseen by others', async () => {
    const { body } = await as(hall, 'POST', ORDERS, order());
    const unplaced = await as(
      hall,
      'POST',
      ORDERS,
      order({ msisdn: '13912349999', orderType: 'OPENING', expected: {} }),
    );
    expect(unplaced.body.customer).toBeUndefined();
    const compared = await as(near, 'POST', `${ORDERS}/${body.id}/comparison`, {});
    expect([compared.status, compared.body.verdict]).toEqual([200, 'MISSING']);
    expect(compared.body.differences).toEqual([{ field: 'tariffCode', expected: 'GT388', actual: 'GT128' }]);

    const queue = await as(near, 'GET', `${ORDERS}?verdict=DIFFERENT,MISSING&sort=differsSince`);
    expect(queue.body.map(({ id }: { id: string }) => id)).toEqual([body.id]);
    expect((await as(near, 'GET', `${ORDERS}/${unplaced.body.id}`)).status).toBe(200);
    for (const id of [body.id, unplaced.body.id]) {
      expect((await as(far, 'GET', `${ORDERS}/${id}`)).status).toBe(404);
      expect((await as(far, 'POST', `${ORDERS}/${id}/comparison`, {})).status).toBe(404);
      expect((await as(far, 'PATCH', `${ORDERS}/${id}`, { resolution: 'ACCEPTED' })).status).toBe(404);
    }
    expect((await as(far, 'GET', ORDERS)).body).toEqual([]);
    expect((await as(world.agent, 'GET', ORDERS)).status).toBe(403);

    const resolved = await as(near, 'PATCH', `${ORDERS}/${body.id}`, { resolution: 'ORDER_WRONG' });
    expect([resolved.status, resolved.body.resolution]).toEqual([200, 'ORDER_WRONG']);
    expect((await as(near, 'PATCH', `${ORDERS}/${body.id}`, { owner: null })).body.code).toBe(
      'usage.order-not-in-queue',
    );
    const looks = await world.database.query<{ action: string }>(
      `SELECT DISTINCT action FROM organization.access_register WHERE action LIKE 'usage.order%' ORDER BY action`,
    );
    expect(looks.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['usage.order-compare', 'usage.order-list', 'usage.order-settle']),
    );
  });

  it('[XRG-04] payments between provinces are shown to both of them, and to nobody else', async () => {
    const paidAt = new Date(Date.now() - 3_600_000).toISOString();
    const payment = {
      paymentId: 'P-1', msisdn: NUMBERS.rich, paidAt, amountFen: 5_000, payer: 'OTHER', operation: 'NEW', version: 1,
      regionPaid: '450000',
    }; // prettier-ignore
    const payload = { kind: 'PAY', source: 'BOSS', records: [payment] };
    const { body } = await as(world.boss, 'POST', `${INTAKE}/recordBatch`, payload);
    expect(body.results).toEqual([{ outcome: 'ACCEPTED' }]);
    const day = new Date(Date.parse(paidAt) + 8 * 3_600_000).toISOString().slice(0, 10);
    const url = `${INTAKE}/crossRegionPayment?date=${day}`;
    const pair = expect.objectContaining({
      provinces: ['440000', '450000'],
      settlement: { from: '450000', to: '440000', amountFen: 5_000 },
    });
    expect((await as(near, 'GET', url)).body).toMatchObject({
      id: day,
      '@type': 'CrossRegionPaymentDay',
      pairs: [pair],
    });
    expect((await as(far, 'GET', url)).body.pairs).toEqual([pair]);
    const third = await world.staffIn({ kind: 'province', code: '460000' }, 'supervisor');
    expect((await as(third, 'GET', url)).body.pairs).toEqual([]);
    expect((await as(world.agent, 'GET', url)).status).toBe(403);
    expect((await as(near, 'GET', `${INTAKE}/crossRegionPayment?date=2026-02-30`)).status).toBe(400);
  });
});
