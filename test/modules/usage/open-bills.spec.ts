import fc from 'fast-check';
import { startIntake, type TestIntake } from './support/intake.js';
import {
  standingsOf,
  type ModelBill,
  type ModelItem,
  type ModelPayment,
  type Said,
} from './support/open-bills-model.js';

const HOUR = 3_600_000;
const day = (date: string): number => Date.parse(`${date}T00:00:00+08:00`);
const FIRST = day('2025-01-05');
const instant = (at: number): string => new Date(at).toISOString().replace('.000Z', '+00:00');
const dateOf = (at: number): string => new Date(at + 8 * HOUR).toISOString().slice(0, 10);

type Message = { readonly kind: 'BIL' | 'PAY' | 'ARR'; readonly record: Record<string, unknown> };
const cycleOf = (nth: number): string => `2024${String(9 + nth).padStart(2, '0')}`;

const billMessage = (msisdn: string, bill: ModelBill): Message => ({
  kind: 'BIL',
  record: {
    billNo: bill.billNo, msisdn, cycle: bill.cycle, monthlyFeeFen: bill.payableFen, payableFen: bill.payableFen,
    paidFen: bill.paidFen, arrearsFen: Math.max(0, bill.payableFen - bill.paidFen), dueDate: dateOf(bill.issuedAt + 20 * 24 * HOUR),
    issuedAt: instant(bill.issuedAt), version: bill.version, ...(bill.version > 1 && { supersedes: bill.billNo }),
  },
}); // prettier-ignore
const paymentMessage = (msisdn: string, payment: ModelPayment): Message => ({
  kind: 'PAY',
  record: {
    paymentId: payment.paymentId, msisdn, paidAt: instant(payment.paidAt), amountFen: payment.amountFen, method: 'CASH',
    ...(payment.billNo !== undefined && { billNo: payment.billNo }),
    operation: payment.version === 1 ? 'NEW' : payment.isCancelled ? 'CANCEL' : 'CORRECT',
    ...(payment.version > 1 && { refRecordId: payment.paymentId }), version: payment.version,
  },
}); // prettier-ignore
const itemMessage = (msisdn: string, item: ModelItem): Message => ({
  kind: 'ARR',
  record: {
    recordId: item.recordId, snapshotOn: dateOf(item.takenAt), accountNo: `A-${msisdn}`, msisdn, cycle: item.cycle,
    dueDate: '2025-01-20', arrearsFen: item.arrearsFen, lateFeeFen: 0, status: item.status,
    ...(item.billNo !== undefined && { billNo: item.billNo }), operation: item.version === 1 ? 'NEW' : 'CORRECT',
    ...(item.version > 1 && { refRecordId: item.recordId }), version: item.version,
  },
}); // prettier-ignore

/** Few amounts and few times, so that they often meet. */
const fen = fc.constantFrom(0, 100, 200, 300, 500, 1000);
const hour = fc.integer({ min: 0, max: 50 * 8 }).map((step) => FIRST + step * 3 * HOUR);
const billNo = fc.option(
  fc.integer({ min: 0, max: 4 }).map((nth) => `B-${nth}`),
  { nil: undefined },
);
const said: fc.Arbitrary<Said> = fc.record({
  bills: fc
    .array(fc.record({ nth: fc.nat(3), issuedAt: hour, payableFen: fen, paidFen: fc.constantFrom(0, 0, 100), back: fen, isCorrected: fc.boolean(), later: fc.nat(10) }), { maxLength: 4 })
    .map((drawn) =>
      [...new Map(drawn.map((bill) => [bill.nth, bill])).values()].flatMap(
        ({ nth, issuedAt, payableFen, paidFen, back, isCorrected, later }): ModelBill[] => {
          const first = { billNo: `B-${nth}`, cycle: cycleOf(nth % 3), payableFen, paidFen: Math.min(paidFen, payableFen), issuedAt, version: 1 };
          const corrected = { ...first, payableFen: back, issuedAt: issuedAt + later * 12 * HOUR, version: 2 };
          return isCorrected ? [first, corrected] : [first];
        },
      ),
    ),
  payments: fc
    .array(fc.record({ billNo, amountFen: fen, paidAt: hour, change: fc.constantFrom('none', 'none', 'CORRECT', 'CANCEL'), to: fen }), { maxLength: 6 })
    .map((drawn) =>
      drawn.flatMap(({ change, to, ...given }, nth): ModelPayment[] => {
        const first = { ...given, paymentId: `P-${nth}`, isCancelled: false, version: 1 };
        if (change === 'none') return [first];
        const isCancelled = change === 'CANCEL';
        return [first, { ...first, version: 2, isCancelled, ...(!isCancelled && { amountFen: to }) }];
      }),
    ),
  items: fc
    .array(fc.record({ billNo, nth: fc.nat(3), arrearsFen: fen, on: fc.nat(40), status: fc.constantFrom('OPEN', 'OPEN', 'DISPUTED', 'WRITTEN_OFF'), to: fc.option(fen, { nil: undefined }) }), { maxLength: 4 })
    .map((drawn) =>
      drawn.flatMap(({ billNo: no, nth, arrearsFen, on, status, to }, at): ModelItem[] => {
        const first: ModelItem = {
          recordId: `I-${at}`, billNo: no, cycle: no === undefined ? cycleOf(nth) : cycleOf(Number(no.slice(2)) % 3), arrearsFen, status,
          takenAt: FIRST + on * 24 * HOUR, version: 1,
        }; // prettier-ignore
        return to === undefined ? [first] : [first, { ...first, arrearsFen: to, version: 2 }];
      }),
    ),
}); // prettier-ignore

/** Ids are unique over all customers of a source. */
function ownIdsOf(msisdn: string, { bills, payments, items }: Said): Said {
  const own = (id: string): string => `${id}-${msisdn.slice(-4)}`;
  const named = <T extends { readonly billNo: string | undefined }>(one: T): T => ({
    ...one,
    billNo: one.billNo && own(one.billNo),
  });
  return {
    bills: bills.map((bill) => named(bill)),
    payments: payments.map((payment) => named({ ...payment, paymentId: own(payment.paymentId) })),
    items: items.map((item) => named({ ...item, recordId: own(item.recordId) })),
  };
}

describe('[USG-04] bills, payments and arrears as one', () => {
  let intake: TestIntake;
  let customers = 0;
  beforeAll(async () => {
    intake = await startIntake();
    intake.clock.time = new Date('2025-03-01T00:00:00+08:00');
  });
  afterAll(() => intake.close());

  const somebody = async (): Promise<{ readonly msisdn: string; readonly customerId: string }> => {
    const msisdn = `1380000${String((customers += 1)).padStart(4, '0')}`;
    return { msisdn, customerId: await intake.customer(msisdn) };
  };
  /** What stands side by side of one kind comes in one push. */
  const send = async (messages: readonly Message[]): Promise<void> => {
    for (let from = 0, to = 0; from < messages.length; from = to) {
      const kind = messages[from]?.kind ?? 'BIL';
      while (messages[to]?.kind === kind) to += 1;
      const results = await intake.records.execute(
        kind,
        'BOSS',
        messages.slice(from, to).map(({ record }) => record),
      );
      for (const { outcome } of results) expect(outcome).not.toBe('REJECTED');
    }
  };
  const messagesOf = (msisdn: string, { bills, payments, items }: Said): Message[] => [
    ...bills.map((bill) => billMessage(msisdn, bill)),
    ...payments.map((payment) => paymentMessage(msisdn, payment)),
    ...items.map((item) => itemMessage(msisdn, item)),
  ];
  const standings = (customerId: string): Promise<unknown[]> =>
    intake.db.query(
      `SELECT bill_no AS "billNo", remaining_fen AS "remainingFen", state, settled_at AS "settledAt"
       FROM usage.bill_standing WHERE customer_id = $1`,
      [customerId],
    );

  it('says the same as the rules told one by one, in whatever order everything came', async () => {
    await fc.assert(
      fc.asyncProperty(said, fc.infiniteStream(fc.nat(1_000_000)), async (drawn, luck) => {
        const { msisdn, customerId } = await somebody();
        const all = ownIdsOf(msisdn, drawn);
        const messages = messagesOf(msisdn, all);
        const order = messages.map((message) => ({ message, at: Number(luck.next().value) }));
        await send(order.sort((a, b) => a.at - b.at).map(({ message }) => message));
        await intake.held.execute();
        expect(
          await intake.db.query('SELECT kind, reason, record_id, version, ref_record_id FROM usage.held_record'),
        ).toEqual([]);
        const expected = standingsOf(all).map(({ billNo, remainingFen, state, settledAt }) => ({
          billNo,
          remainingFen,
          state,
          settledAt: settledAt === undefined ? null : new Date(settledAt),
        }));
        const inOneOrder = (rows: readonly unknown[]): unknown[] =>
          [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
        expect(inOneOrder(await standings(customerId))).toEqual(inOneOrder(expected));
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
