import { group2026 } from '../../src/modules/tiering/domain/group-2026.js';
import type { RuleSetBody } from '../../src/modules/tiering/domain/rule-set.js';
import { businessDate } from '../../src/platform/clock/index.js';
import { monthsOf } from '../../src/platform/rules/index.js';
import { carriedOut, sendFile } from '../api/world.js';
import { fileText } from '../modules/usage/support/boss-file.js';
import { startTestApplication, type Credentials, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import type { Answer } from '../support/http.js';

const today = businessDate(new Date());
const { from: month, to: thisMonth } = monthsOf({ kind: 'rolling-months', months: 1 }, today);
const KNOWN_SINCE = `${month}T01:00:00+08:00`;
const ISSUED = `${thisMonth}T00:30:00+08:00`;
const CUSTOMER = '/tmf-api/customerManagement/v4/customer';

/** What the members of each group have spent, in fen. */
const GROUPS = {
  'Factory 一厂': [3_000_000, 3_000_000, 3_000_000],
  'School 二中': [750_000, 750_000],
  'Shop 三店': [2_500_000],
} as const;
type Group = keyof typeof GROUPS;
const names = Object.keys(GROUPS) as Group[];
const PEOPLE = names.flatMap((group) => GROUPS[group].map((spendFen) => ({ group, spendFen }))).map((each, i) => ({
  ...each, account: `A-${i}`, msisdn: `139123402${String(i).padStart(2, '0')}`,
})); // prettier-ignore

/** C from 10,000 yuan instead of 24,000, and no class with fewer than two members; also between the reviews of a year. */
const changed: RuleSetBody = {
  ...group2026,
  requirements: [
    ...group2026.requirements,
    {
      code: 'TWO_MEMBERS',
      label: { en: 'has two members', zh: '成员不少于两人' },
      condition: { metric: 'memberCount', op: '>=', value: 2 },
    },
  ],
  routes: group2026.routes.map((route) => ({
    ...route,
    thresholds: route.thresholds.map((each) =>
      route.code === 'SPEND' && each.tier === 'C' ? { ...each, atLeast: 1_000_000 } : each,
    ),
  })),
  movement: { ...(group2026.movement ?? neverHere()), downgrade: 'any-run' },
};

describe('classes of group customers', () => {
  let application: TestApplication;
  let author: Credentials;
  let approver: Credentials;
  let manager: Credentials;
  let previewRunId: string;
  const ids = new Map<Group, string>();
  let somebody: string;

  beforeAll(async () => {
    application = await startTestApplication();
    author = await application.staff('rule-author');
    approver = await application.staff('rule-approver');
    manager = application.administrator;
    const boss = await application.system('boss', 'BOSS');
    const fee = PEOPLE.reduce((sum, { spendFen }) => sum + spendFen, 0);
    for (const parts of [
      { kind: 'SUB' as const, date: month.replaceAll('-', ''), lines: PEOPLE.map(subscriptionOf), totals: { first: KNOWN_SINCE, last: KNOWN_SINCE } },
      { kind: 'BIL' as const, date: thisMonth.replaceAll('-', ''), lines: PEOPLE.map(billOf), totals: { fee, first: ISSUED, last: ISSUED } },
    ]) {
      const { name, text } = fileText(parts);
      expect((await application.call(sendFile(name, text, boss))).body).toMatchObject({ state: 'OK' });
    } // prettier-ignore
  });
  afterAll(() => application.close());

  const as = (who: Credentials, method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object): Promise<Answer> =>
    application.call({ method, url, headers: { ...who }, ...(payload && { payload }) });
  const tiering = (who: Credentials, method: 'GET' | 'POST', path: string, payload?: object): Promise<Answer> =>
    as(who, method, `/care-api/tiering/v1/${path}`, payload);
  const grade = (key: string) =>
    carriedOut(
      { done: async (request) => application.call({ ...request, headers: { ...manager, ...request.headers } }) },
      { kind: 'tiering.group-level', key, asOf: today },
    );
  const classes = async (): Promise<string[]> =>
    Promise.all(
      names.map(async (name) => {
        const { body } = await tiering(manager, 'GET', `customerGrade/${ids.get(name)}?program=GROUP`);
        return `${name} ${body.level}`;
      }),
    );

  it('[TIER-01] groups are opened by us, and have members whom billing knows', async () => {
    const known = (await as(manager, 'GET', `${CUSTOMER}?limit=100`)).body;
    const idOf = (account: string): string =>
      known.find((each: { account?: { id: string }[] }) => each.account?.[0]?.id === account)?.id;
    somebody = idOf('A-0');
    for (const name of names) {
      const opened = await as(manager, 'POST', CUSTOMER, { name, engagedParty: { '@referredType': 'Organization', name } });
      expect(opened.status).toBe(201);
      ids.set(name, opened.body.id);
    }
    const members = (group: Group): string => `/care-api/customers/v1/group/${ids.get(group)}/member`;
    for (const { group, account } of PEOPLE) {
      const added = await as(manager, 'POST', members(group), { memberId: idOf(account), joinedOn: month });
      expect([added.status, added.body]).toMatchObject([201, { memberId: idOf(account), joinedOn: month }]);
    }
    // Once more is the same; a person has no members; nobody joins in the future, nor a group itself.
    const [factory, shop]: [Group, Group] = ['Factory 一厂', 'Shop 三店'];
    expect((await as(manager, 'POST', members(factory), { memberId: somebody })).body).toMatchObject({ joinedOn: month });
    const refused = [
      await as(manager, 'POST', `/care-api/customers/v1/group/${somebody}/member`, { memberId: ids.get(shop) }),
      await as(manager, 'POST', members(factory), { memberId: idOf('A-5'), joinedOn: '2999-01-01' }),
      await as(manager, 'POST', members(factory), { memberId: ids.get(factory) }),
    ];
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual([
      [422, 'customers.not-a-group'], [422, 'customers.joined-in-the-future'], [422, 'customers.cannot-be-member'],
    ]);
    // Taken in four times at once is once; who leaves is remembered, and counts no more.
    const atOnce = await Promise.all([1, 2, 3, 4].map(() => as(manager, 'POST', members(shop), { memberId: somebody })));
    expect(atOnce.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect((await as(manager, 'DELETE', `${members(shop)}/${somebody}`)).status).toBe(204);
    expect((await as(manager, 'DELETE', `${members(shop)}/${somebody}`)).status).toBe(204);
    const listed = (await as(manager, 'GET', members(shop))).body;
    expect(listed.map(({ memberId, leftOn }: Record<string, string>) => [memberId, leftOn])).toEqual([
      [idOf('A-5'), undefined], [somebody, today],
    ]);
    expect((await as(manager, 'DELETE', `${CUSTOMER}/${ids.get(shop)}`)).status).toBe(409);
  }); // prettier-ignore

  it('[TIER-01] a run gives them classes by what their members spend, and persons none', async () => {
    await grade('first');
    expect(await classes()).toEqual(['Factory 一厂 C', 'School 二中 D', 'Shop 三店 C']);
    expect((await tiering(manager, 'GET', `customerGrade/${somebody}?program=GROUP`)).status).toBe(404);
    expect((await tiering(manager, 'GET', `customerTier/${ids.get('Factory 一厂')}`)).status).toBe(404);
  });

  it('[TIER-01] a draft is previewed: which groups would move, and why', async () => {
    const draft = { version: 'GROUP-2026.9', program: 'GROUP', effectiveFrom: '2026-01-01', body: changed };
    expect((await tiering(author, 'POST', 'ruleSet', draft)).status).toBe(201);
    const started = await tiering(author, 'POST', 'ruleSet/GROUP-2026.9/simulate', { asOf: today });
    expect(started.status).toBe(202);
    previewRunId = started.body.id;
    await eventually(async () => (await as(author, 'GET', started.body.href)).body.status === 'completed');
    const { impact } = (await tiering(manager, 'GET', `preview/${previewRunId}`)).body;
    expect(impact.moves).toMatchObject({ customers: 3, rises: 1, falls: 1, revenueAtRiskFen: 2_500_000 });
    expect(impact.transitions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ from: 'D', to: 'C', customers: 1 }),
        expect.objectContaining({ from: 'C', to: 'D', customers: 1 }),
      ]),
    );
    expect(impact.decidedBy).toEqual([{ kind: 'requirement', code: 'TWO_MEMBERS', customers: 1 }]);
    const { body: named } = await tiering(manager, 'GET', `preview/${previewRunId}/customer`);
    expect(named).toEqual([
      expect.objectContaining({
        id: ids.get('Shop 三店'),
        from: 'C',
        to: 'D',
        decidedByCode: 'TWO_MEMBERS',
        netSpendFen: 2_500_000,
      }),
    ]);
    expect(await classes()).toEqual(['Factory 一厂 C', 'School 二中 D', 'Shop 三店 C']);
  });

  it('[TIER-01] it is approved by a second person, and only then decides', async () => {
    const { checksum } = (await tiering(author, 'GET', 'ruleSet/GROUP-2026.9')).body;
    const seen = { checksum, previewRunId, reason: '评审通过' };
    expect((await tiering(author, 'POST', 'ruleSet/GROUP-2026.9/approve', seen)).status).toBe(403);
    expect((await tiering(approver, 'POST', 'ruleSet/GROUP-2026.9/activate', {})).status).toBe(409);
    expect((await tiering(approver, 'POST', 'ruleSet/GROUP-2026.9/approve', seen)).status).toBe(200);
    expect((await tiering(approver, 'POST', 'ruleSet/GROUP-2026.9/activate', {})).status).toBe(200);
    await grade('by the new rules');
    expect(await classes()).toEqual(['Factory 一厂 C', 'School 二中 C', 'Shop 三店 D']);
  });
});

function subscriptionOf({ account, msisdn }: (typeof PEOPLE)[number], nth: number): string {
  return [
    ...['D', `S-${account}`, KNOWN_SINCE, account, msisdn, '欧阳小明', 'ID_CARD', `4401011980010112${String(nth).padStart(2, '0')}`],
    ...['1980-01-01', 'GOTONE', '440000', '440100', '2015-05-01', 'ACTIVE', '2015-05-01T10:00:00+08:00', 'GT59', '5900'],
    ...['MAIN', '', '1', 'A', 'NEW', '1'],
  ].join('|');
} // prettier-ignore

function billOf({ account, msisdn, spendFen: fen }: (typeof PEOPLE)[number]): string {
  const cycle = month.slice(0, 7).replace('-', '');
  return [
    ...['D', `B-${account}`, account, msisdn, cycle, fen, 0, 0, 0, 0, 0, 0, 0, 0, 0, fen, fen, 0, today, ISSUED, 1, ''],
  ].join('|');
} // prettier-ignore

function neverHere(): never {
  throw new Error('the rules that are shipped say how levels move');
}
