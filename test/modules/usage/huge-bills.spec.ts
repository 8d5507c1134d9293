import { newId, Transaction } from '../../../src/platform/database/index.js';
import type { Delivered } from '../../../src/platform/events/index.js';
import { FindHugeBills } from '../../../src/modules/usage/application/find-huge-bills.js';
import { SendHugeBillNotices } from '../../../src/modules/usage/application/send-huge-bill-notices.js';
import { BillingModule } from '../../../src/modules/usage/billing.module.js';
import { FindHugeBillsWhenBillsAreLoaded } from '../../../src/modules/usage/listeners/find-huge-bills-when-bills-are-loaded.listener.js';
import { openOnlineHall, type OnlineHall } from '../customers/online-hall.js';
import { aSnapshot } from '../customers/support.js';
import { keepBills } from './support/billing-facts.js';

describe('[USG-05] a bill out of all proportion', () => {
  let hall: OnlineHall;
  let numbers = 0;
  beforeAll(async () => void (hall = await openOnlineHall({}, [BillingModule])));
  afterAll(() => hall.close());
  beforeEach(() => {
    hall.gateway.behaviour = { status: 202, body: '{"messageId":"m-1"}' };
  });

  const somebody = async (): Promise<{ readonly customerId: string; readonly to: string }> => {
    const msisdn = `1390000${String((numbers += 1)).padStart(4, '0')}`;
    const [customerId = ''] = await hall.bring(
      aSnapshot({ accountNo: `A-${msisdn}`, msisdn, idNumber: `44010119800101${msisdn.slice(-4)}` }),
    );
    return { customerId, to: `+86${msisdn}` };
  };
  /** Months before the bill of January, newest first. */
  const billed = async (customerId: string, payableFen: number, ...before: readonly number[]): Promise<string> => {
    const fileId = newId();
    await keepBills(
      hall.db,
      ...[payableFen, ...before].map((fen, back) => ({
        customerId,
        billNo: `B-${back}-${customerId}`,
        cycle: new Date(Date.UTC(2026, -back, 1)).toISOString().slice(0, 10),
        payableFen: fen,
        dueOn: '2026-02-20',
        issuedAt: '2026-02-01T02:00:00+08:00',
        fileId: back === 0 ? fileId : newId(),
      })),
    );
    return fileId;
  };
  const loaded = (intakeId: string, lane: 'normal' | 'backfill' = 'normal', kind: 'BIL' | 'PAY' = 'BIL') =>
    hall.app.get(Transaction).run((tx) => {
      const listener = new FindHugeBillsWhenBillsAreLoaded(hall.app.get(FindHugeBills));
      const event = { payload: { intakeId, kind, source: 'BOSS', lane } } as Delivered<never>;
      return listener.handleAll(tx, [event]);
    });
  const sendNotices = (): Promise<void> => hall.app.get(SendHugeBillNotices).execute();
  const messagesTo = (to: string): string[] =>
    hall.gateway.received.filter((message) => message.to === to).map(({ text }) => text);
  const noticeOf = async (customerId: string): Promise<unknown> =>
    (
      await hall.db.query<{ notice: string }>('SELECT notice FROM usage.huge_bill WHERE customer_id = $1', [customerId])
    ).map(({ notice }) => notice);
  const eventsAbout = (customerId: string): Promise<{ payload: object }[]> =>
    hall.db.query(`SELECT payload FROM platform.outbox WHERE name = 'usage.HugeBillFound' AND customer_id = $1`, [
      customerId,
    ]);

  it.each([
    ['five times the mean is not yet huge', 15_000, [2_000, 3_000, 4_000], false],
    ['one fen more is', 15_001, [2_000, 3_000, 4_000], true],
    ['a fraction of a fen more is: nothing is rounded', 16_667, [2_000, 3_000, 5_000], true],
    ['and a fraction less is not', 16_666, [2_000, 3_000, 5_000], false],
    ['of two months their mean counts', 12_501, [2_000, 3_000], true],
    ['of one month that month', 10_000, [2_000], false],
    ['months before those three do not', 10_001, [2_000, 2_000, 2_000, 90_000], true],
    ['without any month before nothing is sudden', 1_000_000, [], false],
    ['after months of nothing any fee is', 1, [0, 0, 0], true],
  ])('%s', async (_, payableFen, before, isHuge) => {
    const { customerId } = await somebody();
    await loaded(await billed(customerId, payableFen, ...before));
    expect(await noticeOf(customerId)).toEqual(isHuge ? ['DUE'] : []);
  });

  it('is told to its customer once, in words that name nobody, and to the other modules', async () => {
    const { customerId, to } = await somebody();
    await loaded(await billed(customerId, 60_000, 2_000, 2_000, 2_000));
    await sendNotices();
    expect(messagesTo(to)).toEqual([
      '尊敬的客户，您2026年1月的话费为¥600.00，超过此前三个月平均话费的5倍，请核对账单。如有疑问请拨打10086。',
    ]);
    expect(await noticeOf(customerId)).toEqual(['SENT']);
    expect(await eventsAbout(customerId)).toEqual([
      {
        payload: {
          customerId, source: 'BOSS', billNo: `B-0-${customerId}`, month: '2026-01-01', payableFen: 60_000, meanFen: 2_000,
        },
      },
    ]); // prettier-ignore
  });

  it('is looked up by those who look after the customer', async () => {
    const { customerId } = await somebody();
    await loaded(await billed(customerId, 60_000, 2_000));
    const url = `/care-api/billing/v1/hugeBill?customerId=${customerId}`;
    const { body } = await hall.call({ url, headers: await hall.agent('hall-staff') });
    expect(body).toMatchObject([{ customerId, month: '2026-01', notice: 'DUE', payableFen: 60_000, meanFen: 2_000 }]);
    const lines = await hall.db.query(
      `SELECT FROM organization.access_register WHERE action = 'billing.huge' AND $1::uuid = ANY(customer_ids)`,
      [customerId],
    );
    expect(lines).toHaveLength(1);
  });

  it('is no news when it was corrected and still is huge', async () => {
    const { customerId, to } = await somebody();
    await loaded(await billed(customerId, 60_000, 2_000));
    const fileId = newId();
    await hall.db.query(
      `INSERT INTO usage.customer_bill (customer_id, source, bill_no, version, file_id, content_hash, cycle, monthly_fee_fen, voice_fen,
         sms_fen, data_fen, roaming_fen, vas_fen, collected_for_others_fen, discount_fen, gift_fen, adjustment_fen, payable_fen, paid_fen,
         arrears_fen, due_on, issued_at, supersedes, is_current, recorded_at)
       SELECT customer_id, source, 'C-' || bill_no, 2, $2, 0, cycle, 50000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 50000, 0, 50000, due_on, issued_at,
         bill_no, true, recorded_at
       FROM usage.customer_bill WHERE customer_id = $1 AND cycle = '2026-01-01'`,
      [customerId, fileId],
    );
    await hall.db.query(
      `UPDATE usage.customer_bill SET is_current = false WHERE customer_id = $1 AND bill_no LIKE 'B-0%'`,
      [customerId],
    );
    await loaded(fileId);
    await sendNotices();
    expect([messagesTo(to).length, (await eventsAbout(customerId)).length]).toEqual([1, 1]);
  });

  it('is found and told once by any number at the same time', async () => {
    const { customerId, to } = await somebody();
    const january = await billed(customerId, 60_000, 2_000, 2_000);
    const intakes = await hall.db.query<{ file_id: string }>(
      'SELECT file_id FROM usage.customer_bill WHERE customer_id = $1',
      [customerId],
    );
    await Promise.all([january, ...intakes.map(({ file_id: fileId }) => fileId)].map((intakeId) => loaded(intakeId)));
    hall.gateway.behaviour = { status: 202, body: '{"messageId":"m-1"}', afterMs: 100 };
    await Promise.all(Array.from({ length: 5 }, sendNotices));
    await sendNotices();
    expect([messagesTo(to).length, (await eventsAbout(customerId)).length, await noticeOf(customerId)]).toEqual([
      1,
      1,
      ['SENT'],
    ]);
  });

  it('is found when the months before come after it', async () => {
    const { customerId } = await somebody();
    const january = await billed(customerId, 60_000, 2_000);
    await hall.db.query(`DELETE FROM usage.customer_bill WHERE customer_id = $1 AND cycle < '2026-01-01'`, [
      customerId,
    ]);
    await loaded(january);
    expect(await noticeOf(customerId)).toEqual([]);
    const december = newId();
    await keepBills(hall.db, {
      customerId, billNo: `L-${customerId}`, cycle: '2025-12-01', payableFen: 2_000, dueOn: '2026-01-20', fileId: december,
    }); // prettier-ignore
    await loaded(december, 'normal', 'PAY');
    expect(await noticeOf(customerId)).toEqual([]);
    await loaded(december);
    expect(await noticeOf(customerId)).toEqual(['DUE']);
  });

  it('[promise 19] is told to nobody when history is loaded afterwards, neither then nor when it is corrected later', async () => {
    const { customerId, to } = await somebody();
    const intakeId = await billed(customerId, 60_000, 2_000);
    await loaded(intakeId, 'backfill');
    await loaded(intakeId, 'normal');
    await sendNotices();
    expect([messagesTo(to), await eventsAbout(customerId), await noticeOf(customerId)]).toEqual([[], [], ['SILENT']]);
  });

  it('is told to nobody when it is two months old, and to nobody who has no number any more', async () => {
    const [late, gone] = [await somebody(), await somebody()];
    const lateBill = await billed(late.customerId, 60_000, 2_000);
    await hall.db.query(`UPDATE usage.customer_bill SET issued_at = '2025-11-30' WHERE customer_id = $1`, [
      late.customerId,
    ]);
    await loaded(lateBill);
    await loaded(await billed(gone.customerId, 60_000, 2_000));
    const msisdn = gone.to.slice(3);
    await hall.bring(
      aSnapshot({
        ...{ accountNo: `A-${msisdn}`, msisdn, idNumber: `44010119800101${msisdn.slice(-4)}`, status: 'TERMINATED' },
        ...{ statusAt: new Date('2026-01-31T10:00:00+08:00'), version: 2 },
      }),
    );
    await sendNotices();
    expect([await noticeOf(late.customerId), await noticeOf(gone.customerId)]).toEqual([['SILENT'], ['UNREACHABLE']]);
    expect([messagesTo(late.to), messagesTo(gone.to)]).toEqual([[], []]);
  });

  it('is told when the gateway works again, and not for ever', async () => {
    const { customerId, to } = await somebody();
    await loaded(await billed(customerId, 60_000, 2_000));
    hall.gateway.behaviour = { status: 422 };
    await sendNotices();
    expect(await noticeOf(customerId)).toEqual(['DUE']);
    hall.gateway.behaviour = { status: 202, body: '{"messageId":"m-1"}' };
    const refused = messagesTo(to).length;
    await sendNotices(); // Its pause is not over.
    expect(messagesTo(to)).toHaveLength(refused);
    hall.clock.pass(61);
    await sendNotices();
    expect([messagesTo(to).length, await noticeOf(customerId)]).toEqual([refused + 1, ['SENT']]);

    const other = await somebody();
    await loaded(await billed(other.customerId, 60_000, 2_000));
    hall.gateway.behaviour = { status: 422 };
    for (let attempt = 0; attempt < 13; attempt += 1) {
      await sendNotices();
      hall.clock.pass(2 ** attempt * 60 + 1);
    }
    expect([messagesTo(other.to).length, await noticeOf(other.customerId)]).toEqual([12, ['GIVEN_UP']]);
  });
});
