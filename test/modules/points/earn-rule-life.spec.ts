import { CustomersModule } from '../../../src/modules/customers/index.js';
import { ruleSetInForce } from '../../../src/modules/points/persistence/earning/earn-rule-sets.js';

import { EVERYBODY, NOBODY } from '../../../src/platform/identity/index.js';
import { serveApprovals } from '../../support/serve-approvals.js';
import { CampaignsAlone } from './campaigns-world.js';
import { pointsWorld } from './points-world.js';

const PATH = '/care-api/points/v1/earnRuleDraft';
const RULES = {
  fenPerPoint: 100,
  rounding: 'CEIL',
  factorPercent: { ORDINARY: 100, HONOURED_GUEST: 100, SILVER: 150, GOLD: 180, PLATINUM: 190, DIAMOND: 200 },
  expiry: 'LOT_36_MONTHS',
  joinAbove: 3500,
};

describe('the life of earn rules', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  let served: Awaited<ReturnType<typeof serveApprovals>>;

  beforeAll(async () => {
    world = await pointsWorld();
    served = await serveApprovals(world.source, {
      modules: [CustomersModule, CampaignsAlone],
      approvals: ['points.earn-rules'],
      people: {
        author: EVERYBODY,
        approver: EVERYBODY,
        colleague: EVERYBODY,
        neighbour: { ...NOBODY, provinces: ['450000'] },
      },
      permissions: ['points.read', 'points.author', 'points.approve', 'organization.read', 'organization.approve'],
      clock: world.clock,
    });
  });
  beforeEach(async () => {
    world.clock.set('2026-02-01T10:00:00+08:00');
    await world.db.query('DELETE FROM points.earn_rule_set WHERE version > 1');
    await world.db.query(`UPDATE points.earn_rule_set SET effective_to = 'infinity'`);
    await world.db.query('TRUNCATE points.earn_rule_draft, organization.approval');
  });
  afterAll(async () => {
    await served.app.close();
    await world.db.drop();
  });

  const draft = (effectiveFrom: string, rules: object = {}, login = 'author') =>
    served.call(login, 'POST', PATH, { effectiveFrom, rules: { ...RULES, ...rules } });
  const propose = (href: string, login = 'author') =>
    served.call(login, 'POST', `${href}/proposal`, { reason: 'Plan of the year' });
  const approve = (approvalHref: string, login = 'approver') =>
    served.call(login, 'POST', `${approvalHref}/approve`, {});
  const putInForce = async (effectiveFrom: string, rules: object = {}) => {
    const { body } = await draft(effectiveFrom, rules);
    return approve((await propose(body.href)).body.approvalHref);
  };
  const ranges = () =>
    world.db.query('SELECT version, effective_from, effective_to FROM points.earn_rule_set ORDER BY effective_from');

  it('[PTS-02] begins as a draft that decides nothing, and is in force from its month on when somebody else has approved it', async () => {
    const made = await draft('2026-04-01', { fenPerPoint: 50 });
    expect(made).toMatchObject({ status: 201, body: { state: 'draft', author: served.idOf('author') } });
    expect((await ruleSetInForce(world.database, '2026-04-01')).version).toBe(1);
    const proposed = await propose(made.body.href);
    expect(proposed).toMatchObject({ status: 202 });
    expect(await approve(proposed.body.approvalHref, 'author')).toMatchObject({
      status: 403,
      body: { code: 'approval.own-request' },
    });
    expect(await approve(proposed.body.approvalHref, 'neighbour')).toMatchObject({
      status: 404,
      body: { code: 'approval.not-found' },
    });
    expect(await ranges()).toHaveLength(1);

    expect(await approve(proposed.body.approvalHref)).toMatchObject({ status: 200, body: { result: { version: 2 } } });
    expect(await ranges()).toEqual([
      { version: 1, effective_from: '2021-05-01', effective_to: '2026-04-01' },
      { version: 2, effective_from: '2026-04-01', effective_to: 'infinity' },
    ]);
    expect((await ruleSetInForce(world.database, '2026-03-31')).rules.fenPerPoint).toBe(100);
    expect((await ruleSetInForce(world.database, '2026-04-01')).rules.fenPerPoint).toBe(50);
    expect((await served.call('author', 'GET', made.body.href)).body).toMatchObject({ state: 'approved', version: 2 });
    const [stored] = await world.db.query('SELECT author, approved_by FROM points.earn_rule_set WHERE version = 2');
    expect(stored).toEqual({ author: served.idOf('author'), approved_by: served.idOf('approver') });
  });

  it('[PTS-02] lets bills of an old month earn by the rules of that month', async () => {
    const [customerId] = (await world.aCrowd([10_000], '2026-03')) as [string];
    await world.keepBills([{ customerId, billNo: 'APRIL', cycle: '2026-04', netSpendFen: 10_000 }]);
    await putInForce('2026-04-01', { fenPerPoint: 50 });
    world.clock.set('2026-05-06T10:00:00+08:00');
    await world.accrue('2026-04', '2026-05-06');
    const earned = await world.db.query(
      `SELECT metadata ->> 'cycle' AS cycle, rule_set_version, points FROM points.journal WHERE customer_id = $1 ORDER BY 1`,
      [customerId],
    );
    expect(earned).toEqual([
      { cycle: '2026-03', rule_set_version: 1, points: 100 },
      { cycle: '2026-04', rule_set_version: 2, points: 200 },
    ]);
  });

  it('puts a version between two others, and never two on one day', async () => {
    await putInForce('2026-06-01');
    expect(await putInForce('2026-04-01')).toMatchObject({ status: 200, body: { result: { version: 3 } } });
    expect(await ranges()).toEqual([
      { version: 1, effective_from: '2021-05-01', effective_to: '2026-04-01' },
      { version: 3, effective_from: '2026-04-01', effective_to: '2026-06-01' },
      { version: 2, effective_from: '2026-06-01', effective_to: 'infinity' },
    ]);
    expect(await putInForce('2026-04-01')).toMatchObject({
      status: 409,
      body: { code: 'points.earn-rules-begin-taken' },
    });
  });

  it('of two drafts for one day approves one, however many approve at once; another day goes beside it', async () => {
    const days = ['2026-05-01', '2026-05-01', '2026-05-01', '2026-07-01', '2026-08-01'];
    const asked: string[] = [];
    for (const day of days) asked.push((await propose((await draft(day)).body.href)).body.approvalHref);
    const answers = await Promise.all(asked.map((href) => approve(href)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 409, 409]);
    expect((await ranges()).map(({ effective_from }) => effective_from)).toEqual([
      '2021-05-01',
      '2026-05-01',
      '2026-07-01',
      '2026-08-01',
    ]);
    const [gaps] = await world.db.query(
      `SELECT count(*)::int AS gaps FROM (
         SELECT effective_to, lead(effective_from) OVER (ORDER BY effective_from) AS next FROM points.earn_rule_set) r
       WHERE next IS NOT NULL AND next <> effective_to`,
    );
    expect(gaps).toEqual({ gaps: 0 });
  });

  it('is changed by its author only, and then no longer what was proposed', async () => {
    const made = await draft('2026-04-01');
    const proposed = await propose(made.body.href);
    const change = (login: string) =>
      served.call(login, 'PATCH', made.body.href, { rules: { ...RULES, joinAbove: 3000 } });
    expect(await change('colleague')).toMatchObject({ status: 403, body: { code: 'points.not-your-draft' } });
    expect(await propose(made.body.href, 'colleague')).toMatchObject({ status: 403 });
    expect(await change('author')).toMatchObject({ status: 200, body: { rules: { joinAbove: 3000 } } });
    expect(await approve(proposed.body.approvalHref)).toMatchObject({
      status: 409,
      body: { code: 'points.draft-changed' },
    });
    const again = await propose(made.body.href);
    expect(await approve(again.body.approvalHref)).toMatchObject({ status: 200 });
    expect(await change('author')).toMatchObject({ status: 409, body: { code: 'points.draft-is-approved' } });
    await expect(
      world.transaction.run((tx) => tx.execute(`UPDATE points.earn_rule_set SET rules = '{}' WHERE version = 1`)),
    ).rejects.toThrow(/permission denied/);
  });

  it.each([
    [{ fenPerPoint: 0 }, 'rules.fenPerPoint', 'a whole number of fen from 1'],
    [{ rounding: 'UP' }, 'rules.rounding', 'CEIL or FLOOR'],
    [{ factorPercent: { ...RULES.factorPercent, GOLD: 1.5 } }, 'rules.factorPercent.GOLD', 'a whole number of percent'],
    [{ joinAbov: 1 }, 'rules.joinAbov', 'one of fenPerPoint, rounding'],
  ])('is refused with the field that is wrong and what would be right: %j', async (wrong, field, expected) => {
    const refused = await draft('2026-04-01', wrong);
    expect(refused).toMatchObject({ status: 400, body: { code: 'points.invalid-earn-rules' } });
    expect(refused.text).toContain(field);
    expect(refused.text).toContain(expected);
  });

  it.each(['2026-02-01', '2026-01-01', '2026-04-02'])('does not begin on %s, but with a month to come', async (day) => {
    expect(await draft(day)).toMatchObject({ status: 422, body: { code: 'points.earn-rules-begin' } });
  });

  it('is not approved after its month has begun', async () => {
    world.clock.set('2026-02-27T10:00:00+08:00');
    const proposed = await propose((await draft('2026-03-01')).body.href);
    world.clock.set('2026-03-01T09:00:00+08:00');
    expect(await approve(proposed.body.approvalHref)).toMatchObject({
      status: 422,
      body: { code: 'points.earn-rules-begin' },
    });
    expect(await ranges()).toHaveLength(1);
  });
});
