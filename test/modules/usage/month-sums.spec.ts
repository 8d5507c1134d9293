import fc from 'fast-check';
import { BinaryRows } from '../../../src/modules/usage/persistence/binary-copy.js';
import { bytesOf, CustomerIds } from '../../../src/modules/usage/persistence/customer-ids.js';
import { ROAM_DAY_BIT } from '../../../src/modules/usage/persistence/month-facts.js';
import { createAddition, additionByMonth } from '../../../src/modules/usage/persistence/month-facts.js';
import { MonthSums } from '../../../src/modules/usage/persistence/month-sums.js';
import {
  PAYMENT,
  USAGE,
  type IdentifiedRecord,
  type StagedKind,
} from '../../../src/modules/usage/persistence/staged-kind.js';
import { RecordFields } from '../../../src/modules/usage/domain/record-fields.js';
import { Rejection } from '../../../src/modules/usage/domain/rejection.js';
import { COUNTERPARTY_CLASSES, EVENT_TYPES } from '../../../src/modules/usage/domain/codes.js';
import { Transaction } from '../../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const CUSTOMERS = ['019a0000-0000-7000-8000-000000000001', '019a0000-0000-7000-8000-000000000002'];
const instant = fc
  .integer({ min: Date.parse('2024-12-30T00:00:00+08:00'), max: Date.parse('2025-03-02T00:00:00+08:00') })
  .map((ms) => new Date(ms).toISOString());
const amount = fc.integer({ min: 0, max: 999_999_999_999 });

const usageLine = fc
  .tuple(
    fc.nat(), instant, fc.constantFrom(...EVENT_TYPES), fc.constantFrom(...COUNTERPARTY_CLASSES), fc.integer({ min: 0, max: 2_147_483_647 }),
    amount, fc.integer({ min: 1, max: 1_000_000 }), amount, fc.constantFrom('0', '1', ''),
  )
  .map(([id, at, type, party, seconds, kb, events, fee, forwarded]) =>
    `D|U-${id}|${at}|13800000001|||${type}|${party}|${seconds}|${kb}|${events}|${fee}|0|||${forwarded}|||NEW||1`); // prettier-ignore
const paymentLine = fc
  .tuple(fc.nat(), instant, amount, fc.constantFrom('SELF', 'OTHER'))
  .map(([id, at, fen, payer]) => `D|P-${id}|||${at}|${fen}||${payer}||NEW||1`.replace('|||', '||13800000001|'));

describe('what a record adds to its month', () => {
  let db: TestDatabase;
  let transaction: Transaction;
  beforeAll(async () => {
    db = await createTestDatabase();
    transaction = new Transaction(await db.dataSource());
  });
  afterAll(() => db.drop());

  /** The same records, summed as they come in, and by PostgreSQL from their rows. */
  async function bothWays<R extends IdentifiedRecord>(
    kind: StagedKind<R>,
    lines: readonly (readonly [string, number])[],
  ) {
    const facts = Object.keys(kind.facts);
    const ids = new CustomerIds();
    for (const id of CUSTOMERS) ids.numberOf(bytesOf(id));
    const sums = new MonthSums(facts, ids);
    const rows = new BinaryRows();
    const place = new Float64Array(facts.length);
    for (const [line, customer] of lines) {
      const record = kind.parse(RecordFields.ofText(line));
      if (record instanceof Rejection) throw new Error(`${record.field}: ${record.text}`);
      for (const [at, { of }] of Object.values(kind.facts).entries()) place[at] = of(record);
      const { high, low } = record.contentHash;
      sums.add(customer, kind.monthOf(record), place, 0, kind.dayBit?.(record) ?? 0, high, low);
      rows.row(kind.columns.length + 1).uuid(CUSTOMERS[customer] ?? '');
      kind.write(rows, record);
    }
    return await transaction.run(async (tx) => {
      await tx.execute(createAddition(facts));
      await sums.spill(tx);
      await tx.execute(`CREATE TEMP TABLE record ON COMMIT DROP AS SELECT * FROM ${kind.table} WITH NO DATA`);
      await rows.copyInto(tx, 'record', ['customer_id', ...kind.columns]);
      const figures = Object.entries(kind.facts).map(
        ([name, { figure, when }]) =>
          `COALESCE(sum(${figure})${when ? ` FILTER (WHERE ${when})` : ''}, 0)::text AS ${name}`,
      );
      const days = kind.dayBit ? `bit_or(${ROAM_DAY_BIT})` : '0';
      return {
        ours: await tx.query(
          `SELECT customer_id, month, ${facts.map((fact) => `${fact}::text`).join(', ')}, roam_day_mask, inputs::int, input_xor::text
           FROM ${additionByMonth(facts)} ORDER BY 1, 2`,
        ),
        theirs: await tx.query(
          `SELECT customer_id, month, ${figures.join(', ')}, ${days} AS roam_day_mask, count(*)::int AS inputs,
             bit_xor(content_hash)::text AS input_xor FROM record GROUP BY 1, 2 ORDER BY 1, 2`,
        ),
      };
    });
  }

  it('[promise 21] [promise 29] usage adds up here as in PostgreSQL, beyond what doubles hold, too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(usageLine, fc.nat({ max: 1 })), { minLength: 1, maxLength: 60 }),
        async (lines) => {
          // The same ones over and over: the sums leave the exact integers.
          const { ours, theirs } = await bothWays(USAGE, Array.from({ length: 300 }, () => lines).flat());
          expect(ours).toEqual(theirs);
        },
      ),
      { numRuns: 15 },
    );
  }, 60_000);

  it('[promise 21] payments do', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(paymentLine, fc.nat({ max: 1 })), { minLength: 1, maxLength: 200 }),
        async (lines) => {
          const { ours, theirs } = await bothWays(PAYMENT, lines);
          expect(ours).toEqual(theirs);
        },
      ),
      { numRuns: 15 },
    );
  });
});
