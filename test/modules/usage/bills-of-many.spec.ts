import fc from 'fast-check';
import { OpenBills1763900300040 } from '../../../migrations/1763900300040-open-bills.js';
import { newId } from '../../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const FIRST_DAY = Date.parse('2025-01-01T00:00:00+08:00');
const instant = (step: number): string => new Date(FIRST_DAY + step * 12 * 3_600_000).toISOString();
const dayOf = (step: number): string =>
  new Date(FIRST_DAY + step * 12 * 3_600_000 + 8 * 3_600_000).toISOString().slice(0, 10);

/** Few numbers, amounts and instants, so that they often meet; the same numbers with every customer. */
const fen = fc.constantFrom(0, 100, 200, 300, 500, 1_000);
const step = fc.nat(60);
const billNo = fc.constantFrom('B-0', 'B-1', 'B-2', 'B-3');
const cycle = fc.constantFrom('2024-10-01', '2024-11-01', '2024-12-01');
const maybe = <T>(given: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(given);
const operation = fc.constantFrom(1, 1, 1, 2, 3);

const customer = fc.record({
  bills: fc.uniqueArray(
    fc.record({
      bill_no: billNo, version: fc.constantFrom(1, 2), cycle, payable_fen: fen, paid_fen: fc.constantFrom(0, 0, 100, 500), due_on: step.map(dayOf),
      issued_at: step.map(instant), supersedes: maybe(billNo), is_current: fc.constantFrom(true, true, false),
    }),
    { maxLength: 4, selector: (bill) => bill.bill_no },
  ).map((drawn) => drawn.flatMap((bill) => (bill.version === 1 ? [bill] : [{ ...bill, version: 1, is_current: false }, bill]))),
  payments: fc.array(
    fc.record({
      paid_at: step.map(instant), amount_fen: fc.oneof(fen, fc.constant(-100)), method: maybe(fc.constantFrom('CASH', 'CARD')),
      paid_by_other: fc.boolean(), bill_no: maybe(billNo), operation, is_current: fc.constantFrom(true, true, false),
    }),
    { maxLength: 8 },
  ),
  items: fc.array(
    fc.record({
      snapshot_on: step.map(dayOf), bill_no: maybe(billNo), cycle, due_on: step.map(dayOf), arrears_fen: fen,
      status: fc.constantFrom(1, 1, 2, 3), operation, is_current: fc.constantFrom(true, true, false),
    }),
    { maxLength: 4 },
  ),
  suspensions: fc.nat(3),
}); // prettier-ignore

describe('[CUS-22] bills and payment behaviour of many customers at once', () => {
  let db: TestDatabase;

  beforeAll(async () => {
    db = await createTestDatabase();
    // As they were when each customer was asked for alone.
    for (const sql of OpenBills1763900300040.functions) {
      await db.query(
        sql.replaceAll('usage.bills_of', 'usage.bills_asked_alone').replaceAll('behaviour_of', 'behaviour_asked_alone'),
      );
    }
  });
  afterAll(() => db.drop());

  async function keep(
    customerId: string,
    { bills, payments, items, suspensions }: typeof customer extends fc.Arbitrary<infer T> ? T : never,
  ): Promise<void> {
    const as = (rows: readonly object[]): string => JSON.stringify(rows.map((row, i) => ({ ...row, id: `I-${i}` })));
    await db.query(
      `INSERT INTO usage.customer_bill (customer_id, source, bill_no, version, file_id, content_hash, cycle, monthly_fee_fen, voice_fen, sms_fen,
         data_fen, roaming_fen, vas_fen, collected_for_others_fen, discount_fen, gift_fen, adjustment_fen, payable_fen, paid_fen,
         arrears_fen, due_on, issued_at, supersedes, is_current, recorded_at)
       SELECT $1, 'BOSS', bill_no, version, $1, 0, cycle, payable_fen, 0, 0, 0, 0, 0, 0, 0, 0, 0, payable_fen, paid_fen, 0, due_on, issued_at,
         supersedes, is_current, issued_at
       FROM jsonb_to_recordset($2::jsonb) AS b (bill_no text, version int, cycle date, payable_fen bigint, paid_fen bigint, due_on date,
         issued_at timestamptz, supersedes text, is_current boolean)`,
      [customerId, as(bills)],
    );
    await db.query(
      `INSERT INTO usage.payment (customer_id, source, payment_id, version, file_id, content_hash, paid_at, month, amount_fen, method,
         paid_by_other, bill_no, operation, is_current, recorded_at)
       SELECT $1, 'BOSS', id, 1, $1, 0, paid_at, date_trunc('month', paid_at), amount_fen, method, paid_by_other, bill_no, operation,
         is_current, paid_at
       FROM jsonb_to_recordset($2::jsonb) AS p (id text, paid_at timestamptz, amount_fen bigint, method text, paid_by_other boolean,
         bill_no text, operation int, is_current boolean)`,
      [customerId, as(payments)],
    );
    await db.query(
      `INSERT INTO usage.arrears_record (customer_id, source, record_id, version, file_id, content_hash, snapshot_on, month, bill_no, cycle,
         due_on, arrears_fen, late_fee_fen, status, operation, is_current, recorded_at)
       SELECT $1, 'BOSS', id, 1, $1, 0, snapshot_on, date_trunc('month', snapshot_on), bill_no, cycle, due_on, arrears_fen, 0, status,
         operation, is_current, snapshot_on
       FROM jsonb_to_recordset($2::jsonb) AS a (id text, snapshot_on date, bill_no text, cycle date, due_on date, arrears_fen bigint,
         status int, operation int, is_current boolean)`,
      [customerId, as(items)],
    );
    await db.query(
      `INSERT INTO usage.customer_month (customer_id, month, spend_fen, net_spend_fen, two_way_suspensions) VALUES ($1, '2025-01-01', 0, 0, $2)`,
      [customerId, suspensions],
    );
  }

  it('are what they are of each of them alone', async () => {
    let bills = 0;
    let settled = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(customer, { minLength: 2, maxLength: 8 }), fc.option(step), async (people, until) => {
        const ids = people.map(() => newId()).sort();
        for (const [i, each] of people.entries()) await keep(ids[i] ?? '', each);
        const asOf = until === null ? 'infinity' : instant(until);
        // The first and the last are left out: the range has neighbours.
        const meant = people.length > 3 ? ids.slice(1, -1) : ids;
        const compare = async (many: string, ...alone: readonly string[]): Promise<Record<string, unknown>[]> => {
          const found = await db.query(
            `SELECT f.*, f::text AS row FROM usage.${many}($1::uuid, $2::uuid, $3::timestamptz) f ORDER BY row`,
            [meant[0], meant[meant.length - 1], asOf],
          );
          const rows = found.map(({ row }) => row);
          for (const one of alone) {
            const expected = await db.query<{ row: string }>(
              `SELECT x::text AS row FROM (
                 SELECT c.customer_id, f.* FROM (
                   SELECT customer_id FROM usage.customer_bill UNION SELECT customer_id FROM usage.arrears_record
                 ) c, usage.${one}(c.customer_id, $2::timestamptz) f WHERE c.customer_id = ANY ($1)
               ) x ORDER BY row`,
              [meant, asOf],
            );
            expect(rows).toEqual(expected.map(({ row }) => row));
          }
          return found;
        };
        bills += (await compare('bills_between', 'bills_asked_alone', 'bills_of')).length;
        const behaviour = await compare(
          'payment_behaviour_between', 'payment_behaviour_asked_alone', 'payment_behaviour_of',
        ); // prettier-ignore
        settled += behaviour.reduce((sum, each) => sum + Number(each.settled_bills), 0);
      }),
      { numRuns: 150 },
    );
    expect(bills).toBeGreaterThan(300);
    expect(settled).toBeGreaterThan(50);
  }, 120_000);
});
