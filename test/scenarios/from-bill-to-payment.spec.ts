import { SendHugeBillNotices } from '../../src/modules/usage/application/send-huge-bill-notices.js';
import { businessMonth } from '../../src/platform/clock/index.js';
import { NUMBERS, startWorld, type World } from '../api/world.js';
import { eventually } from '../support/eventually.js';
import { startSmsGateway, type SmsGateway } from '../support/sms-gateway.js';

const HOUR = 3_600_000;

/** The whole application, from what billing pushes to what the customer reads. */
describe('a bill that startles', () => {
  let world: World;
  let gateway: SmsGateway;
  beforeAll(async () => {
    gateway = await startSmsGateway();
    world = await startWorld({ GUIBIN_SMS_GATEWAY_URL: gateway.url });
  });
  afterAll(async () => {
    await world?.close();
    await gateway.close();
  });

  const now = new Date();
  const instant = (hoursAgo: number): string => new Date(now.getTime() - hoursAgo * HOUR).toISOString();
  const months = [1, 0].map((back) =>
    businessMonth(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 15))),
  );
  const push = async (kind: string, record: object): Promise<void> => {
    const { body } = await world.call({
      method: 'POST',
      url: '/care-api/intake/v1/recordBatch',
      payload: { kind, source: 'BOSS', records: [{ msisdn: NUMBERS.poor, ...record }] },
      headers: world.boss,
    });
    expect(body.result ?? body.results).toMatchObject([{ outcome: 'ACCEPTED' }]);
  };
  const bill = (nth: number, payableFen: number) => ({
    billNo: `N-${nth}`, cycle: months[nth]?.replace('-', ''), monthlyFeeFen: payableFen, payableFen, paidFen: 0, arrearsFen: payableFen,
    dueDate: '2020-01-20', issuedAt: instant(3 - nth), version: 1,
  }); // prettier-ignore
  const payment = (given: object) => ({
    paymentId: 'N-P', paidAt: instant(1), amountFen: 60_000, method: 'WECHAT', billNo: 'N-1', operation: 'NEW', version: 1, ...given,
  }); // prettier-ignore
  const states = async (): Promise<unknown> => {
    const { body } = await world.done({
      url: `/tmf-api/customerBillManagement/v4/customerBill?relatedParty.id=${world.customers.poor}&month=${months.join(',')}`,
    });
    return body.map(({ billNo, state, remainingAmount }: { billNo: string; state: string; remainingAmount: { value: number } }) => [
      billNo, state, remainingAmount.value,
    ]); // prettier-ignore
  };

  it('[USG-04] is told at once, is paid, and is open again when the payment is taken back', async () => {
    await push('BIL', bill(0, 2_000));
    await push('BIL', bill(1, 60_000));
    expect(await states()).toEqual([['N-0', 'sent', 20], ['N-1', 'sent', 600]]); // prettier-ignore
    await eventually(async () => (await world.database.query('SELECT FROM usage.huge_bill')).length === 1);
    await world.app.get(SendHugeBillNotices, { strict: false }).execute();
    const told = await eventually(async () => {
      const texts = gateway.received.filter(({ to }) => to === `+86${NUMBERS.poor}`);
      return texts.length > 0 && texts;
    });
    expect(told).toEqual([{ to: `+86${NUMBERS.poor}`, text: expect.stringContaining('¥600.00') }]);

    await push('PAY', payment({}));
    expect(await states()).toEqual([['N-0', 'sent', 20], ['N-1', 'settled', 0]]); // prettier-ignore
    await push('PAY', payment({ operation: 'CANCEL', refRecordId: 'N-P', version: 2 }));
    expect(await states()).toEqual([['N-0', 'sent', 20], ['N-1', 'sent', 600]]); // prettier-ignore
    const { body } = await world.done({ url: `/care-api/billing/v1/arrears/${world.customers.poor}` });
    expect(body.ageing.at(-1)).toEqual({ bucket: '90+', fen: 62_000 });
  });
});
