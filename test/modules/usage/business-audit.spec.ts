import { AuditOrders } from '../../../src/modules/usage/application/audit-orders.run.js';
import { FindOrders } from '../../../src/modules/usage/application/find-orders.query.js';
import { ReportHandledOrder, type ReportedOrder } from '../../../src/modules/usage/application/report-handled-order.js';
import { ForgetNumbers } from '../../../src/modules/usage/application/forget-numbers.js';
import { SettleOrder } from '../../../src/modules/usage/application/settle-order.js';
import { Transaction } from '../../../src/platform/database/index.js';
import type { Actor } from '../../../src/platform/identity/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { startIntake, type TestIntake } from './support/intake.js';

const MSISDN = '13900000009';
const clerk = { id: '019a0000-0000-7000-8000-0000000000aa', kind: 'staff' } as Actor;

describe('[USG-06] the business audit', () => {
  let intake: TestIntake;
  let records = 0;

  beforeEach(async () => {
    intake = await startIntake({}, [ReportHandledOrder, SettleOrder, FindOrders]);
    records = 0;
    await saying({ eventTime: '2025-01-01T00:00:00+08:00' });
    at('2025-02-01T12:00:00+08:00');
  });
  afterEach(() => intake.close());

  const at = (instant: string): void => {
    intake.clock.time = new Date(instant);
  };
  /** BOSS tells of the number. */
  const saying = async (given: object): Promise<void> => {
    records += 1;
    const eventTime = '2025-02-01T10:00:00+08:00';
    const record = {
      recordId: `S-${records}`, eventTime, accountNo: 'A-9', msisdn: MSISDN, name: '张三', idType: 'ID_CARD',
      idNumber: '11010119900101001X', brand: 'GOTONE', regionHome: '440000', activatedOn: '2020-05-01', status: 'ACTIVE',
      statusAt: eventTime, tariffCode: 'T59', packageFeeFen: 5_900, simKind: 'MAIN', realName: '1', operation: 'NEW', version: 1, ...given,
    }; // prettier-ignore
    const [result] = await intake.records.execute('SUB', 'BOSS', [{ ...record, statusAt: record.eventTime }]);
    if (result?.outcome !== 'ACCEPTED') throw new Error(JSON.stringify(result));
  };
  const report = (given: Partial<ReportedOrder> = {}) =>
    intake.get(ReportHandledOrder).execute({
      source: 'HALL', orderNo: 'O-1', orderType: 'TARIFF_CHANGE', msisdn: MSISDN, province: '440000',
      handledAt: new Date('2025-02-01T10:00:00+08:00'), expected: { tariffCode: 'T128' }, ...given,
    }); // prettier-ignore
  let audits = 0;
  const audit = async (): Promise<unknown> => {
    const run = await carryOutRun(await intake.db.dataSource(), new AuditOrders({ now: () => intake.clock.time }), {
      key: `audit ${(audits += 1)}`,
      asOf: '2025-02-02',
    });
    expect(run.status).toBe('completed');
    return run.counts;
  };
  const order = async (orderNo = 'O-1') =>
    (
      await intake.db.query(
        'SELECT verdict, differences, differs_since, customer_id, resolution FROM usage.handled_order WHERE order_no = $1',
        [orderNo],
      )
    )[0];

  it('finds in order what BOSS has carried out, once', async () => {
    expect(await report()).toMatchObject({ verdict: 'PENDING', customer_id: expect.any(String) });
    await saying({ tariffCode: 'T128' });
    expect(await audit()).toEqual({ MATCHED: 1 });
    const [before] = await intake.db.query('SELECT o::text FROM usage.handled_order o');
    // Done with is done with: also when BOSS says something else later.
    await saying({ tariffCode: 'T8', eventTime: '2025-02-01T11:00:00+08:00' });
    at('2025-02-10T12:00:00+08:00');
    expect(await audit()).toEqual({});
    expect(await intake.db.query('SELECT o::text FROM usage.handled_order o')).toEqual([before]);
  });

  it('waits until the deadline, then tells what differs from what BOSS is silent about', async () => {
    await report();
    await report({
      orderNo: 'O-2',
      orderType: 'SUSPENSION',
      expected: {},
      handledAt: new Date('2025-02-02T10:00:00+08:00'),
    });
    await saying({ eventTime: '2025-02-01T11:00:00+08:00' });
    at('2025-02-03T09:59:59.999+08:00');
    expect(await audit()).toEqual({ PENDING: 2 });
    at('2025-02-03T10:00:00+08:00');
    expect(await audit()).toEqual({ DIFFERENT: 1, PENDING: 1 });
    expect(await order()).toMatchObject({
      verdict: 'DIFFERENT',
      differences: [{ field: 'tariffCode', expected: 'T128', actual: 'T59' }],
      differs_since: new Date('2025-02-03T10:00:00+08:00'),
    });
    at('2025-02-04T10:00:00+08:00');
    expect(await audit()).toEqual({ DIFFERENT: 1, MISSING: 1 });
    // Since when it differs stays, however often it is compared.
    expect(await order()).toMatchObject({ differs_since: new Date('2025-02-03T10:00:00+08:00') });
  });

  it('resolves itself when what BOSS says comes late', async () => {
    await report();
    at('2025-02-05T12:00:00+08:00');
    expect(await audit()).toEqual({ MISSING: 1 });
    await saying({ tariffCode: 'T128', eventTime: '2025-02-01T10:30:00+08:00' });
    expect(await audit()).toEqual({ MATCHED: 1 });
    expect(await order()).toMatchObject({ verdict: 'MATCHED', differences: [], differs_since: null, resolution: null });
  });

  it('knows the number that was opened by whom it was opened for, not by who had it before', async () => {
    await saying({ status: 'TERMINATED', eventTime: '2025-01-05T00:00:00+08:00' });
    await report({ orderType: 'OPENING', expected: { tariffCode: 'T8' } });
    expect(await order()).toMatchObject({ customer_id: null });
    at('2025-02-05T12:00:00+08:00');
    expect(await audit()).toEqual({});
    expect(await order()).toMatchObject({ verdict: 'MISSING', customer_id: null });
    await saying({ accountNo: 'A-10', activatedOn: '2025-02-01', tariffCode: 'T8', idNumber: '110101199001010028' });
    expect(await audit()).toEqual({ MATCHED: 1 });
    const [owner] = await intake.db.query(
      `SELECT customer_id FROM customers.account_directory WHERE account_no = 'A-10'`,
    );
    expect(await order()).toMatchObject({ verdict: 'MATCHED', customer_id: owner?.['customer_id'] });
  });

  it('does not look for what a later order has changed again', async () => {
    await report();
    await report({ orderNo: 'O-2', expected: { tariffCode: 'T8' }, handledAt: new Date('2025-02-01T15:00:00+08:00') });
    await report({
      orderNo: 'O-3',
      orderType: 'SUSPENSION',
      expected: {},
      handledAt: new Date('2025-02-01T15:00:00+08:00'),
    });
    await saying({ tariffCode: 'T8', status: 'SUSPENDED_TWO_WAY', eventTime: '2025-02-01T15:10:00+08:00' });
    at('2025-02-02T06:30:00+08:00');
    expect(await audit()).toEqual({ OVERTAKEN: 1, MATCHED: 2 });
    expect(await order('O-1')).toMatchObject({ verdict: 'OVERTAKEN' });
  });

  it('keeps an order once, however often and from wherever it is reported at the same moment', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, () => report()));
    expect(new Set(all.map(({ order_id: id }) => id)).size).toBe(1);
    await expect(report({ expected: { tariffCode: 'T8' } })).rejects.toMatchObject({
      code: 'usage.order-reported-otherwise',
    });
    await expect(report({ msisdn: '13900000010' })).rejects.toMatchObject({ code: 'usage.order-reported-otherwise' });
    expect(await intake.db.query('SELECT FROM usage.handled_order')).toHaveLength(1);
  });

  it('has a queue: somebody takes a difference over and resolves it, and it is not compared any more', async () => {
    const { order_id: id } = await report();
    const settle = intake.get(SettleOrder);
    await expect(settle.settle(id, { ownerId: clerk.id }, clerk)).rejects.toMatchObject({
      code: 'usage.order-not-in-queue',
    });
    at('2025-02-05T12:00:00+08:00');
    await audit();
    expect(await settle.settle(id, { ownerId: clerk.id }, clerk)).toMatchObject({
      owner_id: clerk.id,
      resolution: null,
    });
    expect(await settle.settle(id, { resolution: 'ORDER_WRONG' }, clerk)).toMatchObject({
      owner_id: clerk.id, resolution: 'ORDER_WRONG', resolved_by: clerk.id, verdict: 'MISSING',
    }); // prettier-ignore
    await saying({ tariffCode: 'T128', eventTime: '2025-02-01T11:00:00+08:00' });
    expect(await audit()).toEqual({});
    expect(await settle.compareAgain(id)).toMatchObject({ verdict: 'MISSING', resolution: 'ORDER_WRONG' });
    await expect(settle.settle(id, { resolution: 'ACCEPTED' }, clerk)).rejects.toMatchObject({
      code: 'usage.order-not-in-queue',
    });
  });

  it('compares one order again when somebody asks for it', async () => {
    const { order_id: id } = await report();
    const settle = intake.get(SettleOrder);
    expect(await settle.compareAgain(id)).toMatchObject({ verdict: 'PENDING' });
    await saying({ tariffCode: 'T128', eventTime: '2025-02-01T11:00:00+08:00' });
    expect(await settle.compareAgain(id)).toMatchObject({ verdict: 'MATCHED' });
  });

  it('races: two audits and somebody who resolves at the same moment leave one truth', async () => {
    const { order_id: id } = await report();
    at('2025-02-05T12:00:00+08:00');
    await audit();
    await saying({ tariffCode: 'T128', eventTime: '2025-02-01T11:00:00+08:00' });
    const [, , resolved] = await Promise.all([
      audit(),
      audit(),
      intake
        .get(SettleOrder)
        .settle(id, { resolution: 'ACCEPTED' }, clerk)
        .then(
          () => true,
          () => false,
        ),
    ]);
    expect(await order()).toMatchObject(
      resolved ? { verdict: 'MISSING', resolution: 'ACCEPTED' } : { verdict: 'MATCHED', resolution: null },
    );
  });

  it('keeps no number in the clear, and none at all of somebody who was erased', async () => {
    const { customer_id: customerId } = await report();
    const rows = () => intake.db.query<{ line: string }>('SELECT o::text AS line FROM usage.handled_order o');
    expect((await rows())[0]?.line).not.toContain(MSISDN);
    const index = intake.personalData.blindIndex('msisdn', `+86${MSISDN}`).toString('hex');
    expect((await rows())[0]?.line).toContain(index);
    await intake.get(Transaction).run((tx) => new ForgetNumbers().ofCustomer(tx, customerId ?? ''));
    expect((await rows())[0]?.line).not.toContain(index);
  });
});
