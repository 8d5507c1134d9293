import { CustomersModule } from '../../../src/modules/customers/index.js';
import { MerchantsModule } from '../../../src/modules/merchants/index.js';
import { PointsModule } from '../../../src/modules/points/index.js';
import { TieringModule } from '../../../src/modules/tiering/index.js';
import { newId } from '../../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { Answer } from '../../support/http.js';
import { serveModules } from '../../support/serve-modules.js';
import { keepCustomers, keepTier } from '../tiering/facts.js';

const BASE = '/care-api/merchants/v1';
const CARDS = '/care-api/tiering/v1/card';
const PERMISSIONS = [
  ...['merchants.read', 'merchants.manage', 'merchants.charge', 'points.read', 'points.redeem'],
  ...['tiering.read', 'membership.manage', 'customers.unmask'],
];

describe('merchants over HTTP', () => {
  const now = new Date('2026-02-10T09:00:00+08:00');
  let db: TestDatabase;
  let served: Awaited<ReturnType<typeof serveModules>>;

  beforeAll(async () => {
    db = await createTestDatabase();
    const modules = [CustomersModule, TieringModule, PointsModule, MerchantsModule];
    served = await serveModules(db, { modules, permissions: PERMISSIONS, now });
  });
  afterAll(async () => {
    await served.close();
    await db.drop();
  });

  const post = (url: string, payload: object = {}): Promise<Answer> => served.call({ method: 'POST', url, payload });
  const patch = (url: string, payload: object): Promise<Answer> => served.call({ method: 'PATCH', url, payload });
  const get = (url: string): Promise<Answer> => served.call({ url });
  const aCustomer = async (): Promise<string> => {
    const customerId = newId();
    await keepCustomers(db, [{ customerId }]);
    await keepTier(db, customerId, 'GOLD');
    await db.query(
      `INSERT INTO points.point_account (customer_id, available, lifetime_earned, version) VALUES ($1, 5000, 5000, 1)`,
      [customerId],
    );
    await db.query(
      `INSERT INTO points.point_bucket (customer_id, expires_on, points_type, funder_id, remaining)
       VALUES ($1, '2028-12-31', 'SPENDING', 'OPERATOR', 5000)`,
      [customerId],
    );
    return customerId;
  };

  it('[MER-09] [PTS-09] are added with contract, category, sites, terminals and discounts', async () => {
    const merchant = await post(`${BASE}/merchant`, {
      contractNo: 'HT-2026-0017',
      label: 'Pearl River Restaurant',
      category: 'RESTAURANT',
    });
    expect([merchant.status, merchant.body]).toEqual([
      201,
      expect.objectContaining({ '@type': 'Merchant', status: 'active', funderId: 'OPERATOR' }),
    ]);
    const { id: merchantId, href } = merchant.body;
    const again = await post(`${BASE}/merchant`, { contractNo: 'HT-2026-0017', label: 'X', category: 'BANK' });
    expect([again.status, again.body.code]).toEqual([409, 'merchants.contract-taken']);
    expect((await get(href)).body).toEqual(merchant.body);
    expect((await patch(href, { status: 'suspended' })).body.status).toBe('suspended');
    expect((await patch(href, { status: 'active', label: 'Pearl' })).body).toMatchObject({ label: 'Pearl' });

    const site = await post(`${BASE}/site`, { merchantId, label: 'Tianhe branch', region: '440000' });
    expect([site.status, site.body.merchantId]).toEqual([201, merchantId]);
    const terminal = await post(`${BASE}/terminal`, { terminalId: 'GZ000017', siteId: site.body.id });
    expect([terminal.status, terminal.body.id]).toEqual([201, 'GZ000017']);
    expect((await post(`${BASE}/terminal`, { terminalId: 'GZ000017', siteId: site.body.id })).status).toBe(409);
    expect((await post(`${BASE}/terminal`, { terminalId: 'GZ000018', siteId: newId() })).body.code).toBe(
      'merchants.unknown-site',
    );
    const discount = await post(`${BASE}/discount`, { merchantId, percent: 80, effectiveFrom: '2026-02-10' });
    expect(discount.body).toMatchObject({ pointsPerHundredYuan: 4_000, effectiveUntil: '9999-12-31' });
    const overlapping = await post(`${BASE}/discount`, { merchantId, percent: 90, effectiveFrom: '2026-03-01' });
    expect([overlapping.status, overlapping.body.code]).toEqual([409, 'merchants.discounts-overlap']);
    const gone = await post(`${BASE}/discount`, { merchantId, percent: 90, effectiveFrom: '2026-02-09' });
    expect([gone.status, gone.body.code]).toEqual([422, 'merchants.day-is-gone']);
    expect((await patch(discount.body.href, { effectiveUntil: '2026-03-01' })).body.effectiveUntil).toBe('2026-03-01');

    for (const [list, id] of [
      ['merchant?contractNo=HT-2026-0017', merchantId],
      [`site?merchantId=${merchantId}`, site.body.id],
      [`terminal?siteId=${site.body.id}`, 'GZ000017'],
      [`discount?merchantId=${merchantId}`, discount.body.id],
    ])
      expect((await get(`${BASE}/${list}`)).body.map((each: { id: string }) => each.id)).toEqual([id]);
  });

  it('[MER-02] [TIER-05] [PTS-20] take points by the card, answer in fen and points, and say nothing of the customer', async () => {
    const customerId = await aCustomer();
    const cardId = (await post(CARDS, { customerId })).body.id;
    await post(`${CARDS}/${cardId}/activation`);
    const { cardNumber } = (await post(`${CARDS}/${cardId}/disclosure`)).body;
    const message = { terminalId: 'GZ000017', batchNo: '000001', businessDate: '2026-02-10' };
    const send = (traceNo: string, said: object): Promise<Answer> =>
      post(`${BASE}/posMessage`, { ...message, traceNo, ...said });
    const held = await send('000001', { kind: 'authorisation', amountFen: 10_000, cardNumber });
    expect([held.status, held.body]).toEqual([
      200,
      {
        id: 'GZ000017~000001~000001~2026-02-10', '@type': 'PosMessage', kind: 'authorisation', ...message, traceNo: '000001',
        status: 'done', amountFen: 10_000, discountPercent: 80, points: 4_000, valueInFen: 8_000, availableAfter: 1_000,
        expiresAt: '2026-02-10T01:15:00.000Z',
      },
    ]); // prettier-ignore
    const original = { ...message, traceNo: '000001' };
    expect((await send('000002', { kind: 'capture', amountFen: 5_000, original })).body).toMatchObject({
      points: 2_000,
    });
    expect((await send('000003', { kind: 'return', amountFen: 1_000, original })).body).toMatchObject({
      points: 400,
      availableAfter: 3_400,
    });
    expect((await send('000004', { kind: 'reversal', reverses: 'purchase' })).body).toMatchObject({
      status: 'reversed',
    });
    const late = await send('000004', { kind: 'purchase', amountFen: 100, cardNumber });
    expect([late.status, late.body.code]).toEqual([409, 'merchants.message-reversed']);
    await post(`${CARDS}/${cardId}/lossReport`, { reason: '客户挂失' });
    const lost = await send('000005', { kind: 'purchase', amountFen: 100, cardNumber });
    expect([lost.status, lost.body.code]).toEqual([422, 'cards.cannot-redeem']);
    expect([lost.text, held.text].join()).not.toMatch(new RegExp(`${cardNumber}|${customerId}`));
    const kept = await db.query(`SELECT m::text AS row FROM merchants.pos_message m UNION ALL
      SELECT j::text FROM points.journal j WHERE customer_id = $1`, [customerId]); // prettier-ignore
    expect(JSON.stringify(kept)).not.toContain(cardNumber);
  });

  it('[MER-02] refuse what says too little or too much', async () => {
    const message = { terminalId: 'GZ000017', batchNo: '000001', traceNo: '000009', businessDate: '2026-02-10' };
    for (const [said, status, code] of [
      [{ kind: 'purchase', amountFen: 0, cardNumber: '9156000000000003' }, 400, 'request.invalid'],
      [{ kind: 'gift', amountFen: 1 }, 400, 'request.invalid'],
      [{ kind: 'purchase', amountFen: 100 }, 400, 'merchants.field-missing'],
      [{ kind: 'purchase', amountFen: 100, cardNumber: '9156000000000004' }, 400, 'cards.invalid-number'],
      [{ kind: 'purchase', amountFen: 100, cardNumber: '9156000000000003' }, 422, 'merchants.unknown-card'],
      [{ kind: 'capture', original: { ...message, traceNo: '999999' } }, 422, 'merchants.original-unknown'],
      [{ kind: 'purchase', amountFen: 100, businessDate: '2026-02-08' }, 422, 'merchants.date-out-of-range'],
    ] as const) {
      const answer = await post(`${BASE}/posMessage`, { ...message, ...said });
      expect([said, answer.status, answer.body.code]).toEqual([said, status, code]);
    }
  });

  it('[PTS-23] small payments are made and reversed over HTTP', async () => {
    const customerId = await aCustomer();
    const account = `/care-api/points/v1/account/${customerId}`;
    const paid = await post(`${account}/payment`, { amountFen: 1_251, channel: 'APP' });
    expect([paid.status, paid.body]).toEqual([
      201,
      expect.objectContaining({ '@type': 'SmallPayment', points: 626, valueInFen: 1_252, availableAfter: 4_374 }),
    ]);
    expect((await get(paid.body.href)).body).toEqual(paid.body);
    const reversed = await post(`${paid.body.href}/reversal`, { channel: 'APP' });
    expect(reversed.body).toMatchObject({ status: 'reversed', availableAfter: 5_000 });
    expect((await post(`${paid.body.href}/reversal`, { channel: 'APP' })).body).toEqual(reversed.body);
    const [{ id: otherId } = { id: '' }] = await db.query<{ id: string }>(
      `SELECT journal_id AS id FROM points.journal WHERE customer_id = $1 AND kind = 'PAYMENT_REVERSAL'`,
      [customerId],
    );
    expect((await get(`${account}/payment/${otherId}`)).body.code).toBe('points.payment-not-found');
    const tooMuch = await post(`${account}/payment`, { amountFen: 20_001, channel: 'APP' });
    expect(tooMuch.body.code).toBe('points.insufficient');
    expect((await get(`${account}/entry`)).body.map(({ kind }: { kind: string }) => kind)).toEqual([
      'PAYMENT_REVERSAL',
      'PAYMENT',
    ]);
  });
});
