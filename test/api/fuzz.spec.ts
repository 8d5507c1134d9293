import fc from 'fast-check';
import { operations } from './document.js';
import { POISON, shotsAt } from './fuzz-arbitraries.js';
import { complaints, fire, permissionOf, startRange, type Asker, type Range } from './fuzz.js';

// `npm run torture -- fuzz` asks for more of them, and for the whole table.
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 3_000);
// The same ones each time here; the torture takes others.
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_122);
const each = Math.max(1, Math.ceil(REQUESTS / operations.length));

interface Tally {
  sent: number;
  wellFormed: number;
  readonly byStatus: Map<number, number>;
}

describe(`anything may be sent to the API (seed ${SEED})`, () => {
  let range: Range;
  const tallies = new Map<string, Tally>();

  beforeAll(async () => {
    range = await startRange();
  });
  afterAll(async () => {
    await range?.close();
    process.stdout.write(reported(tallies, process.env.FUZZ_REQUESTS !== undefined));
  });

  it.each(operations.map((operation) => [operation.name, operation] as const))(
    '%s',
    async (name, operation) => {
      const tally: Tally = { sent: 0, wellFormed: 0, byStatus: new Map() };
      tallies.set(name, tally);
      const permission = permissionOf(operation);
      const entitled = range.askers.filter(
        ({ permissions }) => permission === undefined || permissions.includes(permission) || permissions.includes('*'),
      );
      const asker: fc.Arbitrary<Asker> = fc.oneof(
        { weight: 7, arbitrary: fc.constantFrom(...(entitled.length > 0 ? entitled : range.askers)) },
        { weight: 2, arbitrary: fc.constantFrom(...range.askers) },
      );
      const property = fc.asyncProperty(asker, shotsAt(operation), async (who, shot) => {
        tally.sent += 1;
        if (!shot.damage) tally.wellFormed += 1;
        const { status } = await fire(range, operation, who, shot);
        tally.byStatus.set(status, (tally.byStatus.get(status) ?? 0) + 1);
      });
      await fc.assert(property, { seed: SEED, numRuns: each, endOnFailure: process.env.FUZZ_NO_SHRINK !== undefined });
    },
    600_000,
  );

  it('and every broken promise is noticed', () => {
    const operation = operations.find(({ name }) => name === 'GET /tmf-api/customerManagement/v4/customer/{id}');
    const [, asker] = range.askers;
    const [customer] = range.customers;
    if (!operation || !asker || !customer) throw new Error('There is nothing to try it with');
    const shot = { path: {}, query: {}, headers: {}, type: undefined, body: undefined, damage: undefined };
    const request = { url: operation.path.replace('{id}', customer.customerId) };
    const error = {
      code: 'resource.not-found',
      reason: 'r',
      message: 'm',
      status: '404',
      referenceError: 'u',
      '@type': 'Error',
    };
    const said = (status: number, body: object, type = 'application/json; charset=utf-8'): readonly string[] => {
      const answer = { status, body, text: JSON.stringify(body), headers: { 'content-type': type } };
      return complaints(range, operation, { ...asker, mustNotSee: [customer] }, shot, request, answer);
    };
    expect(said(404, error)).toEqual([]);
    for (const [status, body, type] of [
      [500, { ...error, status: '500' }],
      [404, { ...error, status: '400' }],
      [404, { ...error, code: 'something.else' }],
      [404, error, 'text/html'],
      [404, { ...error, message: POISON[0] }],
      [404, { ...error, message: customer.name }],
      [404, { ...error, detail: { id: customer.customerId } }],
      [404, { ...error, message: 'at /app/node_modules/x.js:1' }],
      [400, { ...error, status: '400', code: 'request.invalid' }],
      [200, { id: 'without the rest' }],
      [206, {}],
    ] as const) {
      expect([status, body, said(status, body, type)]).toEqual([
        status,
        body,
        [expect.anything(), ...said(status, body, type).slice(1)],
      ]);
    }
  });

  it('and is often enough right to be answered', () => {
    const all = [...tallies.values()];
    const sent = all.reduce((sum, tally) => sum + tally.sent, 0);
    const answered = all.reduce((sum, tally) => sum + successes(tally), 0);
    expect([tallies.size, all.every((tally) => tally.sent >= each)]).toEqual([operations.length, true]);
    expect(answered / sent).toBeGreaterThan(0.25);
  });
});

const successes = ({ byStatus }: Tally): number =>
  [...byStatus].reduce((sum, [status, times]) => (status < 300 ? sum + times : sum), 0);

function reported(tallies: ReadonlyMap<string, Tally>, withRoutes: boolean): string {
  const statuses = [...new Set([...tallies.values()].flatMap(({ byStatus }) => [...byStatus.keys()]))].sort(
    (a, b) => a - b,
  );
  const line = (name: string, cells: readonly (string | number)[]): string =>
    `${name.padEnd(70)}${cells.map((cell) => String(cell).padStart(7)).join('')}\n`;
  const cellsOf = (some: readonly Tally[]): readonly number[] => [
    some.reduce((sum, { sent }) => sum + sent, 0),
    some.reduce((sum, { wellFormed }) => sum + wellFormed, 0),
    ...statuses.map((status) => some.reduce((sum, { byStatus }) => sum + (byStatus.get(status) ?? 0), 0)),
  ];
  const rows = withRoutes ? [...tallies].map(([name, tally]) => line(name, cellsOf([tally]))) : [];
  const never = [...tallies].filter(([, tally]) => successes(tally) === 0).map(([name]) => name);
  return [
    line(`seed ${SEED}`, ['sent', 'valid', ...statuses]),
    ...rows,
    line('all', cellsOf([...tallies.values()])),
    never.length > 0 ? `never answered with success: ${never.join(', ')}\n` : '',
  ].join('');
}
