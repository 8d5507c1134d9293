import { PointsModule } from '../../../src/modules/points/index.js';
import { loadSettings, Settings } from '../../../src/platform/config/index.js';
import { EventsModule } from '../../../src/platform/events/index.js';
import { PersonalData } from '../../../src/platform/privacy/index.js';
import { serveModules } from '../../support/serve-modules.js';
import { exchangeWorld } from './exchange-world.js';

const BASE = '/care-api/points/v1';

describe('the catalogue of what points are exchanged for', () => {
  let world: Awaited<ReturnType<typeof exchangeWorld>>;
  let api: Awaited<ReturnType<typeof serveModules>>;

  beforeAll(async () => {
    world = await exchangeWorld();
    const settings = Object.assign(loadSettings({}), {
      jwtSecret: 'x'.repeat(40),
      requestsPerMinute: 0,
      bossOrderUrl: world.boss.url,
    });
    api = await serveModules(world.db, {
      modules: [EventsModule, PointsModule],
      permissions: ['points.read', 'points.redeem', 'points.author'],
      now: world.clock.now(),
      ground: [
        { provide: Settings, useValue: settings },
        { provide: PersonalData, useValue: world.personalData },
      ],
    });
  });
  afterAll(async () => {
    await api.close();
    await world.close();
  });

  const post = (path: string, payload: object, key?: string) =>
    api.call({ method: 'POST', url: `${BASE}/${path}`, payload, headers: key ? { 'idempotency-key': key } : {} });
  const patch = (path: string, payload: object) => api.call({ method: 'PATCH', url: `${BASE}/${path}`, payload });
  const get = (path: string) => api.call({ url: `${BASE}/${path}` });
  const UMBRELLA = {
    itemId: 'UMBRELLA',
    kind: 'GOODS',
    label: { en: 'Umbrella', zh: '雨伞' },
    points: 1_500,
    validFrom: '2026-01-01',
  };

  it('[PTS-17] says what each item costs, which classes of points may be used for it, and how often', async () => {
    const made = await post('catalogueItem', { ...UMBRELLA, classes: ['SPENDING', 'TENURE'], perPointsYear: 2 });
    expect(made).toMatchObject({
      status: 201,
      headers: { location: `${BASE}/catalogueItem/UMBRELLA` },
      body: {
        id: 'UMBRELLA',
        '@type': 'PointsItem',
        points: 1_500,
        valueInFen: 3_000,
        classes: ['SPENDING', 'TENURE'],
        perPointsYear: 2,
        status: 'ACTIVE',
        onHand: 0,
      },
    });
    expect((await get('catalogueItem/UMBRELLA')).body).toEqual(made.body);
    const shipped = await get('catalogueItem?kind=SERVICE&sort=-points');
    expect(shipped.body).toMatchObject([
      { id: 'LOUNGE_VISIT', points: 5_000, benefit: 'AIRPORT_LOUNGE', units: 1 },
      { id: 'SIM_BACKUP_ONCE', points: 500, benefit: 'SIM_BACKUP', units: 1 },
    ]);
    expect(shipped.body[0]).not.toHaveProperty('onHand');
    expect(await post('catalogueItem', UMBRELLA)).toMatchObject({ status: 409, body: { code: 'points.item-taken' } });
  });

  it('[PTS-07] values every item by its points, two fen each, whatever it costs', async () => {
    const { body } = await get('catalogueItem?limit=100');
    expect(body.length).toBeGreaterThan(3);
    for (const { points, valueInFen } of body) expect(valueInFen).toBe(points * 2);
  });

  it.each([
    [{ kind: 'MOBILE_PRODUCT' }, 422, 'bossProduct'],
    [{ kind: 'SERVICE', benefit: 'AIRPORT_LOUNGE' }, 422, 'units'],
    [{ kind: 'SERVICE', units: 1 }, 422, 'benefit'],
    [{ bossProduct: 'CARD10' }, 422, 'bossProduct'],
    [{ validUntil: '2025-12-31' }, 422, 'validUntil'],
    [{ points: 0 }, 400, 'points'],
    [{ points: 1.5 }, 400, 'points'],
    [{ perPointsYear: 0 }, 400, 'perPointsYear'],
    [{ classes: ['GOLD'] }, 400, 'classes'],
    [{ classes: [] }, 400, 'classes'],
  ])('refuses %j and names what is wrong', async (wrong, status, field) => {
    const answer = await post('catalogueItem', { ...UMBRELLA, itemId: 'WRONG', ...wrong });
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(field);
    expect((await get('catalogueItem/WRONG')).status).toBe(404);
  });

  it('changes price, limit and days of an item, and takes it off; orders keep what they cost', async () => {
    await post('catalogueItem', { ...UMBRELLA, itemId: 'CUP', points: 300, perPointsYear: 3 });
    await post('catalogueItem/CUP/delivery', { deliveryNo: 'DN-1', quantity: 3 });
    const member = await world.aMember();
    const order = await post(`account/${member}/order`, { itemId: 'CUP', channel: 'APP' });
    expect(order).toMatchObject({ status: 201, body: { points: 300, valueInFen: 600 } });
    expect(await patch('catalogueItem/CUP', { points: 400, perPointsYear: null })).toMatchObject({
      status: 200,
      body: { points: 400, valueInFen: 800, label: { en: 'Umbrella' } },
    });
    expect((await get('catalogueItem/CUP')).body).not.toHaveProperty('perPointsYear');
    expect((await get(`account/${member}/order/${order.body.id}`)).body).toMatchObject({ points: 300 });
    await patch('catalogueItem/CUP', { status: 'WITHDRAWN' });
    expect(await post(`account/${member}/order`, { itemId: 'CUP', channel: 'APP' })).toMatchObject({
      status: 422,
      body: { code: 'points.item-not-on-offer', detail: { field: 'itemId', status: 'WITHDRAWN' } },
    });
    expect(await patch('catalogueItem/CUP', { validUntil: '2020-01-01' })).toMatchObject({ status: 422 });
    expect(await patch('catalogueItem/NO_SUCH', { points: 1 })).toMatchObject({ status: 404 });
  });

  it('enters a delivery once, however often its note comes, and takes out no more than there is', async () => {
    await post('catalogueItem', { ...UMBRELLA, itemId: 'BAG' });
    const deliver = (deliveryNo: string, quantity: number) =>
      post('catalogueItem/BAG/delivery', { deliveryNo, quantity });
    const all = await Promise.all(Array.from({ length: 8 }, () => deliver('DN-7', 21)));
    expect(all.map(({ status, body }) => [status, body.onHand])).toEqual(all.map(() => [201, 21]));
    expect(await deliver('DN-7', 20)).toMatchObject({ status: 409, body: { code: 'points.delivery-no-reused' } });
    expect(await deliver('DN-8', -22)).toMatchObject({
      status: 422,
      body: { code: 'points.stock-too-small', detail: { onHand: 21, quantity: -22 } },
    });
    expect(await deliver('DN-9', -1)).toMatchObject({ status: 201, body: { onHand: 20 } });
    expect((await get('catalogueItem/BAG')).body.onHand).toBe(20);
    expect(await post('catalogueItem/LOUNGE_VISIT/delivery', { deliveryNo: 'DN-1', quantity: 1 })).toMatchObject({
      status: 422,
      body: { code: 'points.item-of-another-kind' },
    });
  });

  it('[PTS-19] lists the orders of a customer, shows a card again under whatever key, and registers every look', async () => {
    await post('catalogueItem/TOP_UP_CARD_50/delivery', { deliveryNo: 'DN-1', quantity: 10 });
    const member = await world.aMember();
    const order = await post(`account/${member}/order`, { itemId: 'TOP_UP_CARD_50', channel: 'APP' }, 'mine');
    expect(order).toMatchObject({ status: 201, body: { kind: 'MOBILE_PRODUCT', status: 'OPEN', points: 2_500 } });
    // The HTTP layer forgets after a day; the order does not.
    await world.db.query('DELETE FROM platform.idempotency_key');
    expect((await post(`account/${member}/order`, { itemId: 'TOP_UP_CARD_50', channel: 'APP' }, 'mine')).body).toEqual(
      order.body,
    );
    expect(order.headers['location']).toBe(`${BASE}/account/${member}/order/${order.body.id}`);
    const showCard = (key: string) => post(`account/${member}/order/${order.body.id}/card`, {}, key);
    expect(await showCard('too-early')).toMatchObject({ status: 422, body: { code: 'points.no-card-to-show' } });
    await world.sending.execute();
    const { body, headers } = await get(`account/${member}/order?status=COMPLETED`);
    expect(headers['x-total-count']).toBe('1');
    expect(body).toMatchObject([{ id: order.body.id, itemId: 'TOP_UP_CARD_50', hasCard: true, bossReference: 'B1' }]);
    const card = world.boss.decided.get(order.body.id)?.card;
    expect(JSON.stringify(body)).not.toContain(card?.secret);
    for (const key of ['show-me', 'show-me', 'show-me-again'])
      expect(await showCard(key)).toMatchObject({ status: 200, body: { '@type': 'TopUpCard', ...card } });
    expect((await get(`account/${member}/order/${order.body.id}`)).body).toMatchObject({
      hasCard: true,
      cardShownAt: expect.any(String),
    });
    expect((await get(`account/${member}/order/${member}`)).body.code).toBe('points.order-not-found');
    const looks = await world.db.query<{ action: string }>(
      `SELECT action FROM organization.access_register WHERE $1::uuid = ANY(customer_ids::uuid[])`,
      [member],
    );
    expect(looks.map(({ action }) => action).sort()).toEqual([
      ...['points.card', 'points.card', 'points.card', 'points.order', 'points.orders'],
    ]);
  });

  it('[PTS-20] hands goods over at the counter, once', async () => {
    await post('catalogueItem', { ...UMBRELLA, itemId: 'PEN', points: 100 });
    await post('catalogueItem/PEN/delivery', { deliveryNo: 'DN-1', quantity: 2 });
    const member = await world.aMember();
    const order = await post(`account/${member}/order`, { itemId: 'PEN', channel: 'HALL' });
    for (let turn = 0; turn < 2; turn++) {
      expect(await post(`account/${member}/order/${order.body.id}/handover`, {})).toMatchObject({
        status: 200,
        body: { status: 'COMPLETED' },
      });
    }
    expect(await post(`account/${member}/order/${order.body.id}/cancellation`, {})).toMatchObject({
      status: 409,
      body: { code: 'points.order-ended', detail: { status: 'COMPLETED' } },
    });
    expect((await get('catalogueItem/PEN')).body.onHand).toBe(1);
    expect((await get(`account/${member}`)).body).toMatchObject({ available: 9_900, held: 0 });
    expect(await world.violations()).toEqual([]);
  });
});
