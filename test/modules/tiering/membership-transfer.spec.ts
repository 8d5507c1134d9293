import type { DataSource } from 'typeorm';
import { CustomersModule } from '../../../src/modules/customers/index.js';
import { PointsModule } from '../../../src/modules/points/index.js';
import { FollowLevelExceptions } from '../../../src/modules/tiering/application/follow-level-exceptions.run.js';
import { ReviewTiers } from '../../../src/modules/tiering/application/review-tiers.run.js';
import { TransferMemberships } from '../../../src/modules/tiering/application/transfer-memberships.run.js';
import { TieringModule } from '../../../src/modules/tiering/index.js';
import { newId, Transaction } from '../../../src/platform/database/index.js';
import { EVERYBODY, NOBODY } from '../../../src/platform/identity/index.js';
import type { Run } from '../../../src/platform/queues/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { Answer } from '../../support/http.js';
import { serveApprovals } from '../../support/serve-approvals.js';
import { keepCustomers, keepTier, yearOf, type AnyCustomer } from './facts.js';

const PERMISSIONS = [
  ...['tiering.read', 'membership.manage', 'membership.transfer', 'membership.approve', 'exceptions.ask'],
  ...['organization.read', 'organization.approve', 'points.read'],
];
const API = '/care-api/tiering/v1';
const TRANSFERS = `${API}/membershipTransfer`;
const GOLD = 200_000;
const SILVER = 130_000;

describe('[TIER-07] the transfer of a membership', () => {
  const clock = new TestClock();
  let db: TestDatabase;
  let source: DataSource;
  let served: Awaited<ReturnType<typeof serveApprovals>>;

  beforeAll(async () => {
    db = await createTestDatabase();
    source = await db.dataSource();
    served = await serveApprovals(source, {
      modules: [CustomersModule, TieringModule, PointsModule],
      approvals: ['membership.transfer'],
      people: { clerk: EVERYBODY, supervisor: EVERYBODY, neighbour: { ...NOBODY, provinces: ['450000'] } },
      permissions: PERMISSIONS,
      clock,
    });
  });
  beforeEach(async () => {
    clock.set('2026-02-10T09:00:00+08:00');
    await db.query(
      `TRUNCATE tiering.tier_override, tiering.tier_assignment, tiering.tier_decision, tiering.tier_grace, tiering.review,
         tiering.membership_transfer, tiering.card, tiering.card_directory, platform.run, platform.run_slice, platform.outbox,
         organization.approval`,
    );
  });
  afterAll(async () => {
    await served.app.close();
    await db.drop();
  });

  const call = (...request: Parameters<typeof served.call>): Promise<Answer> => served.call(...request);
  const review = (asOf: string) => carryOutRun(source, new ReviewTiers(clock), { key: asOf, asOf });
  const carryOut = (asOf: string, key = asOf) =>
    carryOutRun(source, served.app.get(TransferMemberships), { key, asOf });
  /** Everybody is reviewed in February, by what was spent in 2025. */
  const customersWith = async (...spends: readonly (number | (Partial<AnyCustomer> & { spentFen: number }))[]) => {
    const customers = spends.map((each) => (typeof each === 'number' ? { spentFen: each } : each));
    const kept = customers.map(({ spentFen, ...more }) => ({
      ...{ customerId: newId(), months: yearOf(2025, spentFen) },
      ...more,
    }));
    await keepCustomers(db, kept);
    await review('2026-02-01');
    return kept.map(({ customerId }) => customerId) as [string, string, ...string[]];
  };
  const verified = async (
    customerId: string,
    by = 'clerk',
    until = clock.now().getTime() + 900_000,
  ): Promise<string> => {
    const verificationId = newId();
    await db.query(
      `INSERT INTO customers.caller_verification VALUES ($1, $2, 'staff', $3, 'ONE_TIME_CODE', true, $4, $5)`,
      [customerId, verificationId, served.idOf(by), clock.now(), new Date(until)],
    );
    return verificationId;
  };
  const ask = async (from: string, to: string, changes: object = {}): Promise<Answer> =>
    call('clerk', 'POST', TRANSFERS, {
      ...{ fromCustomerId: from, toCustomerId: to, reason: '夫妻间转移会员身份' },
      ...{ fromVerificationId: await verified(from), toVerificationId: await verified(to) },
      ...changes,
    });
  const decide = (asked: Answer, verb: 'approve' | 'reject', by = 'supervisor'): Promise<Answer> =>
    call(by, 'POST', `/care-api/organization/v1/approval/${asked.body.approvalId}/${verb}`, { comment: 'looked at' });
  const approved = async (from: string, to: string, changes: object = {}): Promise<string> => {
    const asked = await ask(from, to, changes);
    expect(await decide(asked, 'approve')).toMatchObject({ status: 200 });
    return asked.body.id;
  };
  const transfer = async (id: string): Promise<Answer['body']> =>
    (await call('clerk', 'GET', `${TRANSFERS}/${id}`)).body;
  const withdraw = (id: string): Promise<Answer> => call('clerk', 'POST', `${TRANSFERS}/${id}/withdrawal`, {});
  const tiersOf = async (...ids: readonly string[]): Promise<unknown[]> => {
    const rows = await db.query<{ customer_id: string; tier: string }>(
      'SELECT customer_id, tier FROM tiering.current_tier',
    );
    return ids.map((id) => rows.find((row) => row.customer_id === id)?.tier ?? 'ORDINARY');
  };
  const cardsOf = (customerId: string): Promise<object[]> =>
    db.query('SELECT tier, status, end_reason FROM tiering.card WHERE customer_id = $1 ORDER BY card_id', [customerId]);
  const issueCard = (customerId: string): Promise<Answer> => call('clerk', 'POST', `${API}/card`, { customerId });

  it('takes level and card from one customer to the other at once, after the cooling-off; points stay', async () => {
    const [giver, receiver] = await customersWith(GOLD, SILVER);
    expect(await tiersOf(giver, receiver)).toEqual(['GOLD', 'SILVER']);
    for (const each of [giver, receiver]) {
      await issueCard(each);
      await db.query('INSERT INTO points.point_account (customer_id, available, version) VALUES ($1, 700, 1)', [each]);
    }
    const asked = await ask(giver, receiver);
    expect(asked).toMatchObject({
      status: 201,
      body: {
        fromCustomerId: giver,
        toCustomerId: receiver,
        tier: 'GOLD',
        status: 'asked',
        askedBy: served.idOf('clerk'),
      },
    });
    expect(await decide(asked, 'approve')).toMatchObject({
      status: 200,
      body: { result: { carriesOutOn: '2026-02-17' } },
    });

    expect((await carryOut('2026-02-16')).counts).toEqual({});
    expect(await tiersOf(giver, receiver)).toEqual(['GOLD', 'SILVER']);
    clock.set('2026-02-17T00:20:00+08:00');
    expect((await carryOut('2026-02-17')).counts).toEqual({ completed: 1, failed: 0 });

    expect(await tiersOf(giver, receiver)).toEqual(['ORDINARY', 'GOLD']);
    expect(await cardsOf(giver)).toEqual([{ tier: 'GOLD', status: 'ended', end_reason: 'transferred' }]);
    expect(await cardsOf(receiver)).toEqual([
      { tier: 'SILVER', status: 'replaced', end_reason: null },
      { tier: 'GOLD', status: 'issued', end_reason: null },
    ]);
    for (const each of [giver, receiver]) {
      expect((await call('clerk', 'GET', `/care-api/points/v1/account/${each}`)).body.available).toBe(700);
    }
    expect(await transfer(asked.body.id)).toMatchObject({ status: 'completed', approvedBy: served.idOf('supervisor') });
    const events = await db.query(
      `SELECT name, payload ->> 'from' AS "from", payload ->> 'to' AS "to" FROM platform.outbox
       WHERE recorded_at = $1 ORDER BY name, payload ->> 'from'`,
      [clock.now()],
    );
    expect(events).toEqual([
      { name: 'tiering.MembershipTransferred', from: null, to: null },
      { name: 'tiering.TierChanged', from: 'GOLD', to: 'ORDINARY' },
      { name: 'tiering.TierChanged', from: 'SILVER', to: 'GOLD' },
    ]);
  });

  it('is on record with both: who asked, approved, looked, and what came of it', async () => {
    const [giver, receiver] = await customersWith(GOLD, SILVER);
    const id = await approved(giver, receiver);
    clock.set('2026-02-17T00:20:00+08:00');
    // As a worker does, whose transactions write down what they change.
    const run = { asOf: '2026-02-17' } as Run;
    const everybody = {
      sliceNo: 1,
      from: '00000000-0000-0000-0000-000000000000',
      to: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
    };
    const carrying = served.app.get(TransferMemberships);
    await served.app.get(Transaction).run((tx) => carrying.slice(tx, run, everybody));
    for (const customerId of [giver, receiver]) {
      const written = await db.query<{ action: string }>(
        `SELECT action FROM organization.audit_entry WHERE customer_id = $1 AND object_id = $2 ORDER BY entry_id`,
        [customerId, id],
      );
      expect(written.map(({ action }) => action)).toEqual(['transfers.ask', 'transfers.approve', 'transfers.complete']);
    }
    const looks = await db.query(
      `SELECT action, actor_id, customer_ids FROM organization.access_register WHERE action = 'transfers.ask' AND $1 = ANY(customer_ids)`,
      [giver],
    );
    expect(looks).toEqual([
      { action: 'transfers.ask', actor_id: served.idOf('clerk'), customer_ids: [giver, receiver] },
    ]);
  });

  it('holds until the next review, whatever the runs until then find; then figures decide again', async () => {
    const [giver, receiver] = await customersWith(GOLD, SILVER);
    await approved(giver, receiver);
    clock.set('2026-02-17T00:20:00+08:00');
    await carryOut('2026-02-17');
    await review('2026-03-06');
    expect(await tiersOf(giver, receiver)).toEqual(['ORDINARY', 'GOLD']);
    const again = await ask(receiver, giver);
    expect(again.body).toMatchObject({ code: 'transfers.level-by-hand' });
    clock.set('2027-02-01T00:10:00+08:00');
    for (const customerId of [giver, receiver]) {
      await db.query(`UPDATE usage.customer_month SET month = month + interval '1 year' WHERE customer_id = $1`, [
        customerId,
      ]);
    }
    await carryOutRun(source, new FollowLevelExceptions(clock), { key: '2027-02-01', asOf: '2027-02-01' });
    await review('2027-02-01');
    expect(await tiersOf(giver, receiver)).toEqual(['GOLD', 'SILVER']);
  });

  it('[TIER-12] is among the levels given by hand, in a category that nobody may ask for', async () => {
    const [giver, receiver] = await customersWith(GOLD, SILVER);
    await approved(giver, receiver);
    clock.set('2026-02-17T00:20:00+08:00');
    await carryOut('2026-02-17');
    const EXCEPTIONS = `${API}/levelException`;
    const { body } = await call('clerk', 'GET', `${EXCEPTIONS}?category=transfer&sort=tier`);
    expect(body).toMatchObject([
      { customerId: receiver, tier: 'GOLD', mode: 'at-least', category: 'transfer' },
      { customerId: giver, tier: 'ORDINARY', mode: 'exactly', category: 'transfer' },
    ]);
    const ended = await call('clerk', 'POST', `${EXCEPTIONS}/${body[1].id}/end`, { reason: '会员身份已退回' });
    expect(ended).toMatchObject({ status: 200, body: { category: 'transfer', state: 'over' } });
    const refused = await call('clerk', 'POST', EXCEPTIONS, {
      ...{ customerId: giver, tier: 'GOLD', mode: 'exactly', category: 'transfer' },
      ...{ validUntil: '2027-01-01', reason: 'x' },
    });
    expect(refused).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });

  it('needs both of them verified, minutes ago, by whoever asks', async () => {
    const [giver, receiver] = await customersWith(GOLD, SILVER);
    const cases: readonly [object, number, string][] = [
      [{ fromVerificationId: newId() }, 403, 'customers.caller-not-verified'],
      [{ fromVerificationId: await verified(receiver) }, 403, 'customers.caller-not-verified'],
      [{ toVerificationId: await verified(giver) }, 403, 'customers.caller-not-verified'],
      [{ toVerificationId: await verified(receiver, 'supervisor') }, 403, 'customers.caller-not-verified'],
      [{ toVerificationId: await verified(receiver, 'clerk', 0) }, 403, 'customers.caller-not-verified'],
      [{ toVerificationId: undefined }, 400, 'transfers.verification-missing'],
    ];
    for (const [changes, status, code] of cases) {
      const { body, ...answer } = await ask(giver, receiver, changes);
      expect([answer.status, body.code]).toEqual([status, code]);
    }
    expect(await db.query('SELECT FROM tiering.membership_transfer')).toEqual([]);
  });

  it('is refused with what stands in its way', async () => {
    const [gold, silver, nameless] = await customersWith(GOLD, SILVER, { spentFen: 0, realName: false });
    const cases: readonly [string, string, string][] = [
      [silver, gold, 'transfers.receiver-stands-as-high'],
      [gold, nameless ?? '', 'transfers.real-name-needed'],
      [gold, gold, 'transfers.to-nobody-else'],
      [gold, newId(), 'customers.not-found'],
    ];
    for (const [from, to, code] of cases) {
      expect((await ask(from, to)).body.code).toBe(code);
    }
  });

  it('is approved by somebody else, or rejected, or lapses; then it may be asked for anew', async () => {
    const [giver, receiver] = await customersWith(GOLD, SILVER);
    const first = await ask(giver, receiver);
    expect((await decide(first, 'approve', 'clerk')).body.code).toBe('approval.own-request');
    expect((await ask(giver, receiver)).body).toMatchObject({
      code: 'transfers.under-way',
      message: expect.any(String),
    });
    await decide(first, 'reject');
    expect(await transfer(first.body.id)).toMatchObject({ status: 'rejected' });
    const second = await ask(giver, receiver);
    clock.set('2026-02-13T09:00:00+08:00');
    expect(await transfer(second.body.id)).toMatchObject({ status: 'lapsed' });
    expect((await ask(giver, receiver)).status).toBe(201);
    expect(await transfer(second.body.id)).toMatchObject({ status: 'lapsed', closedAt: expect.any(String) });
  });

  it('may be withdrawn until its day, and then nothing happens', async () => {
    const [giver, receiver] = await customersWith(GOLD, SILVER);
    const id = await approved(giver, receiver);
    expect((await withdraw(id)).body).toMatchObject({ status: 'withdrawn' });
    expect((await withdraw(id)).status).toBe(200);
    clock.set('2026-02-17T00:20:00+08:00');
    expect((await carryOut('2026-02-17')).counts).toEqual({});
    expect(await tiersOf(giver, receiver)).toEqual(['GOLD', 'SILVER']);
    const waiting = await ask(giver, receiver);
    await withdraw(waiting.body.id);
    expect((await decide(waiting, 'approve')).body.code).toBe('transfers.closed');
  });

  it('of one giver is asked for once, when several ask at the same moment', async () => {
    const [giver, ...receivers] = await customersWith(GOLD, SILVER, SILVER, SILVER, SILVER);
    const answers = await Promise.all(receivers.map((receiver) => ask(giver, receiver)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(
      answers.filter(({ status }) => status === 409).every(({ body }) => body.code === 'transfers.under-way'),
    ).toBe(true);
    await expect(
      db.query(
        `INSERT INTO tiering.membership_transfer SELECT (jsonb_populate_record(t, jsonb_build_object('transfer_id', $1::text))).*
         FROM tiering.membership_transfer t`,
        [newId()],
      ),
    ).rejects.toThrow('one_open_transfer');
  });

  it('happens once or not at all, when runs and a withdrawal meet', async () => {
    const pairs = [];
    for (let nth = 0; nth < 6; nth++) pairs.push([newId(), newId()] as const);
    await customersWith(
      ...pairs.flatMap(([giver, receiver]) => [
        { customerId: giver, spentFen: GOLD },
        { customerId: receiver, spentFen: SILVER },
      ]),
    );
    const ids = [];
    for (const [giver, receiver] of pairs) ids.push(await approved(giver, receiver));
    clock.set('2026-02-17T00:20:00+08:00');
    await Promise.all([
      ...['one', 'two', 'three'].map((key) => carryOut('2026-02-17', key)),
      ...ids.slice(0, 3).map((id) => withdraw(id)),
    ]);
    for (const [nth, [giver, receiver]] of pairs.entries()) {
      const { status } = await transfer(ids[nth] ?? '');
      expect(nth < 3 ? ['completed', 'withdrawn'] : ['completed']).toContain(status);
      const isDone = status === 'completed';
      expect(await tiersOf(giver, receiver)).toEqual(isDone ? ['ORDINARY', 'GOLD'] : ['GOLD', 'SILVER']);
      expect(await cardsOf(receiver)).toHaveLength(isDone ? 1 : 0);
    }
    const told = await db.query<{ id: string }>(
      `SELECT payload ->> 'transferId' AS id FROM platform.outbox WHERE name = 'tiering.MembershipTransferred'`,
    );
    expect(told.length).toBe(new Set(told.map(({ id }) => id)).size);
    expect((await carryOut('2026-02-17', 'once more')).counts).toEqual({});
  });

  it('fails, and leaves both as they were, when something stands in its way on its day', async () => {
    const [giver, other, receiver = ''] = await customersWith(GOLD, GOLD, SILVER);
    await issueCard(giver);
    const [first, second] = [await approved(giver, receiver), await approved(other, receiver)];
    await db.query(
      `UPDATE customers.customer SET archive = 'retained', status = 'terminated', closed_on = '2026-02-15' WHERE customer_id = $1`,
      [giver],
    );
    clock.set('2026-02-17T00:20:00+08:00');
    expect((await carryOut('2026-02-17')).counts).toEqual({ completed: 1, failed: 1 });
    expect(await transfer(first)).toMatchObject({ status: 'failed', failure: 'transfers.party-has-left' });
    expect(await transfer(second)).toMatchObject({ status: 'completed' });
    expect(await tiersOf(other, receiver)).toEqual(['ORDINARY', 'GOLD']);
    expect(await cardsOf(giver)).toEqual([{ tier: 'GOLD', status: 'issued', end_reason: null }]);
  });

  it('to a receiver whom another has made a member meanwhile fails', async () => {
    const [giver, other, receiver = ''] = await customersWith(GOLD, GOLD, SILVER);
    await approved(giver, receiver);
    await approved(other, receiver);
    clock.set('2026-02-17T00:20:00+08:00');
    expect((await carryOut('2026-02-17')).counts).toEqual({ completed: 1, failed: 1 });
    expect((await tiersOf(giver, other, receiver)).sort()).toEqual(['GOLD', 'GOLD', 'ORDINARY']);
    expect(await db.query(`SELECT failure FROM tiering.membership_transfer WHERE status = 'failed'`)).toEqual([
      { failure: 'transfers.level-by-hand' },
    ]);
  });

  it('fails as a whole when the level would leave the giver or come to the receiver alone', async () => {
    const [giver, receiver] = [newId(), newId()];
    await keepCustomers(db, [{ customerId: giver }, { customerId: receiver }]);
    await keepTier(db, giver, 'GOLD');
    await issueCard(giver);
    const id = await approved(giver, receiver);
    clock.set('2026-02-17T00:20:00+08:00');
    // Without a review there are no rules by which levels could follow.
    expect((await carryOut('2026-02-17')).counts).toEqual({ completed: 0, failed: 1 });
    expect(await transfer(id)).toMatchObject({ status: 'failed', failure: 'transfers.levels-do-not-follow' });
    expect(await tiersOf(giver, receiver)).toEqual(['GOLD', 'ORDINARY']);
    expect(await cardsOf(giver)).toEqual([{ tier: 'GOLD', status: 'issued', end_reason: null }]);
    expect(await cardsOf(receiver)).toEqual([]);
    expect(await db.query('SELECT FROM tiering.tier_override')).toEqual([]);
    expect(await db.query(`SELECT FROM platform.outbox WHERE name LIKE 'tiering.%'`)).toEqual([]);
  });

  it('goes from one number of a customer to another: the level stays, the card is another', async () => {
    const [customer] = await customersWith(GOLD, SILVER);
    const second = newId();
    await db.query(
      `INSERT INTO customers.subscription (customer_id, subscription_id, party_id, account_no, msisdn_index, msisdn_sealed, status,
         status_at, activated_on, brand, region, package_fee_fen, sim_kind, real_name, record_version, precedence, updated_at)
       VALUES ($1, $2, $1, 'A-2', '\\x02', '\\x02', 'active', $3, '2024-01-01', 'GOTONE', '440000', 0, 'SECONDARY', true, 1, '\\x01', $3)`,
      [customer, second, clock.now()],
    );
    await issueCard(customer);
    const refused = await ask(customer, customer, { toSubscriptionId: newId() });
    expect(refused.body.code).toBe('transfers.no-such-subscription');
    await approved(customer, customer, { toSubscriptionId: second, toVerificationId: undefined });
    clock.set('2026-02-17T00:20:00+08:00');
    expect((await carryOut('2026-02-17')).counts).toEqual({ completed: 1, failed: 0 });
    expect(await tiersOf(customer)).toEqual(['GOLD']);
    expect(await cardsOf(customer)).toMatchObject([{ status: 'replaced' }, { status: 'issued' }]);
    expect(await db.query(`SELECT subscription_id FROM tiering.card WHERE status = 'issued'`)).toEqual([
      { subscription_id: second },
    ]);
    expect(await db.query('SELECT FROM tiering.tier_override')).toEqual([]);
  });

  it('is seen and asked for by those who see both', async () => {
    const [giver, receiver] = await customersWith({ spentFen: GOLD, region: '450000' }, SILVER);
    const id = await approved(giver, receiver);
    expect((await call('neighbour', 'GET', `${TRANSFERS}/${id}`)).status).toBe(404);
    expect((await call('neighbour', 'GET', `${TRANSFERS}?fromCustomerId=${giver}`)).body).toEqual([]);
    await withdraw(id);
    const payload = {
      ...{ fromCustomerId: giver, toCustomerId: receiver, reason: 'x' },
      fromVerificationId: await verified(giver, 'neighbour'),
      toVerificationId: await verified(receiver, 'neighbour'),
    };
    expect((await call('neighbour', 'POST', TRANSFERS, payload)).body.code).toBe('customers.not-found');
    expect((await call('clerk', 'GET', `${TRANSFERS}?fromCustomerId=${giver}`)).body).toMatchObject([{ id }]);
  });
});
