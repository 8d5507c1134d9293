import type { DataSource } from 'typeorm';
import { CustomersModule } from '../../../src/modules/customers/index.js';
import { FollowLevelExceptions } from '../../../src/modules/tiering/application/follow-level-exceptions.run.js';
import { GradeGroups } from '../../../src/modules/tiering/application/grade-customers.run.js';
import { ReviewTiers } from '../../../src/modules/tiering/application/review-tiers.run.js';
import { EndExceptionsWhenCustomerDeparts } from '../../../src/modules/tiering/listeners/end-exceptions-when-customer-departs.listener.js';
import { TieringModule } from '../../../src/modules/tiering/index.js';
import { newId, Transaction } from '../../../src/platform/database/index.js';
import { EVERYBODY, NOBODY } from '../../../src/platform/identity/index.js';
import type { Outcome } from '../../../src/platform/queues/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { Answer } from '../../support/http.js';
import { eventually } from '../../support/eventually.js';
import { serveApprovals } from '../../support/serve-approvals.js';
import { keepCustomers, keepMonths, yearOf } from './facts.js';

const PATH = '/care-api/tiering/v1/levelException';

describe('[TIER-12] levels given by hand', () => {
  const clock = new TestClock();
  let db: TestDatabase;
  let source: DataSource;
  let served: Awaited<ReturnType<typeof serveApprovals>>;

  beforeAll(async () => {
    db = await createTestDatabase();
    source = await db.dataSource();
    served = await serveApprovals(source, {
      modules: [CustomersModule, TieringModule],
      approvals: ['tiering.level-exception'],
      people: { asker: EVERYBODY, approver: EVERYBODY, neighbour: { ...NOBODY, provinces: ['450000'] } },
      permissions: [
        'tiering.read',
        'exceptions.ask',
        'exceptions.approve',
        'organization.read',
        'organization.approve',
      ],
      clock,
    });
  });
  beforeEach(async () => {
    clock.set('2026-02-10T09:00:00+08:00');
    await db.query(
      'TRUNCATE tiering.tier_override, tiering.tier_assignment, tiering.tier_decision, tiering.tier_grace, tiering.pending_downgrade, tiering.review, platform.run, platform.run_slice, platform.outbox, organization.approval',
    );
  });
  afterAll(async () => {
    await served.app.close();
    await db.drop();
  });

  const call = (...request: Parameters<typeof served.call>): Promise<Answer> => served.call(...request);
  const ask = (customerId: string, changes: object = {}): Promise<Answer> =>
    call('asker', 'POST', PATH, {
      customerId, tier: 'GOLD', mode: 'at-least', category: 'government', validUntil: '2027-01-01', reason: '省政府办公厅', ...changes,
    }); // prettier-ignore
  const approve = (asked: Answer, login = 'approver'): Promise<Answer> =>
    call(login, 'POST', `${asked.body.approvalHref}/approve`, {});
  const give = async (customerId: string, changes: object = {}): Promise<string> => {
    const approved = await approve(await ask(customerId, changes));
    expect(approved).toMatchObject({ status: 200, body: { status: 'approved' } });
    return approved.body.result.levelException;
  };
  const review = (asOf: string, key = asOf) => carryOutRun(source, new ReviewTiers(clock), { key, asOf });
  const follow = (asOf: string) => carryOutRun(source, new FollowLevelExceptions(clock), { key: asOf, asOf });
  const tierOf = async (customerId: string): Promise<unknown> =>
    (await db.query('SELECT tier FROM tiering.current_tier WHERE customer_id = $1', [customerId]))[0]?.['tier'];
  /** Everybody was reviewed in February, by what was spent in 2025. */
  const aCustomer = async (spentFen = 0): Promise<string> => {
    const customerId = newId();
    await keepCustomers(db, [{ customerId, months: yearOf(2025, spentFen) }]);
    await review('2026-02-01', newId());
    return customerId;
  };

  it('give groups a class of groups and persons a card level, and not the other way round', async () => {
    const [groupId, person] = [await aCustomer(), await aCustomer()];
    await db.query(`UPDATE customers.customer SET kind = 'group' WHERE customer_id = $1`, [groupId]);
    const refused = [await ask(groupId), await ask(person, { program: 'GROUP', tier: 'A' })];
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      refused.map(() => [422, 'tiering.level-of-another-kind']),
    );
    await carryOutRun(source, new GradeGroups(clock), { key: newId(), asOf: '2026-02-01' });
    await give(groupId, { program: 'GROUP', tier: 'A' });
    const held = await db.query('SELECT program, tier FROM tiering.current_level WHERE customer_id = $1', [groupId]);
    expect(held).toEqual([{ program: 'GROUP', tier: 'A' }]);
  });

  it('are asked for by one and approved by another; then they hold at once, and it is written who and why', async () => {
    const customerId = await aCustomer();
    const asked = await ask(customerId);
    expect(asked).toMatchObject({ status: 202, body: { '@type': 'LevelExceptionProposal' } });
    expect(await approve(asked, 'asker')).toMatchObject({ status: 403, body: { code: 'approval.own-request' } });
    expect(await tierOf(customerId)).toBeUndefined();

    const approved = await approve(asked);
    expect(approved).toMatchObject({ status: 200, body: { status: 'approved' } });
    expect(await tierOf(customerId)).toBe('GOLD');
    const id = approved.body.result.levelException;
    const { body } = await call('asker', 'GET', `${PATH}/${id}`);
    expect(body).toMatchObject({
      id,
      customerId,
      program: 'GOTONE',
      tier: 'GOLD',
      mode: 'at-least',
      category: 'government',
      reason: '省政府办公厅',
      validFrom: '2026-02-10',
      validUntil: '2027-01-01',
      state: 'holding',
    });
    expect(body.askedBy).not.toBe(body.approvedBy);
    expect(
      await db.query(`SELECT outcome, cause FROM tiering.tier_decision WHERE customer_id = $1`, [customerId]),
    ).toEqual([{ outcome: 'entered', cause: { overrideId: id } }]);
    expect(
      await db.query(
        `SELECT payload ->> 'to' AS "to" FROM platform.outbox WHERE name = 'tiering.TierChanged' AND customer_id = $1`,
        [customerId],
      ),
    ).toEqual([{ to: 'GOLD' }]);
    expect(
      await db.query(
        `SELECT action, approval_id FROM organization.audit_entry WHERE object_type = 'LevelException' AND object_id = $1`,
        [id],
      ),
    ).toEqual([{ action: 'tiering.give-exception', approval_id: id }]);
  });

  it('survive every recompute until their end, and no longer', async () => {
    const customerId = await aCustomer();
    await give(customerId, { validUntil: '2026-05-01' });
    for (const day of ['2026-03-01', '2026-04-01']) {
      clock.set(`${day}T02:00:00+08:00`);
      expect(await review(day)).toMatchObject({ status: 'completed' });
      expect(await tierOf(customerId)).toBe('GOLD');
    }
    clock.set('2026-04-30T00:10:00+08:00');
    await follow('2026-04-30');
    expect(await tierOf(customerId)).toBe('GOLD');
    clock.set('2026-05-01T00:10:00+08:00');
    expect(await follow('2026-05-01')).toMatchObject({ status: 'completed', counts: { followed: 1 } });
    expect(await tierOf(customerId)).toBe('ORDINARY');
  });

  it('are a floor, or all that counts', async () => {
    const [rich, poor] = [await aCustomer(900_000), await aCustomer(200_000)];
    expect([await tierOf(rich), await tierOf(poor)]).toEqual(['DIAMOND', 'GOLD']);
    await give(rich, { mode: 'at-least', tier: 'GOLD' });
    expect(await tierOf(rich)).toBe('DIAMOND');
    await give(poor, { mode: 'exactly', tier: 'SILVER', category: 'contract' });
    expect(await tierOf(poor)).toBe('SILVER');
  });

  it('begin on their day when that is still to come', async () => {
    const customerId = await aCustomer();
    const id = await give(customerId, { validFrom: '2026-03-15', validUntil: '2026-09-01' });
    expect(await tierOf(customerId)).toBeUndefined();
    expect((await call('asker', 'GET', `${PATH}/${id}`)).body.state).toBe('coming');
    clock.set('2026-03-15T00:10:00+08:00');
    await follow('2026-03-15');
    expect(await tierOf(customerId)).toBe('GOLD');
  });

  it('hold also when a run decides about the customer at the same moment', async () => {
    const customerId = await aCustomer(140_000);
    expect(await tierOf(customerId)).toBe('SILVER');
    const asked = await ask(customerId);
    let approval: Promise<Answer> | undefined;
    await new Transaction(source).run(async (tx) => {
      await tx.execute(
        `UPDATE tiering.tier_assignment SET valid_until = '2026-02-10', end_reason = 'changed' WHERE customer_id = $1`,
        [customerId],
      );
      await tx.execute(
        `INSERT INTO tiering.tier_assignment (customer_id, decision_id, program, tier, valid_from)
         VALUES ($1, $2, 'GOTONE', 'HONOURED_GUEST', '2026-02-10')`,
        [customerId, newId()],
      );
      approval = approve(asked);
      await eventually(async () => {
        const [row] = await db.query<{ n: number }>(
          `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return row?.n === 1;
      });
    });
    expect(await approval).toMatchObject({ status: 200 });
    expect(await tierOf(customerId)).toBe('GOLD');
  });

  it('save the level of a customer whom a review has found to fall and has not lowered yet', async () => {
    const [saved, lost] = [await aCustomer(200_000), await aCustomer(200_000)];
    for (const customerId of [saved, lost]) await keepMonths(db, customerId, yearOf(2025, 0));
    class Interrupted extends ReviewTiers {
      override finish(): Promise<Outcome> {
        return Promise.reject(new Error('killed'));
      }
    }
    const key = newId();
    clock.set('2026-03-01T02:00:00+08:00');
    const interrupted = await carryOutRun(source, new Interrupted(clock), { key, asOf: '2026-03-01' });
    expect(interrupted.status).toBe('failed');
    await give(saved);
    expect(await review('2026-03-01', key)).toMatchObject({ status: 'completed' });
    expect([await tierOf(saved), await tierOf(lost)]).toEqual(['GOLD', 'ORDINARY']);
  });

  it('are ended before their time by one person, once, who says why', async () => {
    const customerId = await aCustomer();
    const id = await give(customerId);
    const end = (reason?: string) => call('asker', 'POST', `${PATH}/${id}/end`, { reason });
    expect((await end()).status).toBe(400);
    clock.set('2026-02-20T09:00:00+08:00');
    const answers = await Promise.all([end('合同终止'), end('合同终止'), end('合同终止')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(answers.find(({ status }) => status === 200)?.body).toMatchObject({
      id, state: 'over', validUntil: '2026-02-20', endedAt: '2026-02-20T01:00:00.000Z', endedBy: expect.any(String),
    }); // prettier-ignore
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'tiering.exception-over',
      detail: { validUntil: '2026-02-20' },
    });
    expect(await tierOf(customerId)).toBe('ORDINARY');
    // The time that is free again may be given anew.
    await give(customerId, { tier: 'SILVER' });
    expect(await tierOf(customerId)).toBe('SILVER');
  });

  it('ended before they began never held', async () => {
    const customerId = await aCustomer();
    const id = await give(customerId, { validFrom: '2026-03-15', validUntil: '2026-09-01' });
    expect((await call('asker', 'POST', `${PATH}/${id}/end`, { reason: '撤回' })).body).toMatchObject({
      state: 'over',
      validUntil: '2026-03-15',
    });
    clock.set('2026-03-15T00:10:00+08:00');
    expect(await follow('2026-03-15')).toMatchObject({ counts: {} });
    expect(await tierOf(customerId)).toBeUndefined();
    await give(customerId, { validFrom: '2026-03-15', validUntil: '2026-09-01' });
  });

  it('do not overlap: of two that are approved at the same moment one holds, the other is told the dates', async () => {
    const customerId = await aCustomer();
    const asked = [await ask(customerId), await ask(customerId, { tier: 'SILVER', validUntil: '2026-12-01' })];
    const answers = await Promise.all(asked.map((each) => approve(each)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [held] = await db.query<{ validUntil: string }>(
      `SELECT valid_until AS "validUntil" FROM tiering.tier_override WHERE customer_id = $1`,
      [customerId],
    );
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'tiering.exceptions-overlap',
      detail: { validFrom: '2026-02-10', validUntil: held?.validUntil },
    });
    expect((await ask(customerId)).status).toBe(409);
    const next = { validFrom: held?.validUntil, validUntil: '2027-06-01', tier: 'DIAMOND' };
    expect((await approve(await ask(customerId, next))).status).toBe(200);
  });

  it('are listed by category, level and end, those that end soon first, in the own province only', async () => {
    const [soon, later, over] = [await aCustomer(), await aCustomer(), await aCustomer()];
    await give(later, { category: 'media', tier: 'DIAMOND' });
    await give(soon, { category: 'army', validUntil: '2026-03-12' });
    const ended = await give(over, { category: 'army' });
    await call('asker', 'POST', `${PATH}/${ended}/end`, { reason: 'x' });
    const listed = async (query: string, login = 'approver'): Promise<string[]> =>
      (await call(login, 'GET', `${PATH}?${query}`)).body.map(({ customerId }: { customerId: string }) => customerId);
    expect(await listed('')).toEqual([over, soon, later]);
    expect(await listed('state=holding')).toEqual([soon, later]);
    expect(await listed('endsSoon=true')).toEqual([soon]);
    expect(await listed('category=army')).toEqual([over, soon]);
    expect(await listed('category=army,media&state=holding&tier=DIAMOND')).toEqual([later]);
    expect(await listed('validUntil.lt=2026-03-13&state=holding')).toEqual([soon]);
    expect(await listed('', 'neighbour')).toEqual([]);
    const lines = await db.query<{ customer_ids: readonly string[] }>(
      `SELECT customer_ids FROM organization.access_register WHERE action = 'tiering.read' AND cardinality(customer_ids) = 3`,
    );
    expect(lines.map((line) => [...line.customer_ids].sort())).toContainEqual([over, soon, later].sort());
  });

  it('are for nobody of another province, and for nobody who has left', async () => {
    const [customerId, gone] = [await aCustomer(), newId()];
    await keepCustomers(db, [{ customerId: gone, closedOn: '2026-01-05' }]);
    const id = await give(customerId);
    expect((await call('neighbour', 'GET', `${PATH}/${id}`)).status).toBe(404);
    expect((await call('neighbour', 'POST', `${PATH}/${id}/end`, { reason: 'x' })).status).toBe(404);
    const asked = {
      customerId,
      tier: 'GOLD',
      mode: 'exactly',
      category: 'party',
      validUntil: '2027-01-01',
      reason: 'x',
    };
    expect((await call('neighbour', 'POST', PATH, asked)).status).toBe(404);
    expect(await ask(gone)).toMatchObject({ status: 422, body: { code: 'tiering.exception-of-departed' } });
  });

  it('end with the stay of the customer, as do downgrades that were announced, however often that is told', async () => {
    const [holding, coming] = [await aCustomer(), await aCustomer()];
    await give(holding);
    await give(coming, { validFrom: '2026-06-01', validUntil: '2026-09-01' });
    await db.query(
      `INSERT INTO tiering.tier_grace (customer_id, program, decision_id, would_be, begun_on, ends_on)
       VALUES ($1, 'GOTONE', $2, 'SILVER', '2026-02-01', '2026-05-01')`,
      [holding, newId()],
    );
    const departures = [holding, coming].map((customerId) => ({
      eventId: newId(),
      name: 'customers.CustomerDeparted',
      customerId,
      payload: { customerId, closedOn: '2026-03-03' },
      occurredAt: clock.now(),
      recordedAt: clock.now(),
    }));
    const listener = new EndExceptionsWhenCustomerDeparts(clock);
    for (let nth = 0; nth < 2; nth += 1) {
      clock.pass(1);
      await new Transaction(source).run((tx) => listener.handleAll(tx, departures));
    }
    expect(
      await db.query(
        `SELECT customer_id, valid_until, ended_by, ended_at FROM tiering.tier_override ORDER BY valid_until`,
      ),
    ).toEqual([
      {
        customer_id: holding,
        valid_until: '2026-03-03',
        ended_by: 'departure',
        ended_at: new Date('2026-02-10T01:00:01Z'),
      },
      {
        customer_id: coming,
        valid_until: '2026-06-01',
        ended_by: 'departure',
        ended_at: new Date('2026-02-10T01:00:01Z'),
      },
    ]);
    expect(await db.query('SELECT FROM tiering.tier_grace')).toEqual([]);
  });

  it('need a reason, an end within 24 months and a level of the programme', async () => {
    const customerId = await aCustomer();
    const refused = async (changes: object) => {
      const { status, body } = await ask(customerId, changes);
      return [status, body.code];
    };
    expect(await refused({ reason: ' ' })).toEqual([400, expect.any(String)]);
    expect(await refused({ validUntil: undefined })).toEqual([400, 'request.invalid']);
    expect(await refused({ validUntil: '2028-02-11' })).toEqual([422, 'tiering.exception-too-long']);
    expect(await refused({ validFrom: '2026-02-09' })).toEqual([422, 'tiering.exception-in-the-past']);
    expect(await refused({ tier: 'COPPER' })).toEqual([422, 'tiering.exception-not-on-scale']);
    expect(await refused({ program: 'NONE' })).toEqual([422, 'tiering.exception-of-unknown-program']);
    expect(await refused({ category: 'friend' })).toEqual([400, 'request.invalid']);
  });
});
