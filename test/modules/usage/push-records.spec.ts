import { startIntake, type TestIntake } from './support/intake.js';

const usage = (given: object = {}): Record<string, unknown> => ({
  recordId: 'U-1', eventTime: '2025-01-15T10:00:00+08:00', msisdn: '13800000001', eventType: 'VOICE_MO', counterpartyClass: 'ON_NET',
  durationSec: 61, feeFen: 20, operation: 'NEW', version: 1, ...given,
}); // prettier-ignore
const bill = (given: object = {}): Record<string, unknown> => ({
  billNo: 'B-1', accountNo: 'A-13800000001', msisdn: '13800000001', cycle: '202501', monthlyFeeFen: 5900, voiceFen: 1000,
  collectedForOthersFen: 500, discountFen: -900, payableFen: 6500, paidFen: 0, arrearsFen: 6500, dueDate: '2025-02-20',
  issuedAt: '2025-02-01T03:00:00+08:00', version: 1, ...given,
}); // prettier-ignore
const payment = (given: object = {}): Record<string, unknown> => ({
  paymentId: 'P-1', accountNo: 'A-13800000001', msisdn: '13800000001', paidAt: '2025-02-01T09:00:00+08:00', amountFen: 6500, method: 'BANK',
  payer: 'OTHER', billNo: 'B-1', operation: 'NEW', version: 1, ...given,
}); // prettier-ignore
const snapshot = (given: object = {}): Record<string, unknown> => ({
  recordId: 'S-1', eventTime: '2025-01-20T10:00:00+08:00', accountNo: 'A-9', msisdn: '13900000009', name: '张三', idType: 'ID_CARD',
  idNumber: '11010119900101001X', brand: 'GOTONE', regionHome: '440000', activatedOn: '2020-05-01', status: 'SUSPENDED_TWO_WAY',
  statusAt: '2025-01-10T00:00:00+08:00', tariffCode: 'T128', packageFeeFen: 12800, simKind: 'MAIN', realName: true, operation: 'NEW',
  version: 1, ...given,
}); // prettier-ignore

describe('records pushed online', () => {
  let intake: TestIntake;
  beforeEach(async () => {
    intake = await startIntake();
    intake.clock.time = new Date('2025-02-10T00:00:00Z');
    await intake.customer('13800000001');
  });
  afterEach(() => intake.close());
  const fact = async (columns: string): Promise<unknown> =>
    (await intake.db.query(`SELECT ${columns} FROM usage.month_fact WHERE month = '2025-01-01'`))[0];

  it('[USG-02] get one answer each: taken, known already, refused, in conflict, held', async () => {
    const push = (records: Record<string, unknown>[]) => intake.records.execute('USG', 'BOSS', records);
    expect(
      await push([
        usage(),
        usage(),
        usage({ recordId: 'U-2', feeFen: 1.5 }),
        usage({ recordId: 'U-3', msisdn: '13800000002' }),
      ]),
    ).toEqual([
      { outcome: 'ACCEPTED' },
      { outcome: 'DUPLICATE' },
      { outcome: 'REJECTED', code: 'E_FORMAT', field: 'feeFen', message: expect.any(String) },
      { outcome: 'HELD', reason: 'UNKNOWN_CUSTOMER' },
    ]);
    expect(
      await push([
        usage(),
        usage({ feeFen: 21 }),
        usage({ recordId: 'U-4', operation: 'CORRECT', refRecordId: 'U-9', version: 2 }),
      ]),
    ).toEqual([
      { outcome: 'DUPLICATE' },
      { outcome: 'REJECTED', code: 'E_CONFLICT', field: 'recordId', message: expect.any(String) },
      { outcome: 'HELD', reason: 'UNKNOWN_REFERENCE' },
    ]);
    expect(await fact('calls')).toEqual({ calls: 1 });
  });

  it('hold an unknown customer until BOSS opens the archive, and a correction until its record comes', async () => {
    await intake.records.execute('USG', 'BOSS', [
      usage({
        recordId: 'C',
        msisdn: '13900000009',
        accountNo: 'A-9',
        operation: 'CORRECT',
        refRecordId: 'N',
        version: 2,
        durationSec: 30,
      }),
      usage({ recordId: 'N', msisdn: '13900000009', accountNo: 'A-9' }),
    ]);
    expect(await intake.db.query('SELECT count(*) FROM usage.held_record')).toEqual([{ count: 2 }]);
    expect(await intake.records.execute('SUB', 'BOSS', [snapshot()])).toEqual([{ outcome: 'ACCEPTED' }]);
    expect(await intake.db.query('SELECT count(*) FROM usage.held_record')).toEqual([{ count: 0 }]);
    expect(await fact('calls, voice_mo_sec')).toEqual({ calls: 1, voice_mo_sec: 30 });
  });

  it('a number out of a range that nobody was given is refused', async () => {
    expect(await intake.records.execute('SUB', 'BOSS', [snapshot({ msisdn: '15400000009' })])).toEqual([
      expect.objectContaining({ outcome: 'REJECTED', code: 'E_MSISDN', field: 'msisdn' }),
    ]);
  });

  it('[USG-04] a bill counts in its highest version, whichever came first', async () => {
    const second = bill({ version: 2, voiceFen: 1100, payableFen: 6600, arrearsFen: 0, paidFen: 6600 });
    await intake.records.execute('BIL', 'BOSS', [second]);
    await intake.records.execute('BIL', 'BOSS', [bill()]);
    expect(await fact('spend_fen, net_spend_fen, arrears_fen, package_fee_fen')).toEqual({
      spend_fen: 6600, net_spend_fen: 6100, arrears_fen: 0, package_fee_fen: 5000,
    }); // prettier-ignore
    expect(await intake.db.query('SELECT version, is_current FROM usage.bill ORDER BY version')).toEqual([
      { version: 1, is_current: false },
      { version: 2, is_current: true },
    ]);
  });

  it('a bill that supersedes another number takes its place', async () => {
    await intake.records.execute('BIL', 'BOSS', [
      bill(),
      bill({ billNo: 'B-2', version: 2, supersedes: 'B-1', voiceFen: 0, payableFen: 5500 }),
    ]);
    expect(await fact('spend_fen')).toEqual({ spend_fen: 5500 });
  });

  it('payments count in the month they are made, by others apart, and can be taken back', async () => {
    await intake.records.execute('PAY', 'BOSS', [
      payment(),
      payment({ paymentId: 'P-2', payer: 'SELF', amountFen: 100 }),
    ]);
    const february = async (): Promise<unknown> =>
      (
        await intake.db.query(`SELECT paid_fen, paid_by_others_fen FROM usage.month_fact WHERE month = '2025-02-01'`)
      )[0];
    expect(await february()).toEqual({ paid_fen: 6600, paid_by_others_fen: 6500 });
    await intake.records.execute('PAY', 'BOSS', [payment({ operation: 'CANCEL', refRecordId: 'P-1', version: 2 })]);
    expect(await february()).toEqual({ paid_fen: 100, paid_by_others_fen: 0 });
  });

  it('a suspension that every snapshot repeats counts once', async () => {
    await intake.records.execute('SUB', 'BOSS', [
      snapshot(),
      snapshot({ recordId: 'S-2', eventTime: '2025-01-21T10:00:00+08:00', version: 2 }),
    ]);
    await intake.records.execute('SUB', 'BOSS', [
      snapshot({ recordId: 'S-3', eventTime: '2025-01-22T10:00:00+08:00', version: 3 }),
      snapshot(),
    ]);
    expect(await fact('two_way_suspensions, one_way_suspensions, package_fee_fen, tariff_code')).toEqual({
      two_way_suspensions: 1, one_way_suspensions: 0, package_fee_fen: 12800, tariff_code: 'T128',
    }); // prettier-ignore
  });

  it('of a number that was given to somebody else, the account decides whose the record is', async () => {
    await intake.db.query(
      `INSERT INTO customers.account_directory VALUES ('BOSS', 'OLD', '019a0000-0000-7000-8000-00000000dead')`,
    );
    await intake.records.execute('USG', 'BOSS', [usage({ recordId: 'O', accountNo: 'OLD' }), usage({ recordId: 'P' })]);
    expect(await intake.db.query('SELECT DISTINCT customer_id FROM usage.usage_record')).toHaveLength(2);
  });

  it('numbers are nowhere stored in the clear', async () => {
    await intake.records.execute('USG', 'BOSS', [
      usage(),
      usage({ recordId: 'H', msisdn: '13800000077' }),
      usage({ recordId: 'R', eventType: 'FAX' }),
    ]);
    for (const table of ['usage_record', 'held_record', 'rejected_record', 'customer_month']) {
      const rows = await intake.db.query<{ text: string }>(`SELECT t::text AS text FROM usage.${table} t`);
      for (const { text } of rows) expect(text).not.toMatch(/13800000001|13800000077|3133383030303030/);
    }
  });
});
