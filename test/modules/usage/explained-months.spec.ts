import fc from 'fast-check';
import { ExplainMonth } from '../../../src/modules/usage/application/explain-month.query.js';
import { startIntake, type TestIntake } from './support/intake.js';
import { SEED } from '../../support/seed.js';

const NUMBER = '13800000001';
const usage = (recordId: string, given: object = {}): Record<string, unknown> => ({
  recordId, eventTime: '2025-01-15T10:00:00+08:00', msisdn: NUMBER, eventType: 'VOICE_MO', counterpartyClass: 'ON_NET', durationSec: 61,
  feeFen: 20, operation: 'NEW', version: 1, ...given,
}); // prettier-ignore
const bill = (given: object = {}): Record<string, unknown> => ({
  billNo: 'B-1', accountNo: `A-${NUMBER}`, msisdn: NUMBER, cycle: '202501', monthlyFeeFen: 5900, voiceFen: 1000, discountFen: -900,
  payableFen: 6000, paidFen: 0, arrearsFen: 6000, dueDate: '2025-02-20', issuedAt: '2025-02-01T03:00:00+08:00', version: 1, ...given,
}); // prettier-ignore
const payment = (given: object = {}): Record<string, unknown> => ({
  paymentId: 'P-1', accountNo: `A-${NUMBER}`, msisdn: NUMBER, paidAt: '2025-01-20T09:00:00+08:00', amountFen: 500, payer: 'OTHER',
  operation: 'NEW', version: 1, ...given,
}); // prettier-ignore

describe('the figures of a month', () => {
  let intake: TestIntake;
  let customerId: string;
  beforeAll(async () => {
    intake = await startIntake({}, [ExplainMonth]);
    intake.clock.time = new Date('2025-02-10T00:00:00Z');
    customerId = await intake.customer(NUMBER);
    const push = (kind: 'USG' | 'BIL' | 'PAY', records: Record<string, unknown>[]) =>
      intake.records.execute(kind, 'BOSS', records);
    await push('USG', [
      usage('U-1'),
      usage('U-2', { eventType: 'DATA', volumeKB: 2048, durationSec: 0 }),
      usage('U-3', { eventType: 'ROAM', volumeKB: 10, regionVisited: '110000' }),
      usage('U-4', { counterpartyClass: 'HOTLINE_RIVAL' }),
    ]);
    await push('USG', [
      usage('C-1', { operation: 'CORRECT', refRecordId: 'U-1', version: 2, durationSec: 30, feeFen: 10 }),
      usage('C-4', { operation: 'CANCEL', refRecordId: 'U-4', version: 2 }),
    ]);
    await push('BIL', [bill(), bill({ version: 2, monthlyFeeFen: 5800, payableFen: 5900, arrearsFen: 5900 })]);
    await push('PAY', [payment()]);
  });
  afterAll(() => intake?.close());

  const explained = () => intake.get(ExplainMonth).of(customerId, '2025-01-01');
  const figure = async (name: string) => (await explained()).figures.find((each) => each.name === name);

  it('[promise 29] are what their records say, and name them', async () => {
    const month = await explained();
    expect(month.figures.filter(({ kept, recomputed }) => kept !== recomputed)).toEqual([]);
    expect(month).toMatchObject({ isExplained: true, kept: { count: 5 }, recomputed: { count: 5 } });
    expect(month.kept.xor).toMatch(/^[0-9a-f]{16}$/);
    expect(month.records.map(({ kind, recordId, version }) => `${kind} ${recordId} ${version}`)).toEqual([
      'BIL B-1 2',
      'PAY P-1 1',
      'USG C-1 2',
      'USG U-2 1',
      'USG U-3 1',
    ]);
    expect(await figure('voice_mo_sec')).toMatchObject({ kept: 30 });
    expect(await figure('spend_fen')).toMatchObject({ kept: 5900 });
  });

  it('[promise 29] of nobody are none, and explained', async () => {
    expect(await intake.get(ExplainMonth).of(customerId, '2024-06-01')).toMatchObject({
      isExplained: true,
      records: [],
      kept: { count: 0, xor: '0000000000000000' },
    });
  });

  it.each([
    ['a figure', 'UPDATE usage.customer_month SET calls = calls + 1', 'UPDATE usage.customer_month SET calls = calls - 1'],
    ['the fee of a record', `UPDATE usage.usage_record SET fee_fen = 21 WHERE record_id = 'U-2'`, `UPDATE usage.usage_record SET fee_fen = 20 WHERE record_id = 'U-2'`],
    ['which version counts', `UPDATE usage.usage_record SET is_current = (version = 1) WHERE record_id IN ('U-1', 'C-1')`, `UPDATE usage.usage_record SET is_current = (version = 2) WHERE record_id IN ('U-1', 'C-1')`],
    ['a payment that never was', `UPDATE usage.payment SET amount_fen = 501`, `UPDATE usage.payment SET amount_fen = 500`],
    ['the number of records', 'UPDATE usage.customer_month SET inputs = inputs + 1', 'UPDATE usage.customer_month SET inputs = inputs - 1'],
  ])('[promise 29] show when somebody has changed %s', async (_, tamper, restore) => {
    await intake.db.query(tamper);
    expect(await explained()).toMatchObject({ isExplained: false });
    await intake.db.query(restore);
    expect(await explained()).toMatchObject({ isExplained: true });
  }); // prettier-ignore

  it('[promise 29] show when a record was put in the place of another with the same figures', async () => {
    const hashes = await intake.db.query<{ content_hash: string }>(
      `SELECT content_hash::text FROM usage.usage_record WHERE record_id = 'U-3'`,
    );
    await intake.db.query(`UPDATE usage.usage_record SET content_hash = content_hash # 1 WHERE record_id = 'U-3'`);
    const month = await explained();
    expect(month).toMatchObject({ isExplained: false, kept: { count: 5 }, recomputed: { count: 5 } });
    expect(month.figures.every(({ kept, recomputed }) => kept === recomputed)).toBe(true);
    await intake.db.query(`UPDATE usage.usage_record SET content_hash = $1::bigint WHERE record_id = 'U-3'`, [
      hashes[0]?.content_hash,
    ]);
    expect(await explained()).toMatchObject({ isExplained: true });
  });

  it('[promise 29] are explained whatever comes, corrects and takes back, in whatever order', async () => {
    let runs = 0;
    const step = fc.record({
      root: fc.integer({ min: 1, max: 4 }),
      version: fc.integer({ min: 1, max: 4 }),
      durationSec: fc.nat(500),
      feeFen: fc.nat(90),
      eventType: fc.constantFrom('VOICE_MO', 'DATA', 'ROAM', 'SMS'),
      day: fc.integer({ min: 1, max: 28 }),
      isCancel: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const number = `139${String(++runs).padStart(8, '0')}`;
        const id = await intake.customer(number);
        for (const { root, version, isCancel, day, ...rest } of steps) {
          const origin = `R-${runs}-${root}`;
          await intake.records.execute('USG', 'BOSS', [
            usage(version === 1 ? origin : `${origin}-${version}`, {
              ...rest, msisdn: number, version, volumeKB: 7, eventTime: `2025-01-${String(day).padStart(2, '0')}T10:00:00+08:00`,
              ...(version > 1 && { refRecordId: origin, operation: isCancel ? 'CANCEL' : 'CORRECT' }),
            }),
          ]); // prettier-ignore
        }
        const month = await intake.get(ExplainMonth).of(id, '2025-01-01');
        expect(month.figures.filter(({ kept, recomputed }) => kept !== recomputed)).toEqual([]);
        expect([month.isExplained, month.kept.xor]).toEqual([true, month.recomputed.xor]);
      }),
      { numRuns: 12, seed: SEED },
    );
  });
});
