import { fileText, gzipped } from './support/boss-file.js';
import { startIntake, type TestIntake } from './support/intake.js';

const arrears = (given: object = {}): Record<string, unknown> => ({
  recordId: 'A-1', snapshotOn: '2025-01-31', accountNo: 'A-13800000001', msisdn: '13800000001', billNo: 'B-1', cycle: '202412',
  dueDate: '2025-01-20', arrearsFen: 6500, lateFeeFen: 195, status: 'OPEN', operation: 'NEW', version: 1, ...given,
}); // prettier-ignore
const NAMES = [
  'recordId', 'snapshotOn', 'accountNo', 'msisdn', 'billNo', 'cycle', 'dueDate', 'arrearsFen', 'lateFeeFen', 'status',
  'operation', 'refRecordId', 'version',
]; // prettier-ignore
const lineOf = (record: Record<string, unknown>): string =>
  ['D', ...NAMES.map((name) => String(record[name] ?? ''))].join('|');

describe('[USG-05] the arrears of a day', () => {
  let intake: TestIntake;
  beforeEach(async () => {
    intake = await startIntake();
    await intake.customer('13800000001');
  });
  afterEach(() => intake.close());
  const stored = (): Promise<unknown[]> =>
    intake.db.query(
      `SELECT record_id, version, snapshot_on, month, cycle, due_on, arrears_fen, late_fee_fen, status, is_current
       FROM usage.arrears_record ORDER BY record_id, version`,
    );
  const first = {
    record_id: 'A-1', version: 1, snapshot_on: '2025-01-31', month: '2025-01-01', cycle: '2024-12-01', due_on: '2025-01-20',
    arrears_fen: 6500, late_fee_fen: 195, status: 1, is_current: true,
  }; // prettier-ignore

  it('are kept one by one, of a file whose trailer adds up what is open', async () => {
    const day = '2025-01-31T00:00:00+08:00';
    const lines = [lineOf(arrears()), lineOf(arrears({ recordId: 'A-2', arrearsFen: 0, status: 'DISPUTED' }))];
    const file = fileText({ kind: 'ARR', lines, totals: { fee: 6500, first: day, last: day } });
    expect(await intake.files.execute(file.name, gzipped(file.text))).toMatchObject({ state: 'OK' });
    expect(await stored()).toEqual([first, { ...first, record_id: 'A-2', arrears_fen: 0, status: 2 }]);
    expect(await intake.db.query('SELECT count(*) FROM usage.customer_month')).toEqual([{ count: 0 }]);
  });

  it('are corrected and taken back like any other record, and pushed online too', async () => {
    const push = (...records: Record<string, unknown>[]) => intake.records.execute('ARR', 'BOSS', records);
    const corrected = arrears({ operation: 'CORRECT', refRecordId: 'A-1', version: 2, status: 'WRITTEN_OFF' });
    expect(await push(corrected)).toEqual([{ outcome: 'HELD', reason: 'UNKNOWN_REFERENCE' }]);
    expect(await push(arrears(), arrears())).toEqual([{ outcome: 'ACCEPTED' }, { outcome: 'DUPLICATE' }]);
    expect(await stored()).toEqual([
      { ...first, is_current: false },
      { ...first, version: 2, status: 3 },
    ]);
    expect(await push(arrears({ arrearsFen: 1 }), arrears({ recordId: 'A-3', arrearsFen: -1 }))).toMatchObject([
      { outcome: 'REJECTED', code: 'E_CONFLICT' },
      { outcome: 'REJECTED', code: 'E_AMOUNT', field: 'arrearsFen' },
    ]);
  });
});
