import { jest } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { eventually } from '../support/eventually.js';
import type { Answer } from '../support/http.js';
import { expectedOf, isLetIn, markdownOf, requestTo, startMatrix, type Matrix, type Member } from './access-matrix.js';

jest.setTimeout(180_000);

const PAGE = 'docs/access-matrix.md';

/** What a route refuses although access is granted, by a rule of its own. */
const RULES: Readonly<Record<string, string>> = {
  'GET /care-api/benefits/v1/customer/:customerId/use/:id': 'benefits.use-not-found', // nobody has used any
  'GET /care-api/points/v1/account/:customerId/payment/:id': 'points.payment-not-found', // nobody has paid with points
  'GET /care-api/points/v1/account/:customerId/order/:id': 'points.order-not-found', // nobody has ordered any
  'GET /care-api/billing/v1/itemisedList/:id/file': 'billing.not-your-list',
  'GET /care-api/privacy/v1/subjectExport/:id/file': 'privacy.not-your-copy',
  'GET /care-api/points/v1/proof': 'points.proof-not-found', // no night has passed
  'GET /care-api/points/v1/auction/:id/winner': 'points.auction-not-found', // still open
  'GET /care-api/tiering/v1/preview/comparison': 'tiering.preview-not-found', // nobody has made two
  'GET /care-api/intake/v1/file/:id': 'resource.not-found', // of another source than the key's
  'GET /care-api/intake/v1/file/:id/answer': 'resource.not-found',
  'GET /care-api/intake/v1/source/:id': 'resource.not-found',
  'GET /care-api/intake/v1/reject/:id': 'resource.not-found', // nothing of that province was refused, waits, or is compared
  'GET /care-api/intake/v1/heldRecord/:id': 'resource.not-found',
  'GET /care-api/intake/v1/rejectReplay/:id': 'run.not-found',
  'GET /care-api/intake/v1/reconciliation/:id': 'resource.not-found',
  'GET /care-api/intake/v1/monthClosing/:month': 'resource.not-found',
  'GET /care-api/feed/v1/file/:id': 'resource.not-found', // of intake
  'GET /care-api/feed/v1/file/:id/content': 'resource.not-found',
  'GET /care-api/feed/v1/subscription/:id': 'resource.not-found', // everybody has the own ones
};

/** Whoever looks at one of these looks at a customer. */
const READS_CUSTOMER = [
  ...['customer', 'ticket', 'redemption', 'usage', 'contact', 'card', 'membershipTransfer', 'pointsTransfer'],
  ...['loyaltyBalance', 'loyaltyEarn', 'loyaltyBurn', 'manualEntry'],
];

/** These end the session of whoever asks. */
const ENDS_SESSION = /\/(customerSession|session|me)(\/|$)/;

interface Measured {
  readonly route: string;
  readonly says: string;
  readonly member: Member;
  readonly answer: Answer;
  readonly expected: ReturnType<typeof expectedOf>;
  /** The code that says that there is nothing. */
  readonly hides: string | undefined;
  readonly readsCustomer: boolean;
}

describe('[AUD-02][PLT-01] every route, asked by every role', () => {
  let matrix: Awaited<ReturnType<typeof startMatrix>>;
  const measured: Measured[] = [];

  beforeAll(async () => {
    matrix = await startMatrix();
    for (const route of matrix.routes) {
      for (const member of matrix.members) {
        for (const isOutside of route.concerns ? [true, false] : [false]) {
          measured.push(await measure(matrix, route, member, isOutside));
        }
      }
    }
  });
  afterAll(() => matrix?.stop());

  it('is refused or let in as its permission, the role and the scope say', () => {
    const wrong = measured.flatMap(({ says, answer, expected, hides }) => {
      const { status, body } = answer;
      if (expected !== isLetIn)
        return status === expected.status && body?.code === expected.code
          ? []
          : [`${says}: ${status} ${body?.code} instead of ${expected.status} ${expected.code}`];
      const isRefused =
        status === 401 || String(body?.code).startsWith('access.') || (hides !== undefined && body?.code === hides);
      return isRefused ? [`${says}: ${status} ${body?.code} instead of being let in`] : [];
    });
    expect(measured.length).toBeGreaterThan(1_500);
    expect(wrong).toEqual([]);
  });

  it('reads what is in scope, and nothing of what is not', () => {
    const reads = measured.filter(({ says, expected }) => says.includes(' GET ') && expected === isLetIn);
    expect(
      reads
        .filter(({ route, answer }) => answer.status !== 200 && answer.body?.code !== RULES[route])
        .map(({ says, answer }) => `${says}: ${answer.status} ${answer.text.slice(0, 120)}`),
    ).toEqual([]);
    const strangers = matrix.customers.filter(({ province }) => province === '320000');
    const told = measured.flatMap(({ says, answer }) =>
      strangers.flatMap(({ customerId, account, msisdn, name }) =>
        [customerId, account, msisdn, name]
          .filter((value) => answer.text.includes(value))
          .map((value) => `${says}: ${value}`),
      ),
    );
    expect(told).toEqual([]);
  });

  it('leaves a line in the access register for every refusal, and for every look at a customer', async () => {
    const registered = await eventually(async () => {
      const rows = await matrix.database.query<{ request_id: string; result: string }>(
        'SELECT request_id, result FROM organization.access_register',
      );
      const last = measured.at(-1)?.answer.headers['x-request-id'];
      return rows.length > 0 && last ? rows : undefined;
    });
    const refused = new Set(
      registered.filter(({ result }) => result === 'refused').map(({ request_id }) => request_id),
    );
    const granted = new Set(
      registered.filter(({ result }) => result === 'granted').map(({ request_id }) => request_id),
    );
    const missing = measured.filter(
      ({ expected, answer }) => expected !== isLetIn && !refused.has(answer.headers['x-request-id'] ?? ''),
    );
    expect(missing.map(({ says }) => says)).toEqual([]);
    const looks = measured.filter(
      ({ readsCustomer, expected, answer }) => readsCustomer && expected === isLetIn && answer.status === 200,
    );
    expect(looks.length).toBeGreaterThan(50);
    expect(
      looks.filter(({ answer }) => !granted.has(answer.headers['x-request-id'] ?? '')).map(({ says }) => says),
    ).toEqual([]);
  });

  it('stands in the documentation as it is', async () => {
    const roles = matrix.members.map(({ role }) => role).sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = await format(markdownOf(matrix.routes, roles), { ...(await resolveConfig(PAGE)), filepath: PAGE });
    if (process.env.ACCESS_MATRIX === 'write') await writeFile(PAGE, page);
    expect(await readFile(PAGE, 'utf8')).toBe(page);
  });
});

async function measure(
  matrix: Matrix,
  route: Matrix['routes'][number],
  member: Member,
  isOutside: boolean,
): Promise<Measured> {
  const request = requestTo(route, isOutside ? matrix.outOfScope : matrix.inScope);
  const answer = await matrix.call({ ...request, headers: member.headers() });
  if (ENDS_SESSION.test(route.path) && route.method !== 'GET' && answer.status < 400) await member.renew();
  if (route.method !== 'GET' && answer.status < 400) await matrix.restore();
  return {
    route: `${route.method} ${route.path}`,
    says: `${member.role.name} ${route.method} ${route.path}${isOutside ? ' elsewhere' : ''}`,
    member,
    answer,
    expected: expectedOf(route, member, isOutside),
    hides: route.concerns && new route.concerns.unknown().code,
    readsCustomer:
      route.method === 'GET' &&
      !route.path.endsWith('/decision') && // tells of agents
      READS_CUSTOMER.some((kind) => typeof route.concerns?.[kind] === 'string'),
  };
}
