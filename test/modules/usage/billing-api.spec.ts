import { BillingModule } from '../../../src/modules/usage/billing.module.js';
import { ForgetBillingWishes } from '../../../src/modules/usage/application/forget-billing-wishes.js';
import { Transaction } from '../../../src/platform/database/index.js';
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

  it('[USG-03] are listed of everybody in the order of their keys only, which an index carries', async () => {
    expect((await get(BILLS, clerk)).body).toHaveLength(3);
    for (const url of [`${BILLS}?month=2025-12`, `${BILLS}?sort=-billDate`, `${BILLING}/payment?billNo=B12-own`]) {
      expect([url, (await get(url, clerk)).body.code]).toEqual([url, 'billing.list-too-wide']);
    }
    expect((await get(`${BILLS}?month=2025-12`, customer)).body).toHaveLength(1);
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

  describe('[USG-07] the personalised bill', () => {
    const preference = (id = own): string => `${BILLING}/billPreference/${id}`;
    const patch = (payload: object, headers: Headers, ifMatch?: string): Promise<Answer> =>
      hall.call({
        method: 'PATCH', url: preference(), payload, headers: { ...headers, ...(ifMatch && { 'if-match': ifMatch }) },
      }); // prettier-ignore
    const rendered = (format = '', headers = customer): Promise<Answer> =>
      get(`${BILLS}/${own}~BOSS~B12-own/rendering${format}`, headers);

    it('is read in the layout and the language that the customer chose', async () => {
      const unsaid = await get(preference(), customer);
      expect([unsaid.body.layout, unsaid.body.language, unsaid.headers['etag']]).toEqual(['BY_CATEGORY', 'zh', '"0"']);
      const zh = await rendered();
      expect([zh.status, zh.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(zh.text).toContain('<th scope="row">月基本费</th><td>¥47.10</td>');
      expect(zh.text).toContain('<th scope="row">账户</th><td>****0007</td>');
      expect((await patch({ layout: 'SUMMARY', language: 'en' }, customer, '"0"')).body).toMatchObject({
        layout: 'SUMMARY', channel: 'APP', language: 'en',
      }); // prettier-ignore
      const en = await rendered('?format=text');
      expect([en.headers['content-type'], en.text]).toEqual([
        'text/plain; charset=utf-8',
        'Your bill\nBill number: B12-own\nAccount: ****0007\nMonth: 2025-12\nTotal: ¥50.00\nStill to pay: ¥30.00\nTo be paid by: 2026-01-20\n',
      ]);
      expect((await linesAbout(own)).filter(({ action }) => action === 'billing.render')).toHaveLength(2);
    });

    it('is changed by one of two who started from the same version, and by nobody else', async () => {
      const etag = (await get(preference(), clerk)).headers['etag'] ?? '';
      const answers = await Promise.all([
        patch({ channel: 'PAPER' }, clerk, etag),
        patch({ channel: 'EMAIL' }, customer, etag),
        patch({ channel: 'SMS' }, customer, etag),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
      expect(answers.find(({ status }) => status === 412)?.body.code).toBe('billing.preference-changed');
      expect((await patch({ channel: 'FAX' }, customer)).status).toBe(400);
      expect((await get(preference(neighbour), customer)).status).toBe(404);
      const theirs = { method: 'PATCH', url: preference(neighbour), payload: { language: 'en' }, headers: customer };
      expect((await hall.call(theirs)).status).toBe(404);
    });

    it('is not rendered for those who may not see amounts', async () => {
      expect((await rendered('', await hall.agent('biller'))).body.code).toBe('billing.amounts-not-shown');
    });
  });

  describe('[USG-12] the itemised list', () => {
    const LIST = `${BILLING}/itemisedList`;
    const ask = (headers: Headers, payload: object = {}): Promise<Answer> =>
      hall.call({ method: 'POST', url: LIST, payload: { customerId: own, month: '2026-01', ...payload }, headers });

    beforeAll(async () => {
      await hall.db.query(`SELECT platform.ensure_month_partition('usage', 'usage_record', '2026-01-01')`);
      // More than one page, three at a time, some that do not count, and another customer's.
      await hall.db.query(
        `INSERT INTO usage.usage_record (customer_id, file_id, event_time, recorded_at, content_hash, volume_kb, fee_fen, tax_fen, month,
           duration_sec, event_count, event_type, counterparty_class, operation, version, is_current, source, record_id)
         SELECT CASE WHEN n % 100 = 0 THEN $2::uuid ELSE $1::uuid END, $1, timestamptz '2026-01-01 00:00+08' + n / 3 * interval '20 minutes', now(),
           n, 0, n, 0, '2026-01-01', 60, 1, 1, 2, CASE WHEN n % 50 = 1 THEN 3 ELSE 1 END, 1, n % 50 <> 2, 'BOSS', 'U-' || n
         FROM generate_series(1, 3000) n`,
        [own, neighbour],
      );
    });

    it('is free, holds everything that counts once, and shows no number', async () => {
      const { status, body } = await ask(customer);
      expect([status, body.feeFen, body.month, body.format]).toEqual([201, 0, '2026-01', 'CSV']);
      const file = await get(`${body.href}/file`, customer);
      expect([file.status, file.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
      const lines = file.text.replace('\uFEFF', '').split('\r\n').slice(1, -1);
      const counted = Array.from({ length: 3000 }, (_, at) => at + 1).filter(
        (n) => n % 100 !== 0 && n % 50 !== 1 && n % 50 !== 2,
      );
      const fees = lines.map((line) => Number(line.split(',')[6]));
      expect([...fees].sort((a, b) => a - b)).toEqual(counted);
      expect(lines[0]).toBe('2026-01-01 00:20:00,主叫,中国联通,60,0,1,3,,');
      expect([...lines].sort()).toEqual([...lines]);
      const ndjson = await ask(customer, { format: 'NDJSON' });
      const items = (await get(`${ndjson.body.href}/file`, customer)).text.trim().split('\n');
      expect(items).toHaveLength(counted.length);
      expect(JSON.parse(items[0] ?? '')).toMatchObject({ type: 'VOICE_MO', counterparty: 'OFF_NET_CU', feeFen: 3 });
    });

    it('is fetched by whoever asked, a few times, for a week, with the number in hand; each time is registered', async () => {
      const { body } = await ask(customer);
      const fetch = (headers = customer): Promise<Answer> => get(`${body.href}/file`, headers);
      expect((await fetch(clerk)).body.code).toBe('billing.not-your-list');
      const before = (await linesAbout(own)).filter(({ action }) => action === 'billing.itemised-list').length;
      const answers = await Promise.all(Array.from({ length: 7 }, () => fetch()));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 410, 410]);
      expect((await linesAbout(own)).filter(({ action }) => action === 'billing.itemised-list')).toHaveLength(
        before + 5,
      );
      expect((await get(body.href, customer)).body.downloads).toBe(5);
      const theirs = await hall.signedIn(NEIGHBOURS, await hall.codeFor(NEIGHBOURS));
      for (const url of [body.href, `${body.href}/file`])
        expect((await get(url, theirs)).body.code).toBe('billing.no-such-list');
      expect((await ask(customer, { customerId: neighbour })).status).toBe(404);
      expect((await ask(customer, { month: '2026-03' })).body.code).toBe('billing.month-not-listed');
      const another = await ask(clerk);
      await hall.db.query(`UPDATE usage.itemised_list SET expires_at = '2026-02-01' WHERE list_id = $1`, [
        another.body.id,
      ]);
      expect((await get(`${another.body.href}/file`, clerk)).body.code).toBe('billing.list-expired');
      hall.clock.pass(11 * 60);
      expect((await ask(customer)).body.code).toBe('access.fresh-code-needed');
    });

    it('[CUS-35] goes with the customer, as does how the bill was wanted', async () => {
      const before = await hall.db.query('SELECT FROM usage.itemised_list WHERE customer_id = $1', [own]);
      expect(before.length).toBeGreaterThan(2);
      await hall.app.get(Transaction).run((tx) => new ForgetBillingWishes().ofCustomer(tx, own));
      for (const table of ['itemised_list', 'bill_preference']) {
        expect(await hall.db.query(`SELECT FROM usage.${table} WHERE customer_id = $1`, [own])).toEqual([]);
      }
    });
  });
});
