import pg from 'pg';
import { PointsModule } from '../../../src/modules/points/index.js';
import { ExpireCards } from '../../../src/modules/tiering/application/expire-cards.run.js';
import { cardNumberOf } from '../../../src/modules/tiering/domain/card-number.js';
import { TieringModule } from '../../../src/modules/tiering/index.js';
import { EndMembershipWhenCustomerDeparts } from '../../../src/modules/tiering/listeners/end-membership-when-customer-departs.listener.js';
import { ForgetCardsWhenCustomerIsErased } from '../../../src/modules/tiering/listeners/forget-cards-when-customer-is-erased.listener.js';
import { newId, Transaction } from '../../../src/platform/database/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import type { Answer } from '../../support/http.js';
import { Needles } from '../../support/needles.js';
import { serveModules } from '../../support/serve-modules.js';
import { keepCustomers, keepTier } from './facts.js';

const CARDS = '/care-api/tiering/v1/card';
const PERMISSIONS = ['tiering.read', 'membership.manage', 'customers.unmask', 'points.read', 'points.redeem'];

describe('cards', () => {
  const now = new Date('2026-02-10T09:00:00+08:00');
  let db: TestDatabase;
  let served: Awaited<ReturnType<typeof serveModules>>;

  beforeAll(async () => {
    db = await createTestDatabase();
    served = await serveModules(db, { modules: [TieringModule, PointsModule], permissions: PERMISSIONS, now });
  });
  afterAll(async () => {
    await served.close();
    await db.drop();
  });

  const post = (url: string, payload: object = {}, key?: string): Promise<Answer> =>
    served.call({ method: 'POST', url, payload, ...(key && { headers: { 'idempotency-key': key } }) });
  const aCustomer = async (tier: 'GOLD' | 'ORDINARY' = 'GOLD'): Promise<string> => {
    const customerId = newId();
    await keepCustomers(db, [{ customerId }]);
    if (tier !== 'ORDINARY') await keepTier(db, customerId, tier);
    return customerId;
  };
  const aCardOf = async (customerId: string): Promise<string> => (await post(CARDS, { customerId })).body.id;
  const anActiveCardOf = async (customerId: string): Promise<string> => {
    const cardId = await aCardOf(customerId);
    await post(`${CARDS}/${cardId}/activation`);
    return cardId;
  };
  const numberOf = async (cardId: string): Promise<string> =>
    (await post(`${CARDS}/${cardId}/disclosure`)).body.cardNumber;
  const statusesOf = (customerId: string): Promise<object[]> =>
    db.query('SELECT status, end_reason FROM tiering.card WHERE customer_id = $1 ORDER BY card_id', [customerId]);
  const givePoints = async (customerId: string): Promise<void> => {
    await db.query(
      `INSERT INTO points.point_account (customer_id, available, lifetime_earned, version) VALUES ($1, 5000, 5000, 1)`,
      [customerId],
    );
    await db.query(
      `INSERT INTO points.point_bucket (customer_id, expires_on, points_type, funder_id, remaining)
       VALUES ($1, '2028-12-31', 'SPENDING', 'OPERATOR', 5000)`,
      [customerId],
    );
  };
  const redeem = (customerId: string, cardNumber: string): Promise<Answer> =>
    post('/care-api/points/v1/redemption', { customerId, points: 100, channel: 'HALL', purpose: 'GOODS', cardNumber });
  /** How many wait for a table, or for a row. */
  const waiting = async (table: string | null): Promise<number> =>
    (
      await db.query(
        `SELECT FROM pg_locks WHERE NOT granted AND (relation = $1::regclass OR $1 IS NULL AND locktype IN ('transactionid', 'tuple'))
           AND (database IS NULL OR database = (SELECT oid FROM pg_database WHERE datname = current_database()))`,
        [table],
      )
    ).length;
  const balanceOf = async (customerId: string): Promise<number> =>
    (await served.call({ url: `/care-api/points/v1/account/${customerId}` })).body.available;

  it('[TIER-05] are issued with a number of their own, which nobody sees but who may', async () => {
    const customerId = await aCustomer();
    const { status, body, headers } = await post(CARDS, { customerId });
    expect(status).toBe(201);
    expect(headers['location']).toContain(`${CARDS}/${body.id}`);
    expect(body).toMatchObject({
      '@type': 'Card', customerId, tier: 'GOLD', status: 'issued', mayRedeem: false, issuedOn: '2026-02-10', validUntil: '2029-02-28',
    }); // prettier-ignore
    expect(body.maskedNumber).toMatch(/^\*{12}\d{4}$/);
    const number = await numberOf(body.id);
    expect(number).toMatch(/^9156\d{12}$/);
    expect(number.slice(-4)).toBe(body.maskedNumber.slice(-4));
    const [line] = await db.query(
      `SELECT action, customer_ids, object_id FROM organization.access_register ORDER BY occurred_at DESC LIMIT 1`,
    );
    expect(line).toEqual({ action: 'cards.unmask', customer_ids: [customerId], object_id: body.id });
  });

  it('[TIER-05] are for customers with a level, one for each', async () => {
    expect((await post(CARDS, { customerId: await aCustomer('ORDINARY') })).body).toMatchObject({
      code: 'cards.not-earned',
    });
    expect((await post(CARDS, { customerId: newId() })).status).toBe(404);
    const customerId = await aCustomer();
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(CARDS, { customerId })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
    expect(await statusesOf(customerId)).toEqual([{ status: 'issued', end_reason: null }]);
    await expect(
      db.query(
        `INSERT INTO tiering.card (customer_id, card_id, tier, status, issued_on, valid_until, issued_at)
         VALUES ($1, $2, 'GOLD', 'issued', '2026-01-01', '2029-01-31', '2026-01-01')`,
        [customerId, newId()],
      ),
    ).rejects.toThrow('one_open_card');
  });

  it('[TIER-05] cannot have a number that another has', async () => {
    const [one, other] = [await aCardOf(await aCustomer()), await aCardOf(await aCustomer())];
    await expect(
      db.query(
        `UPDATE tiering.card_directory SET number_index = (SELECT number_index FROM tiering.card_directory WHERE card_id = $1)
         WHERE card_id = $2`,
        [one, other],
      ),
    ).rejects.toThrow('card_directory_pkey');
  });

  it('[TIER-05] are activated once, however often that is told', async () => {
    const cardId = await anActiveCardOf(await aCustomer());
    const { status, body } = await post(`${CARDS}/${cardId}/activation`);
    expect([status, body.status, body.mayRedeem]).toEqual([200, 'active', true]);
    await post(`${CARDS}/${cardId}/lossReport`);
    expect((await post(`${CARDS}/${cardId}/activation`)).body).toMatchObject({
      code: 'cards.in-another-state',
      message: 'To activate a card it must be issued; this one is lost',
    });
  });

  it('[TIER-05] are replaced when lost, by another number, and the points stay the customer’s', async () => {
    const customerId = await aCustomer();
    const cardId = await anActiveCardOf(customerId);
    const lostNumber = await numberOf(cardId);
    await givePoints(customerId);
    expect((await redeem(customerId, lostNumber)).status).toBe(201);
    const before = await balanceOf(customerId);

    expect((await post(`${CARDS}/${cardId}/lossReport`, { reason: '客户挂失' })).body).toMatchObject({
      status: 'lost',
    });
    expect((await redeem(customerId, lostNumber)).body).toMatchObject({
      code: 'cards.cannot-redeem',
      message: 'Points are redeemed with an active card; this one is lost',
    });

    const replaced = await post(`${CARDS}/${cardId}/replacement`, {}, 'replace-1');
    const again = await post(`${CARDS}/${cardId}/replacement`, {}, 'replace-1');
    expect([replaced.status, again.body.id]).toEqual([201, replaced.body.id]);
    expect(replaced.body).toMatchObject({ customerId, status: 'issued', replaces: cardId });
    expect((await served.call({ url: `${CARDS}/${cardId}` })).body.status).toBe('replaced');
    const number = await numberOf(replaced.body.id);
    expect(number).not.toBe(lostNumber);
    expect((await redeem(customerId, number)).body).toMatchObject({ message: expect.stringContaining('is issued') });
    await post(`${CARDS}/${replaced.body.id}/activation`);
    expect((await redeem(customerId, lostNumber)).body).toMatchObject({ code: 'cards.cannot-redeem' });
    expect(await balanceOf(customerId)).toBe(before);
    expect((await redeem(customerId, number)).status).toBe(201);
    expect(await balanceOf(customerId)).toBe(before - 100);
    const [journal] = await db.query(
      `SELECT metadata ->> 'cardId' AS card FROM points.journal WHERE customer_id = $1 ORDER BY account_version DESC LIMIT 1`,
      [customerId],
    );
    expect(journal).toEqual({ card: replaced.body.id });
  });

  it('[TIER-05] redeem the points of nobody but their customer', async () => {
    const [customerId, thief] = [await aCustomer(), await aCustomer()];
    const number = await numberOf(await anActiveCardOf(customerId));
    await givePoints(thief);
    const refused = await redeem(thief, number);
    expect([refused.status, refused.body.code]).toEqual([422, 'cards.of-somebody-else']);
    expect((await redeem(thief, cardNumberOf(1))).body.code).toBe('cards.of-somebody-else');
    expect((await redeem(thief, '9156000000000004')).body.code).toBe('cards.invalid-number');
    expect(await balanceOf(thief)).toBe(5000);
  });

  it('[TIER-05] redeem nothing any more once their loss was answered, whatever races with it', async () => {
    const customerId = await aCustomer();
    const cardId = await anActiveCardOf(customerId);
    const number = await numberOf(cardId);
    await givePoints(customerId);
    const redeeming = Array.from({ length: 12 }, () => redeem(customerId, number));
    const atTheReport = post(`${CARDS}/${cardId}/lossReport`).then(() => balanceOf(customerId));
    const answers = await Promise.all(redeeming);
    expect(answers.every(({ status }) => [201, 422].includes(status))).toBe(true);
    expect(await balanceOf(customerId)).toBe(await atTheReport);
  });

  it('[TIER-05] are not reported lost in the middle of a redemption, but after it', async () => {
    const customerId = await aCustomer();
    const cardId = await anActiveCardOf(customerId);
    const number = await numberOf(cardId);
    await givePoints(customerId);
    const order: string[] = [];
    const told = (name: string, answer: Promise<Answer>): Promise<number> =>
      answer.then(({ status }) => {
        order.push(name);
        return status;
      });
    const blocker = new pg.Client({ connectionString: db.url });
    await blocker.connect();
    try {
      // The card has been looked at; the journal cannot be written yet.
      await blocker.query('BEGIN; LOCK TABLE points.journal IN EXCLUSIVE MODE');
      const redeemed = told('redeemed', redeem(customerId, number));
      await eventually(async () => (await waiting('points.journal')) === 1);
      const lost = told('lost', post(`${CARDS}/${cardId}/lossReport`));
      await eventually(async () => (await waiting(null)) > 0 || order.length > 0);
      const meanwhile = [...order];
      await blocker.query('COMMIT');
      expect(await Promise.all([redeemed, lost])).toEqual([201, 200]);
      expect(meanwhile).toEqual([]);
    } finally {
      await blocker.end();
    }
  });

  it('[TIER-05] are found by number and by stripe, of which only a keyed digest is kept', async () => {
    const customerId = await aCustomer();
    const cardId = await aCardOf(customerId);
    const number = await numberOf(cardId);
    const track = `${number}=290212178254063991`;
    expect((await post(`${CARDS}/search`, { track })).status).toBe(404);
    expect((await post(`${CARDS}/${cardId}/activation`, { track: `;${track}?` })).status).toBe(200);
    for (const key of [{ track }, { track: `;${track}?` }, { cardNumber: number }]) {
      const { status, body } = await post(`${CARDS}/search`, key);
      expect([status, body.id, body.customerId, body.mayRedeem]).toEqual([200, cardId, customerId, true]);
    }
    for (const wrong of [{}, { cardNumber: number, track }, { track: `${track}&` }, { cardNumber: `${number}0` }]) {
      const { status, text } = await post(`${CARDS}/search`, wrong);
      expect(status).toBe(400);
      expect(text).not.toContain(number);
    }
    const stranger = await aCardOf(await aCustomer());
    const { status, body } = await post(`${CARDS}/${stranger}/activation`, { track });
    expect([status, body.code]).toEqual([409, 'cards.track-of-another-card']);
    expect((await served.call({ url: `${CARDS}/${stranger}` })).body.status).toBe('issued');

    const needles = new Needles();
    needles.addText('the stripe', track);
    needles.addText('the number', number);
    const tables = await db.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    expect(tables.length).toBeGreaterThan(50);
    for (const { name } of tables) {
      const rows = await db.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      expect([name, needles.inText(rows.map(({ row }) => row).join('\n'))]).toEqual([name, []]);
    }
  });

  it('[TIER-05] expire after their last day: at once, and on paper with the next run, once', async () => {
    const [early, late] = [await aCustomer(), await aCustomer()];
    const [cardId] = [await anActiveCardOf(early), await anActiveCardOf(late)];
    await db.query(`UPDATE tiering.card SET valid_until = '2026-02-09' WHERE customer_id = $1`, [early]);
    await db.query(`UPDATE tiering.card SET valid_until = '2026-02-10' WHERE customer_id = $1`, [late]);
    expect((await served.call({ url: `${CARDS}/${cardId}` })).body).toMatchObject({
      status: 'expired',
      mayRedeem: false,
    });
    await givePoints(early);
    expect((await redeem(early, await numberOf(cardId))).body).toMatchObject({
      message: expect.stringContaining('is expired'),
    });

    const expire = async (key: string) =>
      (await carryOutRun(await db.dataSource(), new ExpireCards({ now: () => now }), { key, asOf: '2026-02-10' }))
        .counts;
    expect(await expire('first')).toEqual({ expired: 1 });
    expect(await statusesOf(early)).toEqual([{ status: 'expired', end_reason: null }]);
    expect(await statusesOf(late)).toEqual([{ status: 'active', end_reason: null }]);
    expect(await expire('second')).toEqual({});
    expect((await post(CARDS, { customerId: early })).status).toBe(201);
  });

  it('[TIER-05] end when their customer leaves, however often that is told, and are forgotten with the customer', async () => {
    const [leaver, other] = [await aCustomer(), await aCustomer()];
    const cardId = await anActiveCardOf(leaver);
    const number = await numberOf(cardId);
    await anActiveCardOf(other);
    const transaction = new Transaction(await db.dataSource());
    const event = <P extends object>(payload: P) => ({
      ...{ eventId: newId(), name: 'any', customerId: leaver, payload, occurredAt: now, recordedAt: now },
    });
    const departed = event({ customerId: leaver, closedOn: '2026-02-09' });
    const listener = new EndMembershipWhenCustomerDeparts(new TestClock(now));
    for (const events of [[departed, departed], [departed]])
      await transaction.run((tx) => listener.handleAll(tx, events));
    expect(await statusesOf(leaver)).toEqual([{ status: 'ended', end_reason: 'departed' }]);
    expect(await statusesOf(other)).toEqual([{ status: 'active', end_reason: null }]);

    await transaction.run((tx) => new ForgetCardsWhenCustomerIsErased().handleAll(tx, [event({ customerId: leaver })]));
    expect((await post(`${CARDS}/search`, { cardNumber: number })).status).toBe(404);
    expect(
      await db.query('SELECT number_sealed, last_four FROM tiering.card WHERE customer_id = $1', [leaver]),
    ).toEqual([{ number_sealed: null, last_four: null }]);
  });

  it('are listed by customer and state, and every look has its line', async () => {
    const customerId = await aCustomer();
    const cardId = await anActiveCardOf(customerId);
    const { body, headers } = await served.call({ url: `${CARDS}?customerId=${customerId}&status=active` });
    expect(body.map(({ id }: { id: string }) => id)).toEqual([cardId]);
    expect(headers['x-total-count']).toBe('1');
    const [line] = await db.query(
      `SELECT action, customer_ids FROM organization.access_register ORDER BY occurred_at DESC LIMIT 1`,
    );
    expect(line).toEqual({ action: 'cards.list', customer_ids: [customerId] });
  });
});
