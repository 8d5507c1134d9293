import type { DataSource } from 'typeorm';
import { FindPotential } from '../../../src/modules/tiering/application/find-potential.run.js';
import { LapsePotential } from '../../../src/modules/tiering/application/lapse-potential.run.js';
import { potential2026 } from '../../../src/modules/tiering/domain/potential-2026.js';
import type { Grant, RuleSetBody } from '../../../src/modules/tiering/domain/rule-set.js';
import { checksumOf } from '../../../src/modules/tiering/domain/rule-set-checksum.js';
import { TieringModule } from '../../../src/modules/tiering/index.js';
import { EndPotentialWhenCustomerDeparts } from '../../../src/modules/tiering/listeners/end-potential-when-customer-departs.listener.js';
import {
  findPotential,
  storeVerdict,
  trialEntitlementsOf,
} from '../../../src/modules/tiering/persistence/potential-customers.js';
import { rulesInEffect } from '../../../src/modules/tiering/persistence/rule-sets.js';
import { Database, newId, Transaction } from '../../../src/platform/database/index.js';
import type { Run } from '../../../src/platform/queues/index.js';
import { ActorDirectory, NOBODY, type KnownActor } from '../../../src/platform/identity/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { serveModules } from '../../support/serve-modules.js';
import { keepCustomers, keepMonths, keepTier, type AnyCustomer } from './facts.js';

const PATH = '/care-api/tiering/v1/potentialCustomer';
const AS_OF = '2026-02-01';
/** The smallest whole mean of three months that is 80% of a twelfth of 800 yuan, in fen. */
const ENOUGH = 5_334;

const EARLIER = ['2025-08-01', '2025-09-01', '2025-10-01'];
const LATELY = ['2025-11-01', '2025-12-01', '2026-01-01'];
const spending = (earlier: number, lately: number, who: Partial<AnyCustomer> = {}): AnyCustomer => ({
  customerId: newId(),
  ...who,
  months: [
    ...EARLIER.map((month) => ({ month, netSpendFen: earlier })),
    ...LATELY.map((month) => ({ month, netSpendFen: lately })),
  ],
});
const rising = (who: Partial<AnyCustomer> = {}): AnyCustomer => spending(ENOUGH - 1, ENOUGH, who);

describe('potential high-value customers', () => {
  const clock = new TestClock('2026-02-06T04:15:00+08:00');
  let db: TestDatabase;
  let source: DataSource;
  let close: (() => Promise<void>) | undefined;

  beforeEach(async () => {
    clock.set('2026-02-06T04:15:00+08:00');
    db = await createTestDatabase();
    source = await db.dataSource();
  });
  afterEach(async () => {
    await close?.();
    close = undefined;
    await db.drop();
  });

  const find = (asOf = AS_OF, key = asOf): Promise<Run> => carryOutRun(source, new FindPotential(clock), { key, asOf });
  const lapse = (asOf: string, key = asOf): Promise<Run> =>
    carryOutRun(source, new LapsePotential(clock), { key, asOf });
  const candidates = () =>
    db.query<Candidate>(
      `SELECT customer_id, candidate_id, level, status, found_on, last_found_on, lapses_on, rests_until, end_reason, decided_by
       FROM tiering.potential_customer ORDER BY found_on, customer_id`,
    );
  const events = (name: string) =>
    db.query<{ customer_id: string; payload: Record<string, unknown> }>(
      `SELECT customer_id, payload FROM platform.outbox WHERE name = $1 ORDER BY position`,
      [`tiering.${name}`],
    );
  const trials = (customerId: string, day: string) => trialEntitlementsOf(new Database(source), { customerId, day });
  const serve = async (permissions = ['tiering.read', 'tiering.confirm', 'customers.amounts']) => {
    await close?.();
    const served = await serveModules(db, { modules: [TieringModule], permissions, now: clock.now() });
    close = () => served.close();
    const answer = (verb: 'confirm' | 'reject', id: string, reason = 'as agreed') =>
      served.call({ method: 'POST', url: `${PATH}/${id}/${verb}`, payload: { reason } });
    return { ...served, answer };
  };
  /** So many others have come as far as a row that we hold. */
  const untilWaiting = async (others: number): Promise<void> => {
    for (let waiting = 0; waiting < others;) {
      const [row] = await db.query<{ n: number }>(
        `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      waiting = row?.n ?? 0;
    }
  };
  /** Rules that decide instead of the shipped ones. */
  const putInEffect = async (version: string, body: RuleSetBody): Promise<void> => {
    await db.query(
      `INSERT INTO tiering.rule_set (program, version, status, effective_from, body, checksum, author, approver, approved_at, created_at)
       VALUES ('POTENTIAL', $1, 'active', '2020-01-01', $2, $3, 'she', 'he', '2026-01-01', '2026-01-01')`,
      [version, JSON.stringify(body), checksumOf(body)],
    );
    await db.query(`UPDATE tiering.rule_set_period SET version = $1 WHERE program = 'POTENTIAL'`, [version]);
  };
  const granting = (...grants: readonly Grant[]): RuleSetBody => ({
    ...potential2026,
    levels: potential2026.levels.map((level) => (level.tier === 'LIKELY' ? { ...level, grants } : level)),
  });
  const aGrant = (code: string, value: number): Grant => ({ code, label: { en: code, zh: code }, unit: 'none', value });
  /** One customer who has been found. */
  const aCandidate = async (who: Partial<AnyCustomer> = {}): Promise<Candidate> => {
    const { customerId } = await keepOne(rising(who));
    await find(AS_OF, `for ${customerId}`);
    const found = (await candidates()).find(({ customer_id }) => customer_id === customerId);
    if (!found) throw new Error('not found');
    return found;
  };
  const keepOne = async (customer: AnyCustomer): Promise<AnyCustomer> => {
    await keepCustomers(db, [customer]);
    return customer;
  };

  describe('finding them', () => {
    it('[CUS-20] takes who spends 80% of what the next level asks, three months long and rising', async () => {
      const likely = await keepOne(rising());
      const strong = await keepOne(spending(100, 6_667));
      await keepCustomers(db, [
        spending(0, ENOUGH - 1),
        spending(ENOUGH, ENOUGH),
        spending(ENOUGH + 1, ENOUGH),
        rising({ closedOn: '2026-01-15' }),
        rising({ simKind: 'DATA' }),
      ]);
      const guest = await keepOne(rising());
      await keepTier(db, guest.customerId, 'HONOURED_GUEST');

      expect(await find()).toMatchObject({
        status: 'completed',
        ruleVersion: 'POTENTIAL-2026.1',
        counts: { found: 2, foundAgain: 0 },
        summary: { levels: { LIKELY: 1, STRONG: 1 } },
      });
      const found = await candidates();
      expect(new Map(found.map(({ customer_id, level }) => [customer_id, level]))).toEqual(
        new Map([
          [likely.customerId, 'LIKELY'],
          [strong.customerId, 'STRONG'],
        ]),
      );
      expect(found[0]).toMatchObject({
        status: 'candidate', found_on: '2026-02-01', last_found_on: '2026-02-01', lapses_on: '2026-03-08',
      }); // prettier-ignore
      const [why] = await db.query('SELECT inputs, reasons FROM tiering.potential_customer WHERE customer_id = $1', [
        likely.customerId,
      ]);
      expect(why).toEqual({
        inputs: { ARPU: ENOUGH, EARLIER_ARPU: ENOUGH - 1 },
        reasons: expect.arrayContaining([
          { kind: 'requirement', code: 'RISING', holds: true },
          expect.objectContaining({
            kind: 'route',
            code: 'PERCENT_OF_LEVEL',
            actual: 80,
            threshold: 80,
            tier: 'LIKELY',
          }),
        ]),
      });
    });

    it('[CUS-20] takes nobody who holds a level, also by rules that do not ask for it', async () => {
      const { requirements } = potential2026;
      await putInEffect('P-2', {
        ...potential2026,
        requirements: requirements.filter(({ code }) => code === 'RISING'),
      });
      const guest = await keepOne(rising());
      await keepTier(db, guest.customerId, 'SILVER');
      const nobody = await keepOne(rising());
      await keepTier(db, nobody.customerId, 'ORDINARY');
      expect((await find()).counts).toEqual({ found: 1, foundAgain: 0 });
      expect((await candidates()).map(({ customer_id }) => customer_id)).toEqual([nobody.customerId]);
    });

    it('[CUS-20] is one search per month, and one candidacy while nobody has answered', async () => {
      const { customerId } = await keepOne(rising());
      const first = await find();
      expect(await find()).toMatchObject({ runId: first.runId, checksum: first.checksum });
      expect((await find(AS_OF, 'again')).counts).toEqual({ found: 0, foundAgain: 1 });
      await keepMonths(db, customerId, [{ month: '2026-02-01', netSpendFen: 9_000 }]);
      clock.set('2026-03-06T04:15:00+08:00');
      expect((await find('2026-03-01')).counts).toEqual({ found: 0, foundAgain: 1 });
      const [only, ...others] = await candidates();
      expect(others).toEqual([]);
      expect(only).toMatchObject({ found_on: '2026-02-01', last_found_on: '2026-03-01', lapses_on: '2026-03-08' });
      expect(await events('PotentialCustomerFound')).toEqual([
        {
          customer_id: customerId,
          payload: {
            customerId, candidateId: only?.candidate_id, level: 'LIKELY', ruleSetVersion: 'POTENTIAL-2026.1',
            foundOn: '2026-02-01', lapsesOn: '2026-03-08',
          }, // prettier-ignore
        },
      ]);
      const due = new FindPotential(clock).schedule.due(clock.now());
      expect(due).toMatchObject({ key: 'monthly 2026-03-01', asOf: '2026-03-01' });
    });

    it('[CUS-20] finds nobody twice when searches race', async () => {
      await keepCustomers(
        db,
        Array.from({ length: 60 }, () => rising()),
      );
      const runs = await Promise.all(['a', 'b', 'c'].map((key) => find(AS_OF, key)));
      expect(runs.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
      expect(runs.reduce((sum, { counts }) => sum + (counts['found'] ?? 0), 0)).toBe(60);
      expect(new Set((await candidates()).map(({ customer_id }) => customer_id)).size).toBe(60);
      expect(await events('PotentialCustomerFound')).toHaveLength(60);
    });

    it('[CUS-20] finds nobody twice whom another search has just found', async () => {
      const { customerId } = await keepOne(rising());
      let second: Promise<Run> | undefined;
      const first = await new Transaction(source).run(async (tx) => {
        const { everywhere: ruleSet } = await rulesInEffect(tx, { program: 'POTENTIAL', asOf: AS_OF });
        const run = { runId: newId(), asOf: AS_OF };
        const slice = { from: '00000000-0000-0000-0000-000000000000', to: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };
        const counts = await findPotential(tx, { run, slice, ruleSet, today: '2026-02-06', at: clock.now() });
        second = find();
        await untilWaiting(1);
        return counts;
      });
      expect([first['found'], (await second)?.counts['found'], (await second)?.status]).toEqual([1, 0, 'completed']);
      expect((await candidates()).map(({ customer_id }) => customer_id)).toEqual([customerId]);
      expect(await events('PotentialCustomerFound')).toHaveLength(1);
    });

    it('[CUS-20] does not find anew whom a manager answers for in this moment', async () => {
      const { customer_id: customerId, candidate_id: candidateId } = await aCandidate();
      const said = { candidacy: { customerId, candidateId }, by: newId(), reason: 'no', at: clock.now() };
      let search: Promise<Run> | undefined;
      await new Transaction(source).run(async (tx) => {
        await storeVerdict(tx, { ...said, verdict: 'rejected', restsUntil: '2026-08-06' });
        search = find(AS_OF, 'meanwhile');
        await untilWaiting(1);
      });
      expect((await search)?.counts).toEqual({ found: 0, foundAgain: 0 });
      expect(await candidates()).toHaveLength(1);
    });

    it('waits for the bills of the month', async () => {
      await keepCustomers(db, [{ customerId: newId() }]);
      const run = await carryOutRun(source, new FindPotential(clock), {
        key: 'monthly',
        asOf: AS_OF,
        parameters: { onlyWithBillsOf: '2026-01-01' },
      });
      expect(run).toMatchObject({ status: 'failed', error: expect.stringContaining('month-not-loaded') });
    });
  });

  describe('answering', () => {
    it('[CUS-21] confirmed gives what the rules grant, on trial, until its day', async () => {
      await putInEffect(
        'P-2',
        granting(aGrant('TRIAL_MONTHS', 2), aGrant('PRIORITY_QUEUE', 1), aGrant('LOUNGE_VISITS', 3)),
      );
      const { customer_id: customerId, candidate_id: id } = await aCandidate();
      const { answer, staffId } = await serve();
      const SAID = 'a whole family, call 138****8000';
      const confirmed = await answer('confirm', id, 'a whole family, call 13800138000');
      expect(confirmed).toMatchObject({
        status: 200,
        body: { id, status: 'confirmed', decidedBy: staffId, reason: SAID, restsUntil: '2026-04-06' },
      });
      expect(confirmed.body.trial).toEqual([
        expect.objectContaining({ code: 'LOUNGE_VISITS', value: 3, validFrom: '2026-02-06', validUntil: '2026-04-06' }),
        expect.objectContaining({ code: 'PRIORITY_QUEUE', value: 1 }),
      ]);
      const codes = async (day: string) => (await trials(customerId, day)).map(({ code }) => code);
      expect(await codes('2026-02-05')).toEqual([]);
      expect(await codes('2026-02-06')).toEqual(['LOUNGE_VISITS', 'PRIORITY_QUEUE']);
      expect(await codes('2026-04-05')).toEqual(['LOUNGE_VISITS', 'PRIORITY_QUEUE']);
      expect(await codes('2026-04-06')).toEqual([]);
      expect(await events('PotentialCustomerConfirmed')).toEqual([
        {
          customer_id: customerId,
          payload: {
            customerId,
            candidateId: id,
            codes: ['PRIORITY_QUEUE', 'LOUNGE_VISITS'],
            validUntil: '2026-04-06',
          },
        },
      ]);

      expect(await answer('confirm', id, 'again')).toMatchObject({ status: 200, body: { reason: SAID } });
      expect(await answer('reject', id)).toMatchObject({ status: 409, body: { code: 'tiering.candidacy-over' } });
      expect(await events('PotentialCustomerConfirmed')).toHaveLength(1);
      // On trial nobody is a candidate.
      expect((await find(AS_OF, 'meanwhile')).counts).toEqual({ found: 0, foundAgain: 0 });
    });

    it('[CUS-21] gives three months of priority where the rules grant nothing', async () => {
      const { candidate_id: id } = await aCandidate();
      const { answer } = await serve();
      expect((await answer('confirm', id)).body.trial).toEqual([
        expect.objectContaining({ code: 'PRIORITY_QUEUE', validUntil: '2026-05-06' }),
      ]);
    });

    it.each([
      ['confirm', 'confirm', [200, 200]],
      ['confirm', 'reject', [200, 409]],
    ] as const)('[CUS-21] one of two managers wins who %s and %s at once', async (one, other, statuses) => {
      const { customer_id: customerId, candidate_id: id } = await aCandidate();
      const { answer } = await serve();
      let both: Promise<Awaited<ReturnType<typeof answer>>[]> | undefined;
      await new Transaction(source).run(async (tx) => {
        await tx.query('SELECT FROM customers.customer WHERE customer_id = $1 FOR UPDATE', [customerId]);
        both = Promise.all([answer(one, id, 'says one'), answer(other, id, 'says the other')]);
        // Both have read the candidate and wait for us.
        await untilWaiting(2);
      });
      const answers = (await both) ?? [];
      expect(answers.map(({ status }) => status).sort()).toEqual(statuses);
      const won = answers.filter(({ status }) => status === 200);
      expect(new Set(won.map(({ body }) => body.reason)).size).toBe(1);
      const [stored] = await candidates();
      expect(stored?.status).toBe(won[0]?.body.status);
      const told = [...(await events('PotentialCustomerConfirmed')), ...(await events('PotentialCustomerRejected'))];
      expect(told).toHaveLength(1);
      expect(await trials(customerId, '2026-02-06')).toHaveLength(stored?.status === 'confirmed' ? 1 : 0);
    });

    it('[CUS-21] rejected is not found again for six months', async () => {
      const { customer_id: customerId, candidate_id: id } = await aCandidate();
      const { answer } = await serve();
      expect(await answer('reject', id)).toMatchObject({
        status: 200,
        body: { status: 'rejected', restsUntil: '2026-08-06', trial: [] },
      });
      expect(await answer('reject', id)).toMatchObject({ status: 200 });
      for (const month of ['2026-02', '2026-03', '2026-04', '2026-05', '2026-06', '2026-07', '2026-08']) {
        const netSpendFen = 6_000 + 100 * Number(month.slice(5));
        await keepMonths(db, customerId, [{ month: `${month}-01`, netSpendFen }]);
      }
      expect((await find('2026-08-01')).counts).toEqual({ found: 0, foundAgain: 0 });
      expect((await find('2026-09-01')).counts).toEqual({ found: 1, foundAgain: 0 });
      expect(await events('PotentialCustomerRejected')).toHaveLength(1);
      expect((await candidates()).map(({ status }) => status)).toEqual(['rejected', 'candidate']);
    });

    it('[CUS-21] rests as long as the rules say', async () => {
      const movement = { ...potential2026.movement, coolDownMonths: 2 } as RuleSetBody['movement'];
      await putInEffect('P-2', { ...potential2026, ...(movement && { movement }) });
      const { candidate_id: id } = await aCandidate();
      const { answer } = await serve();
      expect((await answer('reject', id)).body.restsUntil).toBe('2026-04-06');
    });

    it('[CUS-21] needs a reason and a candidate', async () => {
      const { candidate_id: id } = await aCandidate();
      const { answer } = await serve();
      expect((await answer('confirm', id, '')).status).toBe(400);
      expect((await answer('confirm', newId())).status).toBe(404);
      expect((await answer('reject', 'nobody')).status).toBe(404);
      const { answer: readers } = await serve(['tiering.read']);
      expect((await readers('confirm', id)).status).toBe(403);
    });
  });

  describe('what ends by itself', () => {
    it('[CUS-21] lapses on its day and not on the eve, once', async () => {
      const { customer_id: customerId, candidate_id: id } = await aCandidate();
      expect((await lapse('2026-03-07')).counts).toEqual({});
      expect((await candidates())[0]?.status).toBe('candidate');
      expect((await lapse('2026-03-08')).counts).toEqual({ lapsed: 1, trialsEnded: 0 });
      await lapse('2026-03-08', 'again');
      await lapse('2026-03-09');
      expect((await candidates())[0]).toMatchObject({ status: 'lapsed', end_reason: 'unanswered', decided_by: null });
      expect(await events('PotentialCustomerLapsed')).toEqual([
        { customer_id: customerId, payload: { customerId, candidateId: id, cause: 'unanswered' } },
      ]);
      // Found again, it is another candidacy.
      expect((await find(AS_OF, 'later')).counts).toEqual({ found: 1, foundAgain: 0 });
    });

    it('[CUS-21] can be confirmed on the eve, and no more on the day, whether or not the night run was there', async () => {
      await putInEffect('P-2', granting(aGrant('LAPSE_DAYS', 10), aGrant('LOUNGE_VISITS', 1)));
      const [one, other] = [await aCandidate(), await aCandidate()];
      expect(one.lapses_on).toBe('2026-02-16');
      clock.set('2026-02-15T23:59:59+08:00');
      expect((await (await serve()).answer('confirm', one.candidate_id)).status).toBe(200);
      clock.set('2026-02-16T00:00:00+08:00');
      const { answer, call } = await serve();
      expect(await answer('confirm', other.candidate_id)).toMatchObject({
        status: 409,
        body: { code: 'tiering.candidacy-over' },
      });
      expect((await call({ url: `${PATH}?status=lapsed` })).body).toEqual([
        expect.objectContaining({ id: other.candidate_id, status: 'lapsed' }),
      ]);
    });

    it('[CUS-21] ends trials on their day, once', async () => {
      const { customer_id: customerId, candidate_id: id } = await aCandidate();
      await (await serve()).answer('confirm', id);
      expect((await lapse('2026-05-05')).counts).toEqual({});
      expect((await lapse('2026-05-06')).counts).toEqual({ lapsed: 0, trialsEnded: 1 });
      await lapse('2026-05-06', 'again');
      expect(await events('TrialEnded')).toEqual([
        {
          customer_id: customerId,
          payload: { customerId, candidateId: id, endedOn: '2026-05-06', cause: 'expired' },
        },
      ]);
      expect(await db.query('SELECT FROM tiering.current_trial_entitlement')).toEqual([]);
    });

    it('[CUS-21] ends with the stay of the customer, told once or twice', async () => {
      const [open, onTrial] = [await aCandidate(), await aCandidate()];
      const { answer } = await serve();
      await answer('confirm', onTrial.candidate_id);
      await db.query(
        `UPDATE customers.customer SET archive = 'retained', closed_on = '2026-02-20', status = 'terminated'`,
      );
      expect(await answer('confirm', open.candidate_id)).toMatchObject({
        status: 422,
        body: { code: 'tiering.candidate-has-left' },
      });
      const departed = [open, onTrial].map(({ customer_id: customerId }) => ({
        eventId: newId(), name: 'customers.CustomerDeparted', customerId, payload: { customerId, closedOn: '2026-02-20' },
        occurredAt: new Date(), recordedAt: new Date(),
      })); // prettier-ignore
      const listener = new EndPotentialWhenCustomerDeparts(clock);
      for (const told of [[...departed, ...departed], departed]) {
        await new Transaction(source).run((tx) => listener.handleAll(tx, told));
      }
      expect((await candidates()).map(({ status, end_reason }) => [status, end_reason]).sort()).toEqual([
        ['confirmed', null],
        ['lapsed', 'departed'],
      ]);
      expect(await trials(onTrial.customer_id, '2026-02-19')).toHaveLength(1);
      expect(await trials(onTrial.customer_id, '2026-02-20')).toEqual([]);
      expect((await events('PotentialCustomerLapsed')).map(({ payload }) => payload['cause'])).toEqual(['departed']);
      expect((await events('TrialEnded')).map(({ payload }) => payload['endedOn'])).toEqual(['2026-02-20']);
    });
  });

  describe('asking for them', () => {
    it('[CUS-20] lists by status, province, manager and day, with the reasons, and registers whose', async () => {
      const manager = newId();
      const [mine, other] = [await aCandidate(), await aCandidate({ region: '110000' })];
      await db.query('UPDATE customers.customer SET manager_id = $1 WHERE customer_id = $2', [
        manager,
        mine.customer_id,
      ]);
      const { call, answer } = await serve();
      await answer('reject', other.candidate_id);
      const ids = async (query: string) =>
        (await call({ url: `${PATH}?${query}` })).body.map(({ id }: { id: string }) => id);
      expect(await ids('status=candidate')).toEqual([mine.candidate_id]);
      expect(await ids('region=110000')).toEqual([other.candidate_id]);
      expect(await ids(`managerId=${manager}`)).toEqual([mine.candidate_id]);
      expect(await ids('foundOn.gte=2026-02-02')).toEqual([]);
      expect(await ids('sort=region')).toEqual([other.candidate_id, mine.candidate_id]);
      const { body } = await call({ url: `${PATH}/${mine.candidate_id}` });
      expect(body).toMatchObject({
        customerId: mine.customer_id,
        managerId: manager,
        levelName: { zh: '有潜力' },
        inputs: [
          { code: 'ARPU', value: ENOUGH },
          { code: 'EARLIER_ARPU', value: ENOUGH - 1 },
        ],
        trial: [],
      });
      expect(body.reasons).toContainEqual({
        kind: 'requirement', code: 'RISING', label: { en: 'spends more than in the three months before', zh: '消费上升' }, holds: true,
      }); // prettier-ignore
      const [line] = await db.query(`SELECT customer_ids FROM organization.access_register WHERE object_id = $1`, [
        mine.candidate_id,
      ]);
      expect(line).toEqual({ customer_ids: [mine.customer_id] });
    });

    it('[CUS-21] shows an account manager the own customers only, and lets nobody else answer for them', async () => {
      const [mine, other] = [await aCandidate(), await aCandidate()];
      const manager: KnownActor = {
        kind: 'staff', id: newId(), name: 'A manager', role: 'account-manager', unitId: newId(),
        permissions: ['tiering.read', 'tiering.confirm'], scope: { ...NOBODY },
      }; // prettier-ignore
      const own = { ...manager, scope: { ...NOBODY, managerId: manager.id } };
      await db.query('UPDATE customers.customer SET manager_id = $1 WHERE customer_id = $2', [
        manager.id,
        mine.customer_id,
      ]);
      const served = await serveModules(db, {
        modules: [TieringModule],
        permissions: [],
        now: clock.now(),
        ground: [{ provide: ActorDirectory, useValue: { actorOfApiKey: () => Promise.resolve(own) } }],
      });
      close = () => served.close();
      const post = (id: string, verb: string) =>
        served.call({ method: 'POST', url: `${PATH}/${id}/${verb}`, payload: { reason: 'known for years' } });
      expect((await served.call({ url: PATH })).body.map(({ id }: { id: string }) => id)).toEqual([mine.candidate_id]);
      expect((await served.call({ url: `${PATH}/precision?month=2026-02` })).body.total.found).toBe(1);
      expect((await served.call({ url: `${PATH}/${other.candidate_id}` })).status).toBe(404);
      for (const verb of ['confirm', 'reject']) {
        expect(await post(other.candidate_id, verb)).toMatchObject({
          status: 404,
          body: { code: 'tiering.potential-customer-not-found' },
        });
      }
      expect((await post(mine.candidate_id, 'confirm')).status).toBe(200);
    });

    it('[CUS-20] says not what a customer spends to who may not see it', async () => {
      const { candidate_id: id } = await aCandidate();
      const { call } = await serve(['tiering.read']);
      const { body } = await call({ url: `${PATH}/${id}` });
      expect(body.inputs.map(({ value }: { value: unknown }) => value)).toEqual([null, null]);
      expect(JSON.stringify(body)).not.toContain(String(ENOUGH));
    });
  });

  describe('how good the search was', () => {
    it('[CUS-20] tells after six months how many hold a level, by rule set and province; the counts add up', async () => {
      const [confirmed, rejected, lapsed, late] = [
        await aCandidate(),
        await aCandidate(),
        await aCandidate({ region: '110000' }),
        await aCandidate({ region: '110000' }),
      ];
      const { answer } = await serve();
      await answer('confirm', confirmed.candidate_id);
      await answer('reject', rejected.candidate_id);
      await lapse('2026-03-08');
      await putInEffect('P-2', potential2026);
      for (const { customer_id: customerId } of [lapsed, late]) {
        await keepMonths(
          db,
          customerId,
          LATELY.map((month) => ({ month, netSpendFen: 0 })),
        );
      }
      const open = await aCandidate();
      const level = (customerId: string, from: string, until: string) =>
        db.query(
          `INSERT INTO tiering.tier_assignment (customer_id, program, decision_id, tier, valid_from, valid_until, end_reason)
           VALUES ($1, 'GOTONE', $2, 'SILVER', $3, $4, CASE WHEN $4 < '9999-12-31'::date THEN 'changed' END)`,
          [customerId, newId(), from, until],
        );
      await level(confirmed.customer_id, '2026-07-06', '9999-12-31');
      await level(lapsed.customer_id, '2026-05-06', '2026-08-02');
      // Lost it before, got it after.
      await level(rejected.customer_id, '2026-05-06', '2026-08-01');
      await level(late.customer_id, '2026-08-02', '9999-12-31');
      await keepTier(db, open.customer_id, 'ORDINARY');

      clock.set('2026-07-31T12:00:00+08:00');
      const early = await (await serve(['tiering.read'])).call({ url: `${PATH}/precision?month=2026-02` });
      expect(early.body).toMatchObject({ isComplete: false, total: { found: 5, judged: 0, precisionPercent: null } });

      clock.set('2026-08-01T00:00:00+08:00');
      const { call } = await serve(['tiering.read']);
      const { status, body } = await call({ url: `${PATH}/precision?month=2026-02` });
      expect(status).toBe(200);
      const figures = (found: number, more: object) => ({
        found, confirmed: 0, rejected: 0, lapsed: 0, open: 0, judged: found, holdLevel: 0, confirmedHoldLevel: 0, ...more,
      }); // prettier-ignore
      expect(body.groups).toEqual([
        { ruleSetVersion: 'P-2', region: '440000', ...figures(1, { lapsed: 1, precisionPercent: 0 }) },
        {
          ruleSetVersion: 'POTENTIAL-2026.1',
          region: '110000',
          ...figures(2, { lapsed: 2, holdLevel: 1, precisionPercent: 50 }),
        },
        {
          ruleSetVersion: 'POTENTIAL-2026.1',
          region: '440000',
          ...figures(2, { confirmed: 1, rejected: 1, holdLevel: 1, confirmedHoldLevel: 1, precisionPercent: 50 }),
        },
      ]);
      expect(body).toMatchObject({
        month: '2026-02',
        isComplete: true,
        total: figures(5, {
          confirmed: 1,
          rejected: 1,
          lapsed: 3,
          holdLevel: 2,
          confirmedHoldLevel: 1,
          precisionPercent: 40,
        }),
      });
      expect((await call({ url: `${PATH}/precision?month=2026-03` })).body).toMatchObject({
        total: figures(0, { precisionPercent: null }),
        groups: [],
      });
      expect((await call({ url: `${PATH}/precision` })).status).toBe(400);
    });
  });
});

interface Candidate {
  readonly [column: string]: unknown;
  readonly customer_id: string;
  readonly candidate_id: string;
  readonly level: string;
  readonly status: string;
  readonly found_on: string;
  readonly last_found_on: string;
  readonly lapses_on: string;
  readonly rests_until: string | null;
  readonly end_reason: string | null;
  readonly decided_by: string | null;
}
