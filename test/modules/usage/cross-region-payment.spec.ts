import { CrossRegionPayments } from '../../../src/modules/usage/application/cross-region-payments.query.js';
import { PushRecords } from '../../../src/modules/usage/application/push-records.js';
import type { Actor } from '../../../src/platform/identity/index.js';
import { actingFor } from '../../../src/platform/database/acting.js';
import { LAYOUT } from '../../../src/modules/usage/domain/field-table.js';
import { fileText, gzipped } from './support/boss-file.js';
import { startIntake, type TestIntake } from './support/intake.js';

const [A, B] = ['440000', '110000'];
const OF_A = '13800000001';
const OF_B = '13800000002';

describe('[XRG-04] a payment taken in another province', () => {
  let intake: TestIntake;
  let customers: readonly string[];
  let sequences = 0;

  beforeEach(async () => {
    intake = await startIntake({}, [CrossRegionPayments]);
    sequences = 0;
    customers = [await intake.customer(OF_A), await intake.customer(OF_B)];
    for (const [at, region] of [A, B].entries()) {
      await intake.db.query(
        'UPDATE customers.customer SET region = $2, main_subscription_id = customer_id WHERE customer_id = $1',
        [customers[at], region],
      );
    }
  });
  afterEach(() => intake.close());

  const payment = (given: object = {}) => ({
    paymentId: 'P-1', msisdn: OF_A, paidAt: '2025-01-31T09:00:00+08:00', amountFen: 6_500, method: 'CASH', payer: 'SELF',
    operation: 'NEW', version: 1, regionPaid: B, ...given,
  }); // prettier-ignore
  const reversal = (given: object = {}) =>
    payment({
      paymentId: 'P-1R', operation: 'CANCEL', refRecordId: 'P-1', version: 2, paidAt: '2025-02-01T10:00:00+08:00', ...given,
    }); // prettier-ignore
  const push = async (...records: readonly object[]) =>
    (
      await intake.get(PushRecords).execute(
        'PAY',
        'BOSS',
        records.map((each) => ({ ...each })),
      )
    ).map(({ outcome }) => outcome);
  const send = async (...records: readonly Record<string, unknown>[]) => {
    const columns = [...LAYOUT.PAY.names, 'regionPaid'];
    const times = records.map(({ paidAt }) => String(paidAt)).sort();
    const file = fileText({
      kind: 'PAY', sequence: (sequences += 1), columns,
      lines: records.map((record) => ['D', ...columns.map((name) => record[name] ?? '')].join('|')),
      totals: {
        fee: records.reduce((sum, { amountFen }) => sum + Number(amountFen), 0), first: times[0] ?? '', last: times.at(-1) ?? '',
      },
    }); // prettier-ignore
    const { state, counts } = await intake.files.execute(file.name, gzipped(file.text));
    return { state, counts };
  };
  const paid = async (customer = 0) =>
    (
      await intake.db.query<{ fen: number }>(
        'SELECT COALESCE(sum(paid_fen), 0)::bigint AS fen FROM usage.month_fact WHERE customer_id = $1',
        [customers[customer]],
      )
    )[0]?.fen;
  const day = (date: string, provinces?: readonly string[]) => intake.get(CrossRegionPayments).ofDay(date, provinces);
  const none = { count: 0, sumFen: 0 };

  it('posts to the account at home once, and the other province owes it', async () => {
    expect(await push(payment())).toEqual(['ACCEPTED']);
    expect(await push(payment())).toEqual(['DUPLICATE']);
    expect(await send(payment())).toMatchObject({ state: 'OK', counts: { loaded: 0, duplicate: 1 } });
    expect(await paid()).toBe(6_500);
    expect(await day('2025-01-31')).toEqual([
      {
        provinces: [B, A],
        directions: [
          {
            takenIn: B, accountIn: A, payments: { count: 1, sumFen: 6_500 }, corrections: none, reversals: none, dueFen: 6_500,
          },
        ],
        settlement: { from: B, to: A, amountFen: 6_500 },
      },
    ]); // prettier-ignore
    expect(await day('2025-01-30')).toEqual([]);
  });

  it('a reversal takes back exactly that, on the day on which it was made, whatever amount it repeats', async () => {
    await push(payment());
    await push(reversal({ amountFen: -1, regionPaid: undefined }));
    expect(await paid()).toBe(0);
    expect((await day('2025-01-31'))[0]?.settlement).toEqual({ from: B, to: A, amountFen: 6_500 });
    expect(await day('2025-02-01')).toMatchObject([
      {
        directions: [{ payments: none, reversals: { count: 1, sumFen: 6_500 } }],
        settlement: { from: A, to: B, amountFen: 6_500 },
      },
    ]);
    expect(await push(reversal({ amountFen: -1, regionPaid: undefined }))).toEqual(['DUPLICATE']);
    expect(await paid()).toBe(0);
  });

  it('a correction moves the difference, and the whole amount when it was another province', async () => {
    await push(payment());
    const correction = {
      paymentId: 'P-1C',
      operation: 'CORRECT',
      refRecordId: 'P-1',
      paidAt: '2025-02-01T10:00:00+08:00',
    };
    await push(payment({ ...correction, version: 2, amountFen: 6_000 }));
    expect(await paid()).toBe(6_000);
    expect(await day('2025-02-01')).toMatchObject([{ settlement: { from: A, to: B, amountFen: 500 } }]);
    await push(payment({ ...correction, paymentId: 'P-1D', version: 3, amountFen: 6_000, regionPaid: '310000' }));
    expect(await day('2025-02-01')).toMatchObject([
      { provinces: [B, A], settlement: { from: A, to: B, amountFen: 6_500 } },
      { provinces: ['310000', A], settlement: { from: '310000', to: A, amountFen: 6_000 } },
    ]);
  });

  it('sets off what both provinces took for each other, and leaves out what was paid at home', async () => {
    await send(
      payment(),
      payment({ paymentId: 'P-2', msisdn: OF_B, regionPaid: A, amountFen: 10_000 }),
      payment({ paymentId: 'P-3', regionPaid: A, amountFen: 1 }),
      payment({ paymentId: 'P-4', regionPaid: '', amountFen: 2 }),
    );
    expect(await day('2025-01-31')).toMatchObject([
      {
        provinces: [B, A],
        settlement: { from: A, to: B, amountFen: 3_500 },
        directions: [{ takenIn: B }, { takenIn: A }],
      },
    ]);
    expect(await day('2025-01-31', ['310000'])).toEqual([]);
    expect(await day('2025-01-31', [B])).toHaveLength(1);
  });

  it('counts for the business day in Shanghai, up to its last millisecond', async () => {
    await push(
      payment({ paidAt: '2025-01-31T23:59:59.999+08:00' }),
      payment({ paymentId: 'P-2', paidAt: '2025-01-31T16:00:00.000Z', amountFen: 100 }),
    );
    expect((await day('2025-01-31'))[0]?.directions[0]?.payments).toEqual({ count: 1, sumFen: 6_500 });
    expect((await day('2025-02-01'))[0]?.directions[0]?.payments).toEqual({ count: 1, sumFen: 100 });
  });

  it('may be sent by the province that took it, and nothing else may of customers of another province', async () => {
    const scope = { everybody: false, provinces: [B ?? ''], branches: [] };
    const actor = { id: 'boss-b', kind: 'system', scope } as unknown as Actor;
    const asB = (records: readonly object[]) =>
      actingFor(
        { scope: actor.scope, actor, requestId: 'r', clientAddress: '::1', operation: 'POST /recordBatch' },
        () => push(...records),
      );
    expect(await asB([payment(), payment({ paymentId: 'P-2', msisdn: OF_B, regionPaid: undefined })])).toEqual([
      'ACCEPTED',
      'ACCEPTED',
    ]);
    await expect(asB([payment({ paymentId: 'P-3', regionPaid: undefined })])).rejects.toMatchObject({
      code: 'intake.not-your-records',
    });
    await expect(asB([payment({ paymentId: 'P-3', regionPaid: A })])).rejects.toMatchObject({
      code: 'intake.not-your-records',
    });
    await expect(
      asB([payment({ paymentId: 'P-4' }), payment({ paymentId: 'P-5', regionPaid: A })]),
    ).rejects.toMatchObject({ code: 'intake.not-your-records' });
    expect(await paid()).toBe(6_500);
  });

  it('races: the payment, its repeats and its reversal at once, by file and online, post once and are reversed once', async () => {
    for (let round = 0; round < 6; round++) {
      const [id, back] = [`R-${round}`, `R-${round}-R`];
      const it = payment({ paymentId: id });
      const reversed = reversal({ paymentId: back, refRecordId: id });
      await Promise.all([push(it), send(it, reversed), push(reversed), push(it, reversed), push(reversed), push(it)]);
      await intake.held.execute();
      const stored = await intake.db.query(
        `SELECT payment_id, is_current FROM usage.payment WHERE payment_id IN ($1, $2) ORDER BY payment_id`,
        [id, back],
      );
      expect(stored).toEqual([
        { payment_id: id, is_current: false },
        { payment_id: back, is_current: true },
      ]);
      expect(await paid()).toBe(0);
    }
    expect((await day('2025-01-31'))[0]?.directions[0]?.payments).toEqual({ count: 6, sumFen: 39_000 });
    expect((await day('2025-02-01'))[0]?.directions[0]?.reversals).toEqual({ count: 6, sumFen: 39_000 });
    expect(await intake.db.query('SELECT FROM usage.held_record')).toEqual([]);
  });
});
