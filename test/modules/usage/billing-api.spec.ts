import { BillingModule } from '../../../src/modules/usage/billing.module.js';
import { SnapshotArrears } from '../../../src/modules/usage/application/snapshot-arrears.run.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import type { Answer } from '../../support/http.js';
import { openOnlineHall, type OnlineHall } from '../customers/online-hall.js';
import { aSnapshot } from '../customers/support.js';
import { keepBills, keepPayments } from './support/billing-facts.js';

const BILLS = '/tmf-api/customerBillManagement/v4/customerBill';
const BILLING = '/care-api/billing/v1';
const [OWN, NEIGHBOURS] = ['13800138000', '13800138001'];

type Headers = Readonly<Record<string, string>>;

describe('bills by API', () => {
  let hall: OnlineHall;
  let own: string;
  let neighbour: string;
  let clerk: Headers;
  let customer: Headers;

  beforeAll(async () => {
    hall = await openOnlineHall({}, [BillingModule]);
    [own = '', neighbour = ''] = await hall.bring(
      aSnapshot({ accountNo: 'ACC-440000000007', msisdn: OWN }),
      aSnapshot({ accountNo: 'ACC-440000000008', msisdn: NEIGHBOURS, idNumber: '440101198502021234' }),
    );
    const bill = (customerId: string, month: string, payableFen: number, given: object = {}) => ({
      customerId, billNo: `B${month}-${customerId === own ? 'own' : 'other'}`, cycle: `2025-${month}-01`, payableFen, voiceFen: 290,
      dueOn: `2026-01-${month === '11' ? '01' : '20'}`, issuedAt: `2025-12-0${month === '11' ? 1 : 2}T02:00:00+08:00`, ...given,
    }); // prettier-ignore
    await keepBills(
      hall.db,
      bill(own, '11', 12_890, { isCurrent: false }),
      bill(own, '11', 10_000, { version: 2 }),
      bill(own, '12', 5_000),
      bill(neighbour, '12', 7_000),
    );
    await keepPayments(
      hall.db,
      { customerId: own, paymentId: 'P-1', amountFen: 11_000, paidAt: '2025-12-30T10:00:00+08:00', method: 'WECHAT' },
      { customerId: own, paymentId: 'P-2', amountFen: 1_000, paidAt: '2026-02-01T08:00:00+08:00', billNo: 'B12-own' },
      { customerId: neighbour, paymentId: 'P-3', amountFen: 9_000, paidAt: '2026-01-05T08:00:00+08:00' },
    );
    clerk = await hall.agent('hall-staff', 'supervisor');
    customer = await hall.signedIn(OWN, await hall.codeFor(OWN));
  });
  afterAll(() => hall.close());

  const get = (url: string, headers: Headers): Promise<Answer> => hall.call({ url, headers });
  const linesAbout = (customerId: string): Promise<{ action: string }[]> =>
    hall.db.query(
      `SELECT action FROM organization.access_register WHERE $1::uuid = ANY(customer_ids) AND result = 'granted' AND action LIKE 'billing.%'`,
      [customerId],
    );

  it('[USG-03] are asked for at any time, by customer and month, in the shape of TMF678', async () => {
    const before = (await linesAbout(own)).length;
    const answer = await get(`${BILLS}?relatedParty.id=${own}&month=2025-11`, clerk);
    expect([answer.status, answer.headers['x-total-count']]).toEqual([200, '1']);
    expect(answer.body).toEqual([
      {
        id: `${own}~BOSS~B11-own`, href: expect.stringContaining(BILLS), '@type': 'CustomerBill', billNo: 'B11-own',
        billDate: '2025-11-30T18:00:00.000Z',
        billingPeriod: { startDateTime: '2025-10-31T16:00:00.000Z', endDateTime: '2025-11-30T16:00:00.000Z' },
        state: 'settled', runType: 'onCycle', paymentDueDate: '2026-01-01', settledAt: '2025-12-30T02:00:00.000Z', version: 2,
        lastUpdate: expect.any(String), amountDue: { unit: 'CNY', value: 100 }, remainingAmount: { unit: 'CNY', value: 0 },
        taxIncludedAmount: { unit: 'CNY', value: 100 },
        appliedCustomerBillingRate: [
          {
            type: 'monthlyFee', description: 'Monthly fee (月基本费)', taxIncludedAmount: { unit: 'CNY', value: 97.1 },
            '@type': 'AppliedCustomerBillingRate',
          },
          {
            type: 'voice', description: 'Calls (语音通话费)', taxIncludedAmount: { unit: 'CNY', value: 2.9 },
            '@type': 'AppliedCustomerBillingRate',
          },
        ],
        billingAccount: { id: '****0007', '@referredType': 'BillingAccount' },
        relatedParty: [{ id: own, role: 'customer', '@referredType': 'Customer' }],
      },
    ]); // prettier-ignore
    const one = await get(answer.body[0].href, clerk);
    expect([one.status, one.body]).toEqual([200, answer.body[0]]);
    expect(await linesAbout(own)).toHaveLength(before + 2);
    for (const secret of [OWN, 'ACC-440000000007', '张']) expect(answer.text).not.toContain(secret);
  });

  it('[USG-04] show what payments left of them, the oldest first', async () => {
    const { body } = await get(`${BILLS}?relatedParty.id=${own}&sort=-billDate&fields=state,remainingAmount`, clerk);
    expect(body).toMatchObject([
      { state: 'partiallyPaid', remainingAmount: { value: 30 } },
      { state: 'settled', remainingAmount: { value: 0 } },
    ]);
    expect(body[0].billNo).toBeUndefined();
  });

  it('[USG-03] are seen by customers themselves, their own only', async () => {
    const { body } = await get(BILLS, customer);
    expect(body.map(({ billNo }: { billNo: string }) => billNo)).toEqual(['B11-own', 'B12-own']);
    expect(body[0].amountDue).toEqual({ unit: 'CNY', value: 100 });
    const answers = await Promise.all([
      get(`${BILLS}?relatedParty.id=${neighbour}`, customer),
      get(`${BILLING}/payment?customerId=${neighbour}`, customer),
    ]);
    expect(answers.map((answer) => answer.body)).toEqual([[], []]);
    const others = [
      `${BILLS}/${neighbour}~BOSS~B12-other`,
      ...['balance', 'arrears'].map((what) => `${BILLING}/${what}/${neighbour}`),
    ];
    for (const url of others) expect([url, (await get(url, customer)).status]).toEqual([url, 404]);
    expect((await get(`${BILLS}/${own}~BOSS~B12-other`, customer)).body.code).toBe('billing.no-such-bill');
    expect((await get(`${BILLING}/paymentBehaviour/${own}`, customer)).body.code).toBe('access.not-for-customers');
  });

  it('[USG-03] [USG-04] add up to a balance: what is open, what is prepaid, what was paid this month', async () => {
    expect((await get(`${BILLING}/balance/${own}`, customer)).body).toMatchObject({
      openBills: 1, openFen: 3_000, overdueFen: 3_000, prepaidFen: 0, paidThisMonthFen: 1_000,
    }); // prettier-ignore
    expect((await get(`${BILLING}/balance/${neighbour}`, clerk)).body).toMatchObject({
      openBills: 0, openFen: 0, overdueFen: 0, prepaidFen: 2_000, paidThisMonthFen: 0,
    }); // prettier-ignore
    const { body } = await get(`${BILLING}/payment?sort=-paidAt`, customer);
    expect(body).toMatchObject([
      { paymentId: 'P-2', billNo: 'B12-own', amountFen: 1_000, payer: 'SELF', status: 'done' },
      { paymentId: 'P-1', amountFen: 11_000, method: 'WECHAT' },
    ]);
  });

  it('[USG-05] show how long what is owed has been overdue, and how the customer pays', async () => {
    expect((await get(`${BILLING}/arrears/${own}`, customer)).body).toMatchObject({
      asOf: '2026-02-01', notDueFen: 0, overdueFen: 3_000, ageing: [{ bucket: '0-30', fen: 3_000 }, { fen: 0 }, { fen: 0 }, { fen: 0 }],
      bill: [{ billNo: 'B12-own', month: '2025-12', daysOverdue: 12, remainingFen: 3_000 }],
    }); // prettier-ignore
    expect((await get(`${BILLING}/paymentBehaviour/${own}`, clerk)).body).toMatchObject({
      settledBills: 1, onTimePercent: 100, monthsBilled: 2, monthsPaid: 1, payments: 2, paymentsByMethod: { CASH: 1, WECHAT: 1 },
    }); // prettier-ignore
  });

  it('[AUD-03] show no amount to those who may not see what a customer spends', async () => {
    await hall.db.query(
      `INSERT INTO organization.role SELECT (jsonb_populate_record(r, jsonb_build_object('role', 'biller',
         'permissions', array_remove(r.permissions, 'customers.amounts')))).* FROM organization.role r WHERE role = 'hall-staff'`,
    );
    const biller = await hall.agent('biller');
    const urls = [`${BILLS}?relatedParty.id=${own}`, `${BILLING}/payment?customerId=${own}`];
    for (const what of ['balance', 'arrears', 'paymentBehaviour']) urls.push(`${BILLING}/${what}/${own}`);
    for (const url of urls) {
      const answer = await get(url, biller);
      expect([url, answer.status, /[fF]en"|Amount"|amountDue/.test(answer.text)]).toEqual([url, 200, false]);
    }
  });

  it('[ANA-08] are reported by province, of the own provinces', async () => {
    await carryOutRun(await hall.db.dataSource(), new SnapshotArrears(), { key: '2026-02-01', asOf: '2026-02-01' });
    const { body } = await get(`${BILLING}/arrearsAgeing?asOf=2026-02-01`, clerk);
    expect(body).toMatchObject([
      { region: '440000', brand: 'GOTONE', customers: 2, owingCustomers: 1, overdueFen: 4_000 },
    ]);
    expect(body[0]).not.toHaveProperty('recoveredPercent');
    expect((await get(`${BILLING}/arrearsAgeing`, customer)).status).toBe(403);
  });
});
