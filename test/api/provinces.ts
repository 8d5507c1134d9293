import { OrganizationFacade } from '../../src/modules/organization/index.js';
import { startTestApplication, type Credentials, type TestApplication } from '../support/application.js';
import type { Answer, Request } from '../support/http.js';
import { signIn } from '../support/sign-in.js';
import { fileText, type FileParts } from '../modules/usage/support/boss-file.js';
import { carriedOut, sendFile } from './world.js';

export const PROVINCES = ['440000', '320000'] as const;
export type Province = (typeof PROVINCES)[number];

/** Somebody whose every value is known and told from all others', so that it is recognised wherever it turns up. */
export interface Known {
  readonly province: Province;
  readonly branch: string;
  readonly account: string;
  readonly msisdn: string;
  readonly idNumber: string;
  readonly name: string;
}

export interface KnownCustomer extends Known {
  readonly customerId: string;
}

/** Two provinces of one operator, each with a branch, customers and somebody of every shipped role. */
export interface Provinces extends TestApplication {
  readonly customers: readonly KnownCustomer[];
  readonly boss: Credentials;
  readonly pbx: Credentials;
  /** Shipped roles of people. */
  readonly roles: readonly string[];
  readonly units: Readonly<Record<Province, { readonly province: string; readonly branch: string }>>;
  /** Signs in somebody who works in this unit. */
  colleague(unitId: string, ...roles: readonly string[]): Promise<Colleague>;
  /** As the administrator, unless the request says otherwise. */
  ask(request: Request): Promise<Answer>;
  /** As the administrator; fails unless the answer is a success. */
  done(request: Request): Promise<Answer>;
}

export interface Colleague {
  readonly staffId: string;
  readonly login: string;
  readonly password: string;
  readonly credentials: Credentials;
}

const PASSWORD = 'a long phrase that nobody guesses';
const ROOT_UNIT_ID = '019a9d00-0000-7000-8000-000000000001';
const SINCE = '2026-01-01T01:00:00+08:00';
const ISSUED = '2026-02-01T01:00:00+08:00';
const SURNAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨';
const GIVEN = '婉禾砚舟霁月鹤鸣芷兰岫玉昀泽柠悦珞瑜璟行';

/** The n-th of as many people as one likes; the first half of the names are rare enough to be searched for. */
export function known(nth: number, province: Province = PROVINCES[nth % 2 === 0 ? 0 : 1]): Known {
  // Spread, or a fraction in a log may contain one by chance.
  const seven = String((4_517_293 + nth * 7_919) % 10_000_000).padStart(7, '0');
  const [given, second] = [GIVEN[(nth * 7) % GIVEN.length], GIVEN[(nth * 3 + 1) % GIVEN.length]];
  return {
    province,
    branch: province.replace(/00$/, '').replace(/00$/, '0100'),
    account: `ACC${province.slice(0, 2)}X${seven}`,
    msisdn: `1${province === '440000' ? '39' : '58'}7${seven}`,
    idNumber: idNumber(`${province.slice(0, 4)}06`, nth),
    name: `${SURNAMES[nth % SURNAMES.length]}${given}${second}`,
  };
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** GB 11643: the last character checks the others. */
function idNumber(region: string, nth: number): string {
  const digits = `${region}1980${String(1 + (nth % 12)).padStart(2, '0')}${String(1 + (nth % 28)).padStart(2, '0')}${String(nth % 1000).padStart(3, '0')}`;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(digits[at]), 0);
  return digits + ('10X98765432'[sum % 11] ?? '');
}

/** The SUB line that brings somebody. */
export const subscriptionLine = (k: Known): string =>
  [
    ...['D', `S-${k.account}`, SINCE, k.account, k.msisdn, k.name, 'ID_CARD', k.idNumber, '1980-01-01', 'GOTONE'],
    ...[k.province, k.branch, '2015-05-01', 'ACTIVE', '2025-12-01T10:00:00+08:00', 'GT128', '12800', 'MAIN', '', '1'],
    ...['A', 'NEW', '1'],
  ].join('|');

export const billLine = (k: Known, fen: number): string =>
  [
    ...['D', `B-${k.account}`, k.account, k.msisdn, '202601', fen, 0, 0, 0, 0, 0, 0, 0, 0, 0, fen, fen, 0],
    ...['2026-02-20', ISSUED, 1, ''],
  ].join('|');

/** Two files, one with their numbers and one with their bills of January. */
export const filesOf = (people: readonly Known[], source = 'BOSS', sequence = 1): readonly FileParts[] => [
  {
    kind: 'SUB',
    source,
    sequence,
    date: '20260101',
    lines: people.map(subscriptionLine),
    totals: { first: SINCE, last: SINCE },
  },
  {
    kind: 'BIL',
    source,
    sequence,
    date: '20260201',
    lines: people.map((each) => billLine(each, 1_000_000)),
    totals: { fee: people.length * 1_000_000, first: ISSUED, last: ISSUED },
  },
];

export async function startProvinces(size: number, environment: NodeJS.ProcessEnv = {}): Promise<Provinces> {
  const application = await startTestApplication(environment);
  return peopled(application, size).catch(async (error: unknown) => {
    await application.close(); // or its workers would keep the test alive
    throw error;
  });
}

async function peopled(application: TestApplication, size: number): Promise<Provinces> {
  const ask = (request: Request): Promise<Answer> =>
    application.call({ ...request, headers: { ...application.administrator, ...request.headers } });
  const done = async (request: Request): Promise<Answer> => {
    const answer = await ask(request);
    if (answer.status >= 300) throw new Error(`${request.method ?? 'GET'} ${request.url}: ${answer.text}`);
    return answer;
  };
  const organization = application.app.get(OrganizationFacade);
  const unitsOf = async (province: Province): Promise<{ province: string; branch: string }> => {
    const above = { parentId: ROOT_UNIT_ID, kind: 'province', code: province, name: province } as const;
    const { unitId } = await organization.ensureUnit(above);
    const { branch: code } = known(0, province);
    const branch = await organization.ensureUnit({ parentId: unitId, kind: 'branch', code, name: code });
    return { province: unitId, branch: branch.unitId };
  };
  const units = { '440000': await unitsOf('440000'), '320000': await unitsOf('320000') };

  const boss = await application.system('boss', 'BOSS');
  const people = Array.from({ length: size }, (_, nth) => known(nth));
  for (const parts of filesOf(people)) {
    const { name, text } = fileText(parts);
    const { body } = await application.call(sendFile(name, text, boss));
    if (body?.state !== 'OK') throw new Error(JSON.stringify(body));
  }
  const ids = new Map<string, string>();
  for (let offset = 0; offset < size; offset += 1000) {
    const { body } = await done({ url: `/tmf-api/customerManagement/v4/customer?limit=1000&offset=${offset}&sort=id` });
    for (const { id, account } of body) ids.set(account[0].id, id);
  }
  for (const run of [
    { kind: 'tiering.review', asOf: '2026-02-01' },
    { kind: 'points.accrue', key: '2026-01', asOf: '2026-02-01' },
    { kind: 'analytics.churn', asOf: '2026-02-01' },
  ]) {
    await carriedOut({ done }, run);
  }
  const roles = await done({ url: '/care-api/organization/v1/role?limit=100&isForSystems=false' });
  let colleagues = 0;
  return {
    ...application,
    customers: people.map((each) => ({ ...each, customerId: ids.get(each.account) ?? '' })),
    boss,
    pbx: await application.system('pbx'),
    roles: roles.body.map(({ name, id }: { name: string; id: string }) => id ?? name),
    units,
    colleague: async (unitId, ...granted) => {
      const login = `${granted[0] ?? 'nobody'}.${++colleagues}`;
      const { staffId } = await organization.ensureStaff({
        login, displayName: login, password: PASSWORD, unitId, roles: granted,
      }); // prettier-ignore
      const authorization = await signIn(application.call, { login, password: PASSWORD });
      return { staffId, login, password: PASSWORD, credentials: { authorization } };
    },
    ask,
    done,
  };
}
