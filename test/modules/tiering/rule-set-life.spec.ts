import { PreviewRuleSet } from '../../../src/modules/tiering/application/preview-rule-set.run.js';
import { RetireEndedRuleSets } from '../../../src/modules/tiering/application/retire-ended-rule-sets.js';
import { gotone2026 } from '../../../src/modules/tiering/domain/gotone-2026.js';
import type { RuleSetBody } from '../../../src/modules/tiering/domain/rule-set.js';
import { TieringModule } from '../../../src/modules/tiering/index.js';
import {
  markSimulated,
  PROGRAM,
  ruleSetInEffect,
  rulesInEffect,
} from '../../../src/modules/tiering/persistence/rule-sets.js';
import { Database, newId, Transaction } from '../../../src/platform/database/index.js';
import { Runs, type Jobs } from '../../../src/platform/queues/index.js';
import type { RunRegistry } from '../../../src/platform/queues/runs/run-registry.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { serveModules } from '../../support/serve-modules.js';

const PATH = '/care-api/tiering/v1';
const FOREVER = '9999-12-31';
const now = new Date('2026-02-10T09:00:00+08:00');
const today = '2026-02-10';

type Served = Awaited<ReturnType<typeof serveModules>>;

/** The shipped rules with another threshold of the highest level. */
const withDiamondFrom = (atLeast: number): RuleSetBody => ({
  ...gotone2026,
  routes: gotone2026.routes.map((route) =>
    route.code === 'GROWTH_VALUE'
      ? { ...route, thresholds: route.thresholds.map((each, i) => (i === 0 ? { ...each, atLeast } : each)) }
      : route,
  ),
});

describe('the life of a rule set', () => {
  let db: TestDatabase;
  let database: Database;
  let transaction: Transaction;
  let author: Served;
  let colleague: Served;
  let approver: Served;

  beforeAll(async () => {
    db = await createTestDatabase();
    const source = await db.dataSource();
    database = new Database(source);
    transaction = new Transaction(source);
    const jobs = { add: () => Promise.resolve() } as unknown as Jobs;
    const registry = { of: (kind: string) => ({ kind }) } as unknown as RunRegistry;
    const runs = new Runs(database, transaction, jobs, registry);
    const as = (...permissions: string[]): Promise<Served> =>
      serveModules(db, { modules: [TieringModule], permissions, now, ground: [{ provide: Runs, useValue: runs }] });
    author = await as('tiering.read', 'tiering.author');
    colleague = await as('tiering.read', 'tiering.author', 'tiering.approve');
    approver = await as('tiering.read', 'tiering.approve');
  });
  afterAll(async () => {
    await Promise.all([author, colleague, approver].map((each) => each.close()));
    await db.drop();
  });
  // What a test has made is gone, and the shipped rules decide.
  afterEach(async () => {
    await db.query('DELETE FROM tiering.rule_set_period WHERE begun_at = $1', [now]);
    await db.query('DELETE FROM tiering.rule_set WHERE created_at = $1', [now]);
    await db.query('DELETE FROM tiering.program WHERE created_at = $1', [now]);
    await db.query('DELETE FROM tiering.preview');
    await db.query('DELETE FROM platform.run');
    await db.query(`UPDATE tiering.rule_set SET status = 'active'`);
    await db.query(`UPDATE tiering.rule_set_period SET effective_until = '${FOREVER}', end_reason = NULL`);
  });

  const post = (who: Served, path: string, payload: object = {}) =>
    who.call({ method: 'POST', url: `${PATH}/${path}`, payload });
  const read = async (path: string) => (await author.call({ url: `${PATH}/${path}` })).body;
  const draft = (version: string, body: object = gotone2026, more: object = {}) =>
    post(author, 'ruleSet', { version, effectiveFrom: '2026-01-01', body, ...more });
  const change = (who: Served, version: string, payload: object) =>
    who.call({ method: 'PATCH', url: `${PATH}/ruleSet/${version}`, payload });

  /** The preview run as it is when it has completed. */
  const previewed = async (version: string, more: { checksum?: string; finishedAt?: Date; kind?: string } = {}) => {
    const { checksum } = await read(`ruleSet/${version}`);
    const { finishedAt = now, kind = 'tiering.preview' } = more;
    const runId = newId();
    await db.query(
      `INSERT INTO platform.run (run_id, kind, run_key, as_of, parameters, rule_version, status, summary, finished_at)
       VALUES ($1::uuid, $2, $1::uuid::text, $3, $4, $5, 'completed', $6, $7)`,
      [
        runId, kind, today, JSON.stringify({ version }), version,
        JSON.stringify({ version, ruleSetChecksum: more.checksum ?? checksum }), finishedAt,
      ],
    ); // prettier-ignore
    await transaction.run((tx) => markSimulated(tx, { version, checksum: more.checksum ?? checksum, runId }));
    return { checksum, previewRunId: runId };
  };
  const approved = async (version: string, body: object = gotone2026, more: object = {}) => {
    expect((await draft(version, body, more)).status).toBe(201);
    const seen = await previewed(version);
    expect((await post(approver, `ruleSet/${version}/approve`, { ...seen, reason: '评审通过' })).body).toMatchObject({
      status: 'approved',
      approver: approver.staffId,
      previewRunId: seen.previewRunId,
    });
  };
  const decides = async (region?: string, asOf = today): Promise<string> =>
    (await ruleSetInEffect(database, { program: PROGRAM, asOf, region })).version;

  it('[TIER-01] from draft over preview and approval to the day on which it decides, and back', async () => {
    await draft('2026.2', withDiamondFrom(5_000));
    const { status, body: preview } = await post(author, 'ruleSet/2026.2/simulate', { against: '2026.1' });
    expect([status, preview.href]).toEqual([202, `/care-api/operations/v1/run/${preview.id}`]);
    const again = await post(author, 'ruleSet/2026.2/simulate', { against: '2026.1', asOf: today });
    expect(again.body.id).toBe(preview.id);
    expect(await db.query(`SELECT kind, as_of, parameters FROM platform.run`)).toEqual([
      { kind: 'tiering.preview', as_of: today, parameters: { version: '2026.2', against: '2026.1' } },
    ]);

    const seen = await previewed('2026.2');
    expect(await read('ruleSet/2026.2')).toMatchObject({ status: 'simulated', previewRunId: seen.previewRunId });
    await post(approver, 'ruleSet/2026.2/approve', { ...seen, reason: '评审通过' });
    expect(await decides()).toBe('2026.1');
    const active = await post(approver, 'ruleSet/2026.2/activate', { effectiveFrom: '2026-03-01' });
    expect([active.status, active.body.status]).toEqual([200, 'active']);
    expect([await decides(), await decides(undefined, '2026-02-28'), await decides(undefined, '2026-03-01')]).toEqual([
      '2026.1',
      '2026.1',
      '2026.2',
    ]);
    expect(await read('ruleSet/2026.2/period')).toMatchObject([
      { version: '2026.2', effectiveFrom: '2026-03-01', effectiveUntil: FOREVER, begunBy: approver.staffId },
    ]);
    expect(await read('ruleSet/2026.1/period')).toMatchObject([
      { effectiveFrom: '2020-01-01', effectiveUntil: '2026-03-01', endReason: 'superseded', endedBy: approver.staffId },
    ]);

    const statusAtNightOf = async (day: string): Promise<string> => {
      await new RetireEndedRuleSets(transaction, { now: () => new Date(`${day}T00:05:00+08:00`) }).execute();
      return (await read('ruleSet/2026.1')).status;
    };
    expect([await statusAtNightOf('2026-02-28'), await statusAtNightOf('2026-03-01')]).toEqual(['active', 'retired']);

    const back = await post(approver, 'ruleSet/2026.2/rollBack', { reason: '误伤过多' });
    expect([back.status, back.body.status]).toEqual([200, 'retired']);
    expect(await decides(undefined, '2026-03-01')).toBe('2026.1');
    expect((await read('ruleSet/2026.1')).status).toBe('active');
  });

  it('[TIER-01] is simulated when its preview has looked at everybody, and approved upon that', async () => {
    const { body: rules } = await draft('2026.2', withDiamondFrom(5_000));
    const { body: asked } = await post(author, 'ruleSet/2026.2/simulate');
    const [{ key, parameters } = { key: '', parameters: {} }] = await db.query<{ key: string; parameters: object }>(
      'SELECT run_key AS key, parameters FROM platform.run WHERE run_id = $1',
      [asked.id],
    );
    const run = await carryOutRun(await db.dataSource(), new PreviewRuleSet({ now: () => now }), {
      key,
      asOf: today,
      parameters,
    });
    expect(run).toMatchObject({ runId: asked.id, status: 'completed', ruleVersion: '2026.2' });
    expect(await read('ruleSet/2026.2')).toMatchObject({ status: 'simulated', previewRunId: run.runId });
    const seen = { checksum: rules.checksum, previewRunId: run.runId, reason: '评审通过' };
    expect((await post(approver, 'ruleSet/2026.2/approve', seen)).body.status).toBe('approved');
  });

  it('[TIER-01] a version that decides today is retired when it is superseded, and decides again when that is rolled back', async () => {
    await approved('2026.2');
    await post(approver, 'ruleSet/2026.2/activate');
    expect([await decides(), (await read('ruleSet/2026.1')).status]).toEqual(['2026.2', 'retired']);
    await post(approver, 'ruleSet/2026.2/rollBack', { reason: '误伤过多' });
    expect([await decides(), (await read('ruleSet/2026.1')).status]).toEqual(['2026.1', 'active']);
    // On the same day, so that the next one may begin at once.
    await approved('2026.3');
    expect((await post(approver, 'ruleSet/2026.3/activate')).status).toBe(200);
    expect((await post(approver, 'ruleSet/2026.2/activate')).status).toBe(409);
    expect((await post(approver, 'ruleSet/2026.2/rollBack', { reason: '再来一次' })).status).toBe(409);
    expect(await decides()).toBe('2026.3');
  });

  it('[TIER-01] is changed by whoever has read it as it is, and is a draft again by other rules', async () => {
    const { body: read1 } = await draft('2026.2');
    await previewed('2026.2');
    const later = await change(author, '2026.2', { checksum: read1.checksum, effectiveFrom: '2026-06-01' });
    expect(later.body).toMatchObject({ effectiveFrom: '2026-06-01', status: 'simulated' });
    const other = await change(author, '2026.2', { checksum: read1.checksum, body: withDiamondFrom(5_000) });
    expect([other.body.status, other.body.previewRunId]).toEqual(['draft', undefined]);
    expect((await change(colleague, '2026.2', { checksum: read1.checksum, body: gotone2026 })).status).toBe(409);
    expect((await change(author, '2026.2', { checksum: other.body.checksum, body: { levels: [] } })).status).toBe(422);
    expect(
      (await change(author, '2026.2', { checksum: other.body.checksum, effectiveUntil: '2026-01-01' })).status,
    ).toBe(422);
    expect((await read('ruleSet/2026.2')).body).toEqual(withDiamondFrom(5_000));
  });

  it('[TIER-01] of two who change the same draft at once, one is told that it has changed', async () => {
    const { body } = await draft('2026.2');
    const answers = await Promise.all(
      [author, colleague, author, colleague].map((who, i) =>
        change(who, '2026.2', { checksum: body.checksum, body: withDiamondFrom(5_000 + i) }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  });

  it('rules that were changed and changed back have their preview already', async () => {
    const { body } = await draft('2026.2');
    const { body: preview } = await post(author, 'ruleSet/2026.2/simulate');
    await db.query(
      `UPDATE platform.run SET status = 'completed', rule_version = '2026.2', finished_at = $2, summary = $3 WHERE run_id = $1`,
      [preview.id, now, JSON.stringify({ version: '2026.2', ruleSetChecksum: body.checksum })],
    );
    const other = await change(author, '2026.2', { checksum: body.checksum, body: withDiamondFrom(5_000) });
    // The preview of what it was comes late: it says nothing of what it is.
    await transaction.run((tx) => markSimulated(tx, { version: '2026.2', checksum: body.checksum, runId: preview.id }));
    expect((await read('ruleSet/2026.2')).status).toBe('draft');
    await change(author, '2026.2', { checksum: other.body.checksum, body: gotone2026 });
    expect((await post(author, 'ruleSet/2026.2/simulate')).body).toMatchObject({ id: preview.id, status: 'completed' });
    expect(await read('ruleSet/2026.2')).toMatchObject({ status: 'simulated', previewRunId: preview.id });
  });

  it('is previewed anew when it was changed before the preview began, and goes on with one that has failed', async () => {
    await draft('2026.2');
    const { body: first } = await post(author, 'ruleSet/2026.2/simulate');
    const set = (status: string, summary: object) =>
      db.query('UPDATE platform.run SET status = $2, summary = $3 WHERE run_id = $1', [first.id, status, summary]);
    await set('failed', {});
    expect((await post(author, 'ruleSet/2026.2/simulate')).body).toMatchObject({ id: first.id, status: 'pending' });
    await set('completed', { ruleSetChecksum: 'of other rules' });
    const { body: second } = await post(author, 'ruleSet/2026.2/simulate');
    expect([second.id === first.id, second.status]).toEqual([false, 'pending']);
    expect((await read('ruleSet/2026.2')).status).toBe('draft');
    const other = await post(author, 'ruleSet/2026.2/simulate', { against: 'STAR-2026.1' });
    expect(other.body.code).toBe('run.parameters-refused');
  });

  it('[TIER-01] is approved by nobody who has written it, and upon nothing but a preview of just these rules', async () => {
    await draft('2026.2');
    const unseen = await read('ruleSet/2026.2');
    const approve = (who: Served, seen: object) => post(who, 'ruleSet/2026.2/approve', { ...seen, reason: '评审通过' });
    const nothing = { checksum: unseen.checksum, previewRunId: newId() };
    expect((await approve(approver, nothing)).body.code).toBe('tiering.rule-set-status');
    // A colleague who has changed it is an author too.
    await change(colleague, '2026.2', { checksum: unseen.checksum, body: withDiamondFrom(5_000) });
    const seen = await previewed('2026.2');
    expect((await approve(author, seen)).status).toBe(403);
    expect((await approve(colleague, seen)).body.code).toBe('approval.own-request');
    expect((await approve(approver, { ...seen, checksum: unseen.checksum })).body.code).toBe(
      'tiering.rule-set-changed',
    );
    const monthAgo = await previewed('2026.2', { finishedAt: new Date('2026-01-11T08:59:59+08:00') });
    for (const other of [
      nothing,
      monthAgo,
      await previewed('2026.2', { checksum: unseen.checksum }),
      await previewed('2026.1'),
      await previewed('2026.2', { kind: 'tiering.review' }),
    ]) {
      const refused = await approve(approver, { checksum: seen.checksum, previewRunId: other.previewRunId });
      expect([refused.status, refused.body.code]).toEqual([422, 'tiering.preview-refused']);
    }
    expect((await approve(approver, seen)).body.status).toBe('approved');
    expect((await change(author, '2026.2', { checksum: seen.checksum, body: gotone2026 })).status).toBe(409);
    await expect(
      db.query(`UPDATE tiering.rule_set SET approver = $1 WHERE version = '2026.2'`, [colleague.staffId]),
    ).rejects.toThrow('rule_set_approved');
  });

  it('[TIER-01] is tried in a province first, then in more, then decides everywhere', async () => {
    await approved('2026.2');
    await post(approver, 'ruleSet/2026.2/activate', { regions: ['440000'] });
    expect([await decides('440000'), await decides('110000'), await decides()]).toEqual(['2026.2', '2026.1', '2026.1']);
    expect(await rulesInEffect(database, { program: PROGRAM, asOf: today })).toMatchObject({
      everywhere: { version: '2026.1', kind: 'tier', scale: expect.arrayContaining(['DIAMOND']) },
      trial: { ruleSet: { version: '2026.2' }, regions: ['440000'] },
    });
    await approved('2026.3');
    const second = await post(approver, 'ruleSet/2026.3/activate', { regions: ['330000'] });
    expect([second.status, second.body.code]).toEqual([409, 'tiering.rule-sets-overlap']);

    await post(approver, 'ruleSet/2026.2/activate', { regions: ['440000', '110000'] });
    expect([await decides('110000'), await decides('330000')]).toEqual(['2026.2', '2026.1']);
    const whole = await post(approver, 'ruleSet/2026.2/activate');
    expect(whole.body.status).toBe('active');
    expect(await rulesInEffect(database, { program: PROGRAM, asOf: today })).not.toHaveProperty('trial');
    expect(await decides('330000')).toBe('2026.2');
    // The same again changes nothing.
    const before = await read('ruleSet/2026.2/period');
    expect((await post(approver, 'ruleSet/2026.2/activate')).status).toBe(200);
    expect(await read('ruleSet/2026.2/period')).toEqual(before);
    expect(before.map((each: { endReason?: string }) => each.endReason ?? 'open').sort()).toEqual([
      'everywhere', 'open', 'regions-changed',
    ]); // prettier-ignore
  });

  it('[TIER-01] a trial that is rolled back leaves what decides everywhere as it is', async () => {
    await approved('2026.2');
    await post(approver, 'ruleSet/2026.2/activate', { regions: ['440000'] });
    expect((await post(approver, 'ruleSet/2026.2/rollBack', { reason: '试点未达预期' })).body.status).toBe('retired');
    expect([await decides('440000'), (await read('ruleSet/2026.1')).status]).toEqual(['2026.1', 'active']);
  });

  it('[TIER-01] of versions that are activated at once one decides, and the others are told so', async () => {
    const versions = ['2026.2', '2026.3', '2026.4', '2026.5'];
    for (const version of versions) await approved(version);
    let asked: ReturnType<typeof post>[] = [];
    // Nobody gets further than to the change itself before all of them are on their way.
    await transaction.run(async (tx) => {
      await tx.query(`SELECT FROM tiering.rule_set_period WHERE program = 'GOTONE' FOR UPDATE`);
      asked = versions.map((version) => post(approver, `ruleSet/${version}/activate`));
      await eventually(async () => {
        const [waiting] = await db.query<{ many: number }>(
          `SELECT count(*)::int AS many FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return waiting?.many === versions.length;
      });
    });
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    for (const { status, body } of answers) if (status === 409) expect(body.code).toBe('tiering.rule-sets-overlap');
    const winner = versions[answers.findIndex(({ status }) => status === 200)];
    expect(await decides()).toBe(winner);
    expect(
      await db.query(
        `SELECT version FROM tiering.rule_set_period WHERE program = 'GOTONE' AND effective_until = '${FOREVER}'`,
      ),
    ).toEqual([{ version: winner }]);
  });

  it('[TIER-01] refuses days that are past, not meant, taken or left without rules, and names them', async () => {
    await approved('2026.2', gotone2026, { effectiveFrom: '2026-03-01', effectiveUntil: '2027-03-01' });
    const activate = async (effectiveFrom: string) =>
      (await post(approver, 'ruleSet/2026.2/activate', { effectiveFrom })).text;
    expect(await activate('2026-02-09')).toContain(`a day from ${today}`);
    expect(await activate('2026-02-20')).toContain('from 2026-03-01 until before 2027-03-01');
    expect(await activate('2026-03-01')).toContain('tiering.days-without-rule-set');
    expect((await post(approver, 'ruleSet/2026.2/activate', { regions: ['Guangdong!'] })).status).toBe(400);
    expect(await decides(undefined, '2026-03-01')).toBe('2026.1');
    // With a version that follows it, it fits to the day.
    await approved('2027.1', gotone2026, { effectiveFrom: '2027-03-01' });
    expect((await post(approver, 'ruleSet/2027.1/activate')).status).toBe(200);
    expect((await post(approver, 'ruleSet/2026.2/activate')).status).toBe(200);
    expect([await decides(), await decides(undefined, '2026-03-01'), await decides(undefined, '2027-03-01')]).toEqual([
      '2026.1',
      '2026.2',
      '2027.1',
    ]);
  });

  it('[TIER-01] is withdrawn, not deleted, as long as it has never decided', async () => {
    await draft('2026.2');
    const gone = await post(author, 'ruleSet/2026.2/withdraw', { reason: '方案取消' });
    expect(gone.body.status).toBe('retired');
    expect((await draft('2026.2')).status).toBe(409);
    expect((await post(author, 'ruleSet/2026.1/withdraw', { reason: '方案取消' })).body.code).toBe(
      'tiering.rule-set-status',
    );
    const { body: copy } = await post(author, 'ruleSet/2026.2/copy', {
      version: '2026.3',
      effectiveFrom: '2026-06-01',
    });
    expect(copy).toMatchObject({ id: '2026.3', status: 'draft', body: gotone2026, program: 'GOTONE' });
  });

  it('[TIER-01] travels as a document: the same again is the same, another one is refused', async () => {
    await draft('2026.2', withDiamondFrom(5_000));
    const document = await read('ruleSet/2026.2/export');
    expect(document).toMatchObject({ program: 'GOTONE', version: '2026.2', body: withDiamondFrom(5_000) });
    const elsewhere = { ...document, version: '2026.9' };
    const taken = await Promise.all([1, 2, 3].map(() => post(colleague, 'ruleSet/import', elsewhere)));
    expect(taken.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(await read('ruleSet/2026.9')).toMatchObject({
      status: 'draft', author: colleague.staffId, checksum: document.checksum,
    }); // prettier-ignore
    const refusedWith = async (changes: object) =>
      (await post(colleague, 'ruleSet/import', { ...elsewhere, ...changes })).body.code;
    expect(await refusedWith({ body: gotone2026 })).toBe('tiering.rule-set-document-refused');
    expect(await refusedWith({ scale: ['A', 'B'] })).toBe('tiering.rule-set-document-refused');
    expect(await refusedWith({ program: 'NOBODY' })).toBe('tiering.unknown-program');
    const shipped = await read('ruleSet/2026.1/export');
    expect(await refusedWith({ ...shipped, version: '2026.9' })).toBe('tiering.rule-set-version-taken');
  });

  it('[TIER-02] reads in words, in both languages, and says what it changes', async () => {
    const english = await read('ruleSet/2026.1/text');
    expect(english.sections.flatMap(({ lines }: { lines: string[] }) => lines)).toContain('Diamond: at least 4,000');
    const chinese = await read('ruleSet/2026.1/text?language=zh');
    expect(JSON.stringify(chinese)).toContain('钻石卡：不低于4,000');
    expect((await author.call({ url: `${PATH}/ruleSet/2026.1/text?language=fr` })).status).toBe(400);
    await draft('2026.2', withDiamondFrom(5_000));
    const difference = await read('ruleSet/2026.2/difference');
    expect(difference).toMatchObject({
      from: '2026.1',
      differences: [
        {
          place: '/routes/0/thresholds/0/atLeast',
          what: { en: 'growth value, Diamond: 4,000 → 5,000', zh: '成长值，钻石卡：由「4,000」改为「5,000」' },
          before: 4_000,
          after: 5_000,
        },
      ],
    });
    expect((await read('ruleSet/2026.2/difference?from=2026.2')).differences).toEqual([]);
    expect((await author.call({ url: `${PATH}/ruleSet/2026.2/difference?from=none` })).status).toBe(404);
    expect((await author.call({ url: `${PATH}/ruleSet/%00/text` })).status).toBe(404);
  });

  it('[CUS-23] a value model of its own: made, drafted, approved and decided on beside the card levels', async () => {
    const model = {
      program: 'VALUE_SOUTH',
      kind: 'value-model',
      label: { en: 'Value model of the south', zh: '南方价值模型' },
      scale: ['A', 'B', 'C'],
    };
    const made = await post(author, 'program', model);
    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({ id: 'VALUE_SOUTH', scale: ['A', 'B', 'C'] }),
    ]);
    expect((await post(author, 'program', model)).status).toBe(201);
    expect((await post(author, 'program', { ...model, scale: ['A', 'B'] })).body.code).toBe('tiering.program-taken');
    expect((await post(author, 'program', { ...model, program: 'X', scale: ['a', 'b'] })).status).toBe(400);
    expect((await read('program?kind=value-model')).map(({ id }: { id: string }) => id)).toContain('VALUE_SOUTH');
    expect(await read('program/VALUE_SOUTH')).toMatchObject({ kind: 'value-model', label: model.label });

    const name = (en: string) => ({ en, zh: en });
    const body = {
      levels: ['A', 'B', 'C'].map((tier) => ({ tier, label: name(`value ${tier}`) })),
      inputs: [],
      requirements: [],
      exclusions: [],
      routes: [
        {
          code: 'SPEND',
          label: name('spend'),
          unit: 'fen',
          measure: { metric: 'netSpendFen', agg: 'sum', window: { kind: 'rolling-months', months: 3 } },
          thresholds: [
            { tier: 'A', atLeast: 100_000 },
            { tier: 'B', atLeast: 30_000 },
          ],
        },
      ],
      review: { month: 2, day: 1 },
    };
    expect((await draft('SOUTH.1', gotone2026, { program: 'VALUE_SOUTH' })).body.code).toBe('tiering.invalid-rule-set');
    await approved('SOUTH.1', body, { program: 'VALUE_SOUTH' });
    expect((await post(approver, 'ruleSet/SOUTH.1/activate', { regions: ['440000'] })).body.code).toBe(
      'tiering.no-rule-set',
    );
    await post(approver, 'ruleSet/SOUTH.1/activate');
    expect(await rulesInEffect(database, { program: 'VALUE_SOUTH', asOf: today })).toMatchObject({
      everywhere: { version: 'SOUTH.1', kind: 'value-model', scale: ['A', 'B', 'C'] },
    });
    expect(await decides()).toBe('2026.1');
    expect((await read('ruleSet?program=VALUE_SOUTH&status=active')).map(({ id }: { id: string }) => id)).toEqual([
      'SOUTH.1',
    ]);
    expect((await post(approver, 'ruleSet/SOUTH.1/rollBack', { reason: '停用' })).body.code).toBe(
      'tiering.no-rule-set-before',
    );
  });
});
