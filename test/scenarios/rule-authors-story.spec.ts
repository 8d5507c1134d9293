import { gotone2026 } from '../../src/modules/tiering/domain/gotone-2026.js';
import type { RuleSetBody } from '../../src/modules/tiering/domain/rule-set.js';
import { tiers } from '../../src/modules/tiering/index.js';
import { businessDate } from '../../src/platform/clock/index.js';
import { carriedOut, sendFile } from '../api/world.js';
import { fileText } from '../modules/usage/support/boss-file.js';
import { startTestApplication, type Credentials, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import type { Answer } from '../support/http.js';

const today = businessDate(new Date());
const TIERING = '/care-api/tiering/v1';
const KNOWN_SINCE = '2026-01-01T01:00:00+08:00';
const ISSUED = '2026-01-02T01:00:00+08:00';
/** With ten years in the network growth values of 400, 500 … 4,300: every level, and both sides of every threshold. */
const PEOPLE = Array.from({ length: 40 }, (_, i) => ({
  account: `A-${i}`,
  msisdn: `139123401${String(i).padStart(2, '0')}`,
  region: i % 2 === 0 ? '440000' : '330000',
  spendFen: (i + 1) * 10_000,
}));

/** Gold for 2,500 instead of 1,800, honoured guest for 600 instead of 800. */
const changed: RuleSetBody = {
  ...gotone2026,
  levels: gotone2026.levels.map((level, i) => ({ ...level, yearlyCostFen: (5 - i) * 10_000 })),
  routes: gotone2026.routes.map((route) =>
    route.code === 'GROWTH_VALUE'
      ? {
          ...route,
          thresholds: route.thresholds.map((each) => ({
            ...each,
            atLeast: { GOLD: 2_500, HONOURED_GUEST: 600 }[each.tier] ?? each.atLeast,
          })),
        }
      : route,
  ),
};

/** What a body gives for a growth value, without the machinery. */
function levelBy(body: RuleSetBody, growthValue: number): string {
  const [growth] = body.routes;
  return growth?.thresholds.find(({ atLeast }) => growthValue >= atLeast)?.tier ?? 'ORDINARY';
}

describe('the story of a rule author', () => {
  let application: TestApplication;
  let author: Credentials;
  let approver: Credentials;
  let previewRunId: string;

  beforeAll(async () => {
    application = await startTestApplication();
    author = await application.staff('rule-author');
    approver = await application.staff('rule-approver');
    const boss = await application.system('boss', 'BOSS');
    for (const parts of [
      { kind: 'SUB' as const, date: '20260101', lines: PEOPLE.map(subscriptionOf), totals: { first: KNOWN_SINCE, last: KNOWN_SINCE } },
      {
        kind: 'BIL' as const, date: '20260102', lines: PEOPLE.map(billOf),
        totals: { fee: PEOPLE.reduce((sum, { spendFen }) => sum + spendFen, 0), first: ISSUED, last: ISSUED },
      },
    ]) {
      const { name, text } = fileText(parts);
      expect((await application.call(sendFile(name, text, boss))).body).toMatchObject({ state: 'OK' });
    } // prettier-ignore
    await review('before');
  });
  afterAll(() => application.close());

  const as = (who: Credentials, method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object): Promise<Answer> =>
    application.call({ method, url: `${TIERING}/${url}`, headers: { ...who }, ...(payload && { payload }) });
  const review = (key: string) =>
    carriedOut(
      {
        done: async (request) =>
          application.call({ ...request, headers: { ...application.administrator, ...request.headers } }),
      },
      { kind: 'tiering.review', key, asOf: today },
    );
  /** Customers by region and level, as the distribution tells them. */
  const levels = async () => {
    const { body } = await as(author, 'GET', 'distribution');
    return body.shares.map(({ region, tier, customers }: Record<string, unknown>) => `${region} ${tier} ${customers}`).sort();
  }; // prettier-ignore
  const expected = (bodyOf: (region: string) => RuleSetBody): string[] => {
    const counts = new Map<string, number>();
    for (const { region, spendFen } of PEOPLE) {
      const key = `${region} ${levelBy(bodyOf(region), spendFen / 100 + 300)}`;
      counts.set(key, 1 + (counts.get(key) ?? 0));
    }
    return [...counts].map(([key, customers]) => `${key} ${customers}`).sort();
  };

  it('[TIER-01] a draft: bad rules are refused with place and reason, good ones are read back in words', async () => {
    expect(await levels()).toEqual(expected(() => gotone2026));
    const wrong = { ...changed, routes: [{ ...changed.routes[0], measure: { metric: 'netSpendFenn' } }] };
    const refused = await as(author, 'POST', 'ruleSet', { version: '2026.9', effectiveFrom: '2026-01-01', body: wrong });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('/routes/0/measure/metric');
    expect(refused.text).toContain('netSpendFen');

    const drafted = await as(author, 'POST', 'ruleSet', { version: '2026.9', effectiveFrom: '2026-01-01', body: changed });
    expect([drafted.status, drafted.body.status]).toEqual([201, 'draft']);
    const text = (await as(author, 'GET', 'ruleSet/2026.9/text?language=zh')).text;
    expect(text).toContain('2,500');
    const { body: difference } = await as(author, 'GET', 'ruleSet/2026.9/difference');
    expect(JSON.stringify(difference)).toContain('1800');
    expect(await levels()).toEqual(expected(() => gotone2026));
  }); // prettier-ignore

  it('[TIER-01] a preview: who would move, before anybody does', async () => {
    const started = await as(author, 'POST', 'ruleSet/2026.9/simulate', { asOf: today });
    expect(started.status).toBe(202);
    previewRunId = started.body.id;
    await eventually(async () => {
      const run = await application.call({ url: started.body.href, headers: { ...author } });
      return run.body.status === 'completed';
    });
    const preview = await as(author, 'GET', `preview/${previewRunId}`);
    const would = new Map<string, number>();
    let [rises, falls] = [0, 0];
    for (const { spendFen } of PEOPLE) {
      const [from, to] = [gotone2026, changed].map((body) => levelBy(body, spendFen / 100 + 300));
      would.set(`${from} ${to}`, 1 + (would.get(`${from} ${to}`) ?? 0));
      const step = tiers.findIndex((tier) => tier === from) - tiers.findIndex((tier) => tier === to);
      if (step > 0) rises += 1;
      if (step < 0) falls += 1;
    }
    expect(falls).toBeGreaterThan(0);
    expect(rises).toBeGreaterThan(0);
    const { transitions, moves, guard } = preview.body.impact;
    const told = transitions.map(({ from, to, customers }: Record<string, unknown>) => [`${from} ${to}`, customers]);
    expect(new Map(told)).toEqual(would);
    expect(moves).toMatchObject({ customers: PEOPLE.length, rises, falls });
    expect(guard).toMatchObject({ downgrades: falls, passes: true });
    const { body: named } = await as(application.administrator, 'GET', `preview/${previewRunId}/customer`);
    expect(named).toHaveLength(falls);
    expect(await levels()).toEqual(expected(() => gotone2026));
  });

  it('[TIER-01] an approval: not by the author, not of other rules, and by a second person', async () => {
    const { checksum } = (await as(author, 'GET', 'ruleSet/2026.9')).body;
    const seen = { checksum, previewRunId, reason: '评审通过' };
    expect((await as(author, 'POST', 'ruleSet/2026.9/approve', seen)).status).toBe(403);

    const other = await as(approver, 'POST', 'ruleSet/2026.9/approve', { ...seen, checksum: '0'.repeat(64) });
    expect([other.status, other.body.status]).toEqual([409, '409']);
    const approved = await as(approver, 'POST', 'ruleSet/2026.9/approve', seen);
    expect([approved.status, approved.body.status]).toEqual([200, 'approved']);
    expect((await as(author, 'PATCH', 'ruleSet/2026.9', { checksum, effectiveUntil: '2027-01-01' })).status).toBe(409);
  });

  it('[TIER-01] a trial in one province, then everywhere, then back', async () => {
    await as(approver, 'POST', 'ruleSet/2026.9/activate', { regions: ['330000'] });
    await review('trial');
    expect(await levels()).toEqual(expected((region) => (region === '330000' ? changed : gotone2026)));

    const active = await as(approver, 'POST', 'ruleSet/2026.9/activate', {});
    expect([active.status, active.body.status]).toEqual([200, 'active']);
    await review('everywhere');
    expect(await levels()).toEqual(expected(() => changed));

    const back = await as(approver, 'POST', 'ruleSet/2026.9/rollBack', { reason: '投诉过多' });
    expect([back.status, back.body.status]).toEqual([200, 'retired']);
    await review('back');
    expect(await levels()).toEqual(expected(() => gotone2026));
    const { body: periods } = await as(author, 'GET', 'ruleSet/2026.9/period');
    expect(periods.map(({ endReason }: { endReason: string }) => endReason).sort()).toEqual(['everywhere', 'rolled-back']);
  }); // prettier-ignore
});

function subscriptionOf({ account, msisdn, region }: (typeof PEOPLE)[number], nth: number): string {
  return [
    ...['D', `S-${account}`, KNOWN_SINCE, account, msisdn, '欧阳小明', 'ID_CARD', `4401011980010112${String(nth).padStart(2, '0')}`],
    ...['1980-01-01', 'GOTONE', region, `${region.slice(0, 3)}100`, '2015-05-01', 'ACTIVE', '2015-05-01T10:00:00+08:00', 'GT59', '5900'],
    ...['MAIN', '', '1', 'A', 'NEW', '1'],
  ].join('|');
} // prettier-ignore

function billOf({ account, msisdn, spendFen: fen }: (typeof PEOPLE)[number]): string {
  return [
    ...['D', `B-${account}`, account, msisdn, '202512', fen, 0, 0, 0, 0, 0, 0, 0, 0, 0, fen, fen, 0, '2026-01-20', ISSUED, 1, ''],
  ].join('|');
} // prettier-ignore
