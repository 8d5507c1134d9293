import {
  LapseTransfers,
  TransferPointsUseCase,
} from '../../../src/modules/points/application/transfers/transfer-points.js';
import { PayeeRegister } from '../../../src/modules/points/application/transfers/payee-register.js';
import { ProvePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { checksOfTransfers } from '../../../src/modules/points/persistence/transfers/proof-checks-of-transfers.js';
import { PointsLedger } from '../../../src/modules/points/persistence/ledger/points-ledger.js';
import { SingleOperations } from '../../../src/modules/points/persistence/ledger/single-operations.js';
import { newId, Transaction } from '../../../src/platform/database/index.js';
import type { Actor } from '../../../src/platform/identity/index.js';
import type { Answer } from '../../support/http.js';
import { keepCustomers } from '../customers/facts.js';
import { POINTS, pointsOffice, type PointsOffice } from './points-office.js';

describe('[PTS-21] giving points to somebody else', () => {
  let office: PointsOffice;

  beforeAll(async () => {
    office = await pointsOffice({ connections: 40 });
  });
  beforeEach(() => office.clock.set('2026-01-05T10:00:00+08:00'));
  afterAll(async () => {
    await expectProven();
    await office.close();
  });

  const lapse = () =>
    new LapseTransfers(office.app.get(Transaction), office.app.get(SingleOperations), office.clock).execute();
  const expectProven = async (): Promise<void> => {
    const { checks } = await office.app.get(ProvePoints).execute();
    expect(checks.filter(({ violations }) => violations > 0)).toEqual([]);
    for (const { id, sql } of checksOfTransfers) expect([id, await office.db.query(sql)]).toEqual([id, []]);
  };
  const register = (customerId: string, payeeId: string, relation = 'FAMILY', by = 'clerk'): Promise<Answer> =>
    office.call(by, 'POST', `${POINTS}/account/${customerId}/payee`, { payeeId, relation });
  /** The payee may receive from the day on which the tests go on. */
  const registered = async (customerId: string, ...payeeIds: readonly string[]): Promise<void> => {
    const now = office.clock.now();
    office.clock.set('2025-12-01T10:00:00+08:00');
    for (const payeeId of payeeIds) expect(await register(customerId, payeeId)).toMatchObject({ status: 201 });
    office.clock.set(now.toISOString());
  };
  const give = (customerId: string, payeeId: string, points: number, by = 'clerk'): Promise<Answer> =>
    office.call(by, 'POST', `${POINTS}/transfer`, { customerId, payeeId, points, channel: 'APP' });
  const give_ = (customerId: string, payeeId: string, points: number, key?: string) =>
    office.app
      .get(TransferPointsUseCase)
      .execute({ customerId, payeeId, points, channel: 'APP', key }, office.actor('clerk'));
  const decide = (transferId: string, verb: 'approve' | 'reject', by = 'supervisor'): Promise<Answer> =>
    office
      .approvalOf(transferId)
      .then((id) =>
        office.call(by, 'POST', `/care-api/organization/v1/approval/${id}/${verb}`, { comment: 'looked at' }),
      );
  const statement = async (customerId: string, kind: string): Promise<object[]> =>
    office.db.query(
      `SELECT j.points, j.available_after, j.metadata ->> 'transferId' AS transfer, p.debit, p.credit, p.points AS moved, p.expires_on,
         p.points_type, p.funder_id
       FROM points.journal j JOIN points.posting p USING (customer_id, journal_id)
       WHERE j.customer_id = $1 AND j.kind::text = $2 ORDER BY j.account_version, p.line`,
      [customerId, kind],
    );
  const refusalsOf = (results: readonly PromiseSettledResult<unknown>[]): string[] =>
    results.flatMap((each) => (each.status === 'rejected' ? [(each.reason as { code: string }).code] : []));

  it('keeps class, last day and funder; promotion points go first, then what expires first; both statements agree', async () => {
    const payer = await office.customer();
    const payee = await office.customer();
    await office.award(payer, 3_000, { at: '2025-06-10T10:00:00+08:00' });
    await office.award(payer, 2_000, { at: '2025-12-10T10:00:00+08:00' });
    await office.award(payer, 500, { at: '2025-12-20T10:00:00+08:00', pointsType: 'PROMOTION', funderId: 'SPRING' });
    await registered(payer, payee);

    const { status, body } = await give(payer, payee, 1_200);
    expect(status).toBe(201);
    expect(body).toMatchObject({ customerId: payer, payeeId: payee, points: 1_200, valueInFen: 2_400, status: 'done' });
    const lots = [
      { moved: 500, expires_on: '2028-12-31', points_type: 'PROMOTION', funder_id: 'SPRING' },
      { moved: 700, expires_on: '2028-06-30', points_type: 'SPENDING', funder_id: 'OPERATOR' },
    ];
    const entry = { transfer: body.id };
    expect(await statement(payer, 'TRANSFER_OUT')).toEqual(
      lots.map((lot) => ({
        ...entry,
        ...lot,
        points: -1_200,
        available_after: 4_300,
        debit: 'CUST_AVAILABLE',
        credit: 'IN_TRANSIT',
      })),
    );
    expect(await statement(payee, 'TRANSFER_IN')).toEqual(
      lots.map((lot) => ({
        ...entry,
        ...lot,
        points: 1_200,
        available_after: 1_200,
        debit: 'IN_TRANSIT',
        credit: 'CUST_AVAILABLE',
      })),
    );
    const [left] = await office.db.query<{ metadata: object }>(
      `SELECT metadata FROM points.journal WHERE customer_id = $1 AND kind = 'TRANSFER_OUT'`,
      [payer],
    );
    expect(left?.metadata).toMatchObject({ promotionFirst: true });
    const told = await office.db.query(
      `SELECT customer_id, payload ->> 'points' AS points FROM platform.outbox WHERE name = $1`,
      ['points.PointsMoved'],
    );
    expect(told).toEqual(
      expect.arrayContaining([payer, payee].map((customer_id) => ({ customer_id, points: '1200' }))),
    );
    expect(await office.call('clerk', 'GET', body.href)).toMatchObject({ status: 200, body });
  });

  it('does not make the payee qualify for the plan: only what is earned does', async () => {
    const payer = await office.customer(10_000);
    const payee = await office.customer();
    await registered(payer, payee);
    await give(payer, payee, 9_000);
    expect((await office.call('clerk', 'GET', `${POINTS}/account/${payee}`)).body).toMatchObject({
      available: 9_000,
      qualifying: 0,
      canRedeem: false,
    });
  });

  it('repays first what the payee owes', async () => {
    const payer = await office.customer(5_000);
    const payee = await office.customer(1_000);
    await registered(payer, payee);
    const lot = { expiresOn: '2029-01-31', pointsType: 'SPENDING', funderId: 'OPERATOR' } as const;
    const now = office.clock.now();
    await office.app.get(Transaction).run(async (tx) => {
      const ledger = office.app.get(PointsLedger);
      const { account } = await ledger.lock(tx, { customerId: payee, idemKey: 'taken back', day: '2026-01-05' });
      await ledger.append(tx, account, {
        ...{ journalId: newId(), kind: 'ADJUSTMENT', idemKey: 'taken back', occurredAt: now, recordedAt: now },
        businessDate: '2026-01-05',
        postings: [
          { debit: 'CUST_AVAILABLE', credit: 'ADJUSTED', points: 1_000, lot },
          { debit: 'CUST_DEBT', credit: 'ADJUSTED', points: 300, lot },
        ],
      });
    });
    await give(payer, payee, 1_000);
    expect((await office.call('clerk', 'GET', `${POINTS}/account/${payee}`)).body).toMatchObject({
      available: 700,
      debt: 0,
    });
  });

  describe('the register of payees', () => {
    it('takes eight, however many register at once', async () => {
      const payer = await office.customer();
      const others = await Promise.all(Array.from({ length: 12 }, () => office.customer()));
      const answers = await Promise.all(others.map((payee) => register(payer, payee)));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(8);
      expect(new Set(answers.flatMap(({ body }) => body.code ?? []))).toEqual(new Set(['points.too-many-payees']));
      const { body } = await office.call('clerk', 'GET', `${POINTS}/account/${payer}/payee`);
      expect(body).toHaveLength(8);
      expect(await office.call('clerk', 'DELETE', body[0].href)).toMatchObject({ status: 204 });
      expect(await register(payer, await office.customer())).toMatchObject({ status: 201 });
    });

    it('lets a new or changed payee receive after 30 days', async () => {
      const payer = await office.customer(5_000);
      const payee = await office.customer();
      await office.oneParty(payer, payee);
      expect(await register(payer, payee, 'SAME_IDENTITY')).toMatchObject({
        status: 201,
        body: { id: payee, relation: 'SAME_IDENTITY', activeFrom: '2026-02-04T02:00:00.000Z' },
      });
      office.clock.set('2026-02-04T09:59:59+08:00');
      expect(await give(payer, payee, 100)).toMatchObject({ status: 422, body: { code: 'points.payee-not-active' } });
      const again = await register(payer, payee.toUpperCase(), 'SAME_IDENTITY');
      expect(again.body.activeFrom).toBe('2026-02-04T02:00:00.000Z');
      office.clock.set('2026-02-04T10:00:00+08:00');
      expect(await give(payer.toUpperCase(), payee.toUpperCase(), 100)).toMatchObject({ status: 201 });
      expect((await register(payer, payee, 'FAMILY')).body.activeFrom).toBe('2026-03-06T02:00:00.000Z');
      expect(await give(payer, payee, 100)).toMatchObject({ status: 422, body: { code: 'points.payee-not-active' } });
    });

    it('takes customers of the same province, of the same identity or family, and says of others nothing but that', async () => {
      const payer = await office.customer();
      const [elsewhere, stranger, gone, group] = [newId(), await office.customer(), newId(), newId()];
      await keepCustomers(office.db, [
        { customerId: elsewhere, region: '450000' },
        { customerId: gone, closedOn: '2025-10-10' },
        { customerId: group },
      ]);
      await office.makeGroup(group);
      const refused = await Promise.all([
        register(payer, elsewhere),
        register(payer, gone),
        register(payer, group),
        register(payer, payer),
        register(payer, newId()),
        register(payer, 'nobody'),
        register(payer, stranger, 'SAME_IDENTITY'),
      ]);
      expect(new Set(refused.map(({ status, body }) => `${status} ${body.code} ${body.reason}`)).size).toBe(1);
      expect(refused[0]).toMatchObject({ status: 422, body: { code: 'points.payee-not-possible' } });
      expect(await register(payer, stranger)).toMatchObject({ status: 201 });
    });

    it('takes family from the staff only, who has seen the documents', async () => {
      const [payer, payee] = [await office.customer(), await office.customer()];
      const himself: Actor = { ...office.actor('clerk'), kind: 'customer', id: payer };
      const asking = (relation: 'SAME_IDENTITY' | 'FAMILY') =>
        Promise.resolve().then(() =>
          office.app.get(PayeeRegister).register({ customerId: payer, payeeId: payee, relation }, himself),
        );
      await expect(asking('FAMILY')).rejects.toMatchObject({ code: 'points.family-needs-document' });
      await office.oneParty(payer, payee);
      await expect(asking('SAME_IDENTITY')).resolves.toMatchObject({ payeeId: payee });
    });
  });

  describe('the limits of a month', () => {
    it('hold for what is given, raced by 32 connections', async () => {
      const payer = await office.customer(60_000);
      const payees = await Promise.all(Array.from({ length: 4 }, () => office.customer()));
      await registered(payer, ...payees);
      const results = await Promise.allSettled(
        Array.from({ length: 32 }, (_, n) => give_(payer, payees[n % 4] ?? '', 1_000)),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
      expect(new Set(refusalsOf(results))).toEqual(new Set(['points.transfer-limit']));
      expect(await office.balanceOf(payer)).toMatchObject({ available: 40_000, held: 0 });
      await expect(give_(payer, payees[0] ?? '', 1)).rejects.toMatchObject({
        code: 'points.transfer-limit',
        facts: { limit: 20_000, given: 20_000, requested: 1 },
      });
      office.clock.set('2026-02-01T00:00:00+08:00');
      expect(await give(payer, payees[0] ?? '', 1)).toMatchObject({ status: 201 });
    });

    it('hold for what is received, raced by 32 connections, and the payer learns nothing of the payee', async () => {
      const payers = await Promise.all(Array.from({ length: 32 }, () => office.customer(4_000)));
      const payee = await office.customer();
      for (const payer of payers) await registered(payer, payee);
      const results = await Promise.allSettled(payers.map((payer) => give_(payer, payee, 1_000)));
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
      expect(new Set(refusalsOf(results))).toEqual(new Set(['points.payee-cannot-receive']));
      expect(await office.balanceOf(payee)).toMatchObject({ available: 20_000 });
      const one = payers.find((_, n) => results[n]?.status === 'rejected') ?? '';
      const { body } = await give(one, payee, 1_000);
      expect(Object.keys(body).sort()).toEqual(['@type', 'code', 'message', 'reason', 'referenceError', 'status']);
    });

    it('are not passed by what waits for review', async () => {
      const payer = await office.customer(60_000);
      const payee = await office.customer();
      await registered(payer, payee);
      expect((await give(payer, payee, 15_000)).body).toMatchObject({ status: 'held' });
      expect(await give(payer, payee, 5_001)).toMatchObject({ status: 422, body: { code: 'points.transfer-limit' } });
      expect((await give(payer, payee, 5_000)).body).toMatchObject({ status: 'done' });
    });
  });

  it('goes both ways at once without waiting for each other for ever', async () => {
    const [one, other] = [await office.customer(9_000), await office.customer(9_000)];
    await registered(one, other);
    await registered(other, one);
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? give_(one, other, 10) : give_(other, one, 10))),
    );
    expect(refusalsOf(results)).toEqual([]);
    expect([await office.balanceOf(one), await office.balanceOf(other)]).toMatchObject([
      { available: 9_000 },
      { available: 9_000 },
    ]);
  });

  it('happens once, however often the same request comes, and not for another one under its key', async () => {
    const payer = await office.customer(9_000);
    const payee = await office.customer();
    await registered(payer, payee);
    const same = await Promise.all(Array.from({ length: 16 }, () => give_(payer, payee, 700, 'once')));
    expect(new Set(same.map(({ transferId }) => transferId)).size).toBe(1);
    expect(await office.balanceOf(payer)).toMatchObject({ available: 8_300 });
    await expect(give_(payer, payee, 701, 'once')).rejects.toMatchObject({ code: 'points.key-reused' });
    await office.call('clerk', 'DELETE', `${POINTS}/account/${payer}/payee/${payee}`);
    await expect(give_(payer, payee, 700, 'once')).resolves.toMatchObject({ transferId: same[0]?.transferId });
  });

  it.each([
    ['without points', 0, 'points.below-threshold', async () => undefined],
    ['beyond the points', 4_000, 'points.insufficient', async () => undefined],
    [
      'while the number is suspended',
      9_000,
      'points.account-frozen',
      (id: string) => office.setStatus(id, 'suspended'),
    ],
    ['of a group', 9_000, 'points.key-person-needed', (id: string) => office.makeGroup(id)],
  ] as const)('is refused %s', async (_, points, code, change) => {
    const payer = await office.customer(points);
    const payee = await office.customer();
    await registered(payer, payee);
    await change(payer);
    expect((await give(payer, payee, 5_000)).body).toMatchObject({ code });
  });

  it('[AUD-02] reaches a payee whom neither the payer nor the hall sees, and shows nothing of him', async () => {
    const [payer, payee] = [await office.customer(9_000), await office.customer()];
    await office.db.query(`UPDATE customers.customer SET branch_code = '440100' WHERE customer_id = $1`, [payer]);
    const now = office.clock.now();
    office.clock.set('2025-12-01T10:00:00+08:00');
    expect(await register(payer, payee, 'FAMILY', 'hall')).toMatchObject({ status: 201 });
    office.clock.set(now.toISOString());
    expect(await office.call('hall', 'GET', `${POINTS}/account/${payee}`)).toMatchObject({ status: 404 });
    const { status, body } = await give(payer, payee, 500, 'hall');
    expect([status, body.status]).toEqual([201, 'done']);
    expect(await office.call('hall', 'GET', body.href)).toMatchObject({ status: 200, body });
    expect((await office.call('hall', 'GET', `${POINTS}/account/${payer}/payee`)).body).toMatchObject([{ id: payee }]);
    expect(await office.call('hall', 'DELETE', `${POINTS}/account/${payer}/payee/${payee}`)).toMatchObject({
      status: 204,
    });
    expect(await give(payee, payer, 1, 'hall')).toMatchObject({ status: 404 });
    expect(await office.balanceOf(payee)).toMatchObject({ available: 500 });
  });

  it('is refused to who is no payee, has left, or has moved to another province', async () => {
    const payer = await office.customer(9_000);
    const [nobody, gone, moved] = [await office.customer(), await office.customer(), await office.customer()];
    await registered(payer, gone, moved);
    await office.db.query(
      `UPDATE customers.customer SET archive = 'retained', status = 'terminated', closed_on = '2026-01-02' WHERE customer_id = $1`,
      [gone],
    );
    await office.db.query(`UPDATE customers.customer SET region = '450000' WHERE customer_id = $1`, [moved]);
    expect((await give(payer, nobody, 10)).body.code).toBe('points.payee-not-registered');
    expect((await give(payer, gone, 10)).body.code).toBe('points.payee-cannot-receive');
    expect((await give(payer, moved, 10)).body.code).toBe('points.payee-cannot-receive');
    expect(await office.balanceOf(payer)).toMatchObject({ available: 9_000 });
  });

  describe('what a second person looks at first', () => {
    const held = async (points = 12_000) => {
      const payer = await office.customer();
      const payee = await office.customer();
      await office.award(payer, 20_000, { at: '2025-06-10T10:00:00+08:00' });
      await office.award(payer, 600, { at: '2025-12-20T10:00:00+08:00', pointsType: 'PROMOTION', funderId: 'SPRING' });
      await registered(payer, payee);
      const { status, body } = await give(payer, payee, points);
      expect(status).toBe(201);
      return { payer, payee, body, transferId: body.id as string };
    };

    it('is held, and goes over when it is approved, promotion points first', async () => {
      const { payer, payee, body, transferId } = await held();
      expect(body).toMatchObject({ status: 'held' });
      expect(await office.balanceOf(payer)).toMatchObject({ available: 8_600, held: 12_000 });
      expect(await office.balanceOf(payee)).toMatchObject({ available: 0 });
      expect(await decide(transferId, 'approve', 'clerk')).toMatchObject({ status: 403 });
      expect(await decide(transferId, 'approve')).toMatchObject({ status: 200 });
      expect(await office.balanceOf(payer)).toMatchObject({ available: 8_600, held: 0 });
      expect(await office.balanceOf(payee)).toMatchObject({ available: 12_000 });
      expect(await statement(payee, 'TRANSFER_IN')).toMatchObject([
        { moved: 600, points_type: 'PROMOTION', expires_on: '2028-12-31' },
        { moved: 11_400, points_type: 'SPENDING', expires_on: '2028-06-30' },
      ]);
      expect((await office.call('clerk', 'GET', body.href)).body).toMatchObject({ status: 'done' });
    });

    it('returns to its lots when it is refused', async () => {
      const { payer, payee, body, transferId } = await held();
      expect(await decide(transferId, 'reject')).toMatchObject({ status: 200 });
      expect(await office.balanceOf(payer)).toMatchObject({ available: 20_600, held: 0 });
      expect(await office.balanceOf(payee)).toMatchObject({ available: 0 });
      expect((await office.call('clerk', 'GET', body.href)).body).toMatchObject({ status: 'refused' });
    });

    it('returns when nobody decides in time, once', async () => {
      const { payer, body } = await held();
      office.clock.set('2026-01-08T09:59:59+08:00');
      await lapse();
      expect(await office.balanceOf(payer)).toMatchObject({ held: 12_000 });
      office.clock.set('2026-01-08T10:00:01+08:00');
      await Promise.all(Array.from({ length: 4 }, lapse));
      expect(await office.balanceOf(payer)).toMatchObject({ available: 20_600, held: 0 });
      expect((await office.call('clerk', 'GET', body.href)).body).toMatchObject({ status: 'lapsed' });
    });

    it('is decided once, when it is approved and refused at the same moment', async () => {
      const { payer, payee, transferId } = await held();
      office.clock.set('2026-01-08T09:59:59+08:00');
      const decided = decide(transferId, 'approve');
      const refused = decide(transferId, 'reject', 'auditor');
      await Promise.all([decided, refused]);
      const [from, to] = [await office.balanceOf(payer), await office.balanceOf(payee)];
      expect(from.held).toBe(0);
      expect(from.available + to.available).toBe(20_600);
      expect([0, 12_000]).toContain(to.available);
    });

    it('is not carried out when its points are gone meanwhile, and can still be refused', async () => {
      const { payer, payee, transferId } = await held();
      const [transfer] = await office.db.query<{ hold_id: string }>(
        'SELECT hold_id FROM points.transfer WHERE transfer_id = $1',
        [transferId],
      );
      const now = office.clock.now();
      await office.app.get(SingleOperations).release(office.app.get(Transaction), {
        ...{ customerId: payer, journalId: newId(), idemKey: 'from elsewhere', requestHash: 'x', as: 'VOIDED' },
        ...{ holdId: transfer?.hold_id ?? '', occurredAt: now, recordedAt: now, businessDate: '2026-01-05' },
      });
      expect(await decide(transferId, 'approve')).toMatchObject({ status: 409, body: { code: 'points.hold-ended' } });
      expect(await decide(transferId, 'reject')).toMatchObject({ status: 200 });
      expect(await office.balanceOf(payer)).toMatchObject({ available: 20_600, held: 0 });
      expect(await office.balanceOf(payee)).toMatchObject({ available: 0 });
    });

    it('is also what somebody watches, on either side, and neither is told why', async () => {
      for (const side of ['payer', 'payee'] as const) {
        const parties = { payer: await office.customer(9_000), payee: await office.customer() };
        await registered(parties.payer, parties.payee);
        const watch = `${POINTS}/account/${parties[side]}/transferWatch`;
        expect(await office.call('supervisor', 'PUT', watch, { reasonCode: 'FRAUD_SUSPECTED' })).toMatchObject({
          status: 204,
        });
        const { body, text } = await give(parties.payer, parties.payee, 10);
        expect(body).toMatchObject({ status: 'held' });
        expect(text).not.toMatch(/FRAUD|watch/i);
        await office.call('supervisor', 'DELETE', watch);
        expect((await give(parties.payer, parties.payee, 11)).body).toMatchObject({ status: 'done' });
      }
    });

    it('is what goes to an account that somebody has frozen', async () => {
      const [payer, payee] = [await office.customer(9_000), await office.customer(1)];
      await registered(payer, payee);
      await office.db.query(`UPDATE points.point_account SET frozen_reason = 'DISPUTE' WHERE customer_id = $1`, [
        payee,
      ]);
      const { body, text } = await give(payer, payee, 10);
      expect(body).toMatchObject({ status: 'held' });
      expect(text).not.toMatch(/frozen|DISPUTE/i);
    });

    it('is approved by nobody who does not see both, and refused by whoever sees the payer', async () => {
      const { payer, payee, transferId } = await held();
      await office.db.query(`UPDATE customers.customer SET branch_code = '440100' WHERE customer_id = $1`, [payer]);
      expect(await decide(transferId, 'approve', 'head')).toMatchObject({
        body: { code: 'points.payee-cannot-receive' },
      });
      expect(await decide(transferId, 'reject', 'head')).toMatchObject({ status: 200 });
      expect(await office.balanceOf(payer)).toMatchObject({ available: 20_600, held: 0 });
      expect(await office.balanceOf(payee)).toMatchObject({ available: 0 });
    });

    it('is approved by nobody who does not see the payer', async () => {
      const { transferId } = await held();
      expect(await decide(transferId, 'approve', 'neighbour')).toMatchObject({ status: 404 });
    });
  });

  it('[PTS-01] is proven: each leg that is not what the other is, is found', async () => {
    const payer = await office.customer(9_000);
    const payee = await office.customer();
    await registered(payer, payee);
    const { body } = await give(payer, payee, 800);
    const found = async (tamper: string, undo: string): Promise<string[]> => {
      await office.db.query(tamper);
      const broken: string[] = [];
      for (const { id, sql } of checksOfTransfers) if ((await office.db.query(sql)).length > 0) broken.push(id);
      await office.db.query(undo);
      return broken;
    };
    const incoming = `customer_id = '${payee}' AND debit = 'IN_TRANSIT'`;
    const done = `transfer_id = '${body.id}'`;
    expect(
      await found(
        `UPDATE points.posting SET expires_on = '2099-12-31' WHERE ${incoming}`,
        `UPDATE points.posting SET expires_on = '2029-01-31' WHERE ${incoming}`,
      ),
    ).toEqual(['I14']);
    expect(
      await found(
        `UPDATE points.posting SET points_type = 'GIFT' WHERE ${incoming}`,
        `UPDATE points.posting SET points_type = 'SPENDING' WHERE ${incoming}`,
      ),
    ).toEqual(['I14']);
    expect(
      await found(
        `UPDATE points.transfer SET points = 801 WHERE ${done}`,
        `UPDATE points.transfer SET points = 800 WHERE ${done}`,
      ),
    ).toEqual(['I14-points']);
    expect(
      await found(
        `UPDATE points.transfer SET points = 20001 WHERE ${done}`,
        `UPDATE points.transfer SET points = 800 WHERE ${done}`,
      ),
    ).toEqual(['I14-points', 'I14-month']);
    await office.award(payer, 11_000);
    const { body: waiting } = await give(payer, payee, 10_001);
    expect(
      await found(
        `UPDATE points.transfer SET status = 'REFUSED', ended_at = now() WHERE transfer_id = '${waiting.id}'`,
        `UPDATE points.transfer SET status = 'HELD', ended_at = NULL WHERE transfer_id = '${waiting.id}'`,
      ),
    ).toEqual(['I7-transfer']);
  });
});
