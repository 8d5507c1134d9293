import pg from 'pg';
import { aUsage, gzipped, plain, usageFile } from './support/boss-file.js';
import { DAY, somebody, startReconciliation, type TestReconciliation } from './support/reconciliation.js';

const [ANNA, BERT] = [somebody('anna'), somebody('bert')];

const dashed = (date: string): string => `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;

describe('reconciling a business day', () => {
  let world: TestReconciliation;
  beforeEach(async () => {
    world = await startReconciliation();
    await world.customer('13800000001');
  });
  afterEach(() => world.close());

  const load = async (ids: readonly string[], sequence = 1, date = '20250201', happened = date) => {
    const file = usageFile(
      ids.map((recordId) => aUsage({ recordId, eventTime: `${dashed(happened)}T01:00:00+08:00` })),
      { sequence, date },
    );
    return world.files.execute(file.name, gzipped(file.text));
  };
  /** What the source says of so many records of 20 fen and 2 minutes. */
  const state = (records: number, feeFen = records * 20) =>
    world.stating.sums(DAY, { records, feeFen, minutes: records * 2, kb: 0 }, ANNA);

  it('[promise 17] [USG-11] counts what is stored, holds it against what is stated, and closes what is even', async () => {
    await load(['U-1', 'U-2']);
    await state(2);
    await world.reconcile();
    expect(await world.sheet()).toMatchObject({
      state: 'CLOSED', closed_by: 'system', theirs_from: 'STATEMENT', theirs_records: 2, theirs_fee_fen: 40, ours_records: 2,
      ours_fee_fen: 40, ours_minutes: 4, ours_kb: 0, open_differences: 0,
    }); // prettier-ignore
  });

  it('[promise 17] takes the trailers of the files where nothing was stated, and leaves the closing to people', async () => {
    await load(['U-1', 'U-2']);
    await load(['U-2', 'U-3'], 2);
    await world.reconcile();
    expect(await world.sheet()).toMatchObject({
      state: 'OPEN', theirs_from: 'TRAILERS', theirs_records: 3, ours_records: 3, theirs_fee_fen: null, duplicates: 1,
    }); // prettier-ignore
    expect(await world.closing.execute(DAY, 'looked at', ANNA)).toEqual({ state: 'CLOSED', approvalId: undefined });
  });

  it('[promise 17] counts a record on the day on which it was first sent, however often it comes again', async () => {
    await load(['U-1']);
    world.clock.time = new Date('2025-02-03T00:00:00+08:00');
    await load(['U-1'], 2, '20250202', '20250201');
    await world.reconcile();
    expect(await world.sheet()).toMatchObject({ ours_records: 1, open_differences: 0 });
    expect(await world.sheet({ businessDate: '2025-02-02' })).toMatchObject({ ours_records: 0, open_differences: 0 });
  });

  it('[promise 17] counts what was pushed online on the day it came, to the last millisecond in Shanghai', async () => {
    world.clock.time = new Date('2025-02-01T23:59:59.999+08:00');
    await world.records.execute('USG', 'BOSS', [{ ...aUsage({ recordId: 'U-1' }), regionHome: '440000' }]);
    world.clock.time = new Date('2025-02-02T00:00:00+08:00');
    await world.records.execute('USG', 'BOSS', [{ ...aUsage({ recordId: 'U-2' }), regionHome: '440000' }]);
    world.clock.time = new Date('2025-02-03T00:00:00+08:00');
    await world.reconcile();
    for (const businessDate of ['2025-02-01', '2025-02-02']) {
      expect(await world.sheet({ province: '000000', businessDate })).toMatchObject({ ours_records: 1, state: 'OPEN' });
    }
  });

  it('[promise 17] lists what is missing and what differs, raises an alarm, and takes both back when it has come', async () => {
    await load(['U-1', 'U-2']);
    await state(3, 61);
    await world.reconcile();
    expect(await world.differences()).toMatchObject([
      { type: 'AMOUNT', measure: 'FEE_FEN', theirs: 61, ours: 40, state: 'OPEN' },
      { type: 'AMOUNT', measure: 'MINUTES', theirs: 6, ours: 4 },
      { type: 'MISSING', measure: 'RECORDS', theirs: 3, ours: 2 },
    ]);
    const alarms = () => world.db.query(`SELECT kind FROM usage.intake_alarm WHERE cleared_at IS NULL`);
    expect(await alarms()).toEqual([{ kind: 'DIFFERENCE' }]);
    await load(['U-3'], 2);
    await state(3);
    await world.reconcile();
    expect(await world.differences()).toEqual([]);
    expect(await alarms()).toEqual([]);
    expect(await world.sheet()).toMatchObject({ state: 'CLOSED' });
  });

  it('[promise 17] names the very records that are missing, too many, or of another amount', async () => {
    await load(['U-1', 'U-2', 'U-3']);
    const list = ['D|U-1|1|20|2|0', 'D|U-2|1|25|2|0', 'D|U-4|1|20|2|0'].map((line) => `${line}\n`).join('');
    const { recordDifferences, figures } = await world.stating.records(DAY, plain(list), ANNA);
    expect([recordDifferences, figures]).toEqual([3, { records: 3, feeFen: 65, minutes: 6, kb: 0 }]);
    const named = (await world.differences()).filter(({ measure }) => measure === 'RECORD');
    expect(named).toMatchObject([
      { type: 'AMOUNT', record_id: 'U-2', theirs: 25, ours: 20 },
      { type: 'EXTRA', record_id: 'U-3', theirs: null, ours: 20 },
      { type: 'MISSING', record_id: 'U-4', theirs: 20, ours: null },
    ]);
    await load(['U-4'], 2);
    await world.reconcile();
    const left = (await world.differences()).filter(({ measure }) => measure === 'RECORD');
    expect(left.map(({ record_id }) => record_id)).toEqual(['U-2', 'U-3']);
    await world.stating.records(DAY, gzipped(list.replace('U-2|1|25', 'U-2|1|20') + 'D|U-3|1|20|2|0\n'), ANNA);
    expect(await world.differences()).toEqual([]);
  });

  it('[promise 17] refuses a list of records that is not whole, and forgets it', async () => {
    await load(['U-1']);
    await expect(world.stating.records(DAY, plain('D|U-1|1|20|2|0\nD|U-2|one'), ANNA)).rejects.toThrow(
      'The list of records is not whole',
    );
    expect(await world.db.query('SELECT FROM usage.statement')).toEqual([]);
  });

  it('[promise 17] closes a day with differences only when each is explained, and somebody else signs', async () => {
    await load(['U-1', 'U-2']);
    await state(3);
    await world.reconcile();
    await expect(world.closing.execute(DAY, 'please', ANNA)).rejects.toThrow('no owner or no resolution');
    for (const { difference_id } of await world.differences()) {
      await world.explaining.execute(String(difference_id), { resolution: 'U-3 was a test of theirs' }, ANNA);
    }
    const { approvalId = '' } = await world.closing.execute(DAY, 'please', ANNA);
    await expect(world.approvals.approve(approvalId, ANNA)).rejects.toThrow(); // her own request
    await world.approvals.approve(approvalId, BERT, 'agreed');
    expect(await world.sheet()).toMatchObject({ state: 'SIGNED_OFF', closed_by: 'bert', open_differences: 3 });
  });

  it('[promise 17] is not signed off by an owner of its differences, whoever asked', async () => {
    await load(['U-1', 'U-2']);
    await state(3);
    await world.reconcile();
    for (const { difference_id } of await world.differences()) {
      await world.explaining.execute(String(difference_id), { resolution: 'a test of theirs' }, BERT);
    }
    const { approvalId = '' } = await world.closing.execute(DAY, 'please', ANNA);
    await expect(world.approvals.approve(approvalId, BERT)).rejects.toThrow('Somebody else signs off');
  });

  it('[promise 17] is not signed off when it is another day than the one that was put forward', async () => {
    await load(['U-1', 'U-2']);
    await state(4);
    await world.reconcile();
    for (const { difference_id } of await world.differences()) {
      await world.explaining.execute(String(difference_id), { resolution: 'tests of theirs' }, ANNA);
    }
    const { approvalId = '' } = await world.closing.execute(DAY, 'please', ANNA);
    await load(['U-3'], 2);
    await expect(world.approvals.approve(approvalId, BERT)).rejects.toThrow('have changed');
    expect(await world.sheet()).toMatchObject({ state: 'OPEN' });
  });

  it('[promise 17] takes no file into a closed day, answers the ones that it knows, and takes new ones once it is open again', async () => {
    await load(['U-1']);
    await state(1);
    await world.reconcile();
    expect(await load(['U-2'], 2)).toMatchObject({ state: 'BAD', problem: { code: 'E_CLOSED' } });
    expect(await load(['U-1'])).toMatchObject({ state: 'OK', isRepeat: true });
    await expect(state(2)).rejects.toThrow('signed off');
    await world.closing.reopen(DAY, 'U-2 is still to come');
    expect(await load(['U-2'], 2)).toMatchObject({ state: 'OK' });
  });

  it('[promise 17] is not closed before it is over, nor while a file of it is missing', async () => {
    await load(['U-1'], 1, '20250202');
    await expect(world.closing.execute({ ...DAY, businessDate: '2025-02-02' }, 'early', ANNA)).rejects.toThrow(
      'not over',
    );
    await load(['U-2'], 3);
    await expect(world.closing.execute(DAY, 'gap', ANNA)).rejects.toThrow('wait for an earlier one');
    await load([], 2, '20250202');
    expect(await world.closing.execute(DAY, 'gap filled', ANNA)).toMatchObject({ state: 'CLOSED' });
  });

  it('[promise 17] is not closed while a file of it is being loaded, and counts that file when it has come', async () => {
    await load(['U-1']);
    await state(2);
    const blocked = new pg.Client({ connectionString: world.db.url });
    await blocked.connect();
    await blocked.query('BEGIN');
    await blocked.query('LOCK TABLE usage.customer_month IN ACCESS EXCLUSIVE MODE');
    const loading = load(['U-2'], 2);
    for (;;) {
      const [row] = await world.db.query<{ n: number }>(
        `SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      );
      if (row && row.n > 0) break;
    }
    await expect(world.closing.execute(DAY, 'too early', ANNA)).rejects.toThrow('coming in at this moment');
    await blocked.end();
    expect(await loading).toMatchObject({ state: 'OK' });
    expect(await world.closing.execute(DAY, 'now', ANNA)).toMatchObject({ state: 'CLOSED' });
    expect(await world.sheet()).toMatchObject({ ours_records: 2, theirs_records: 2 });
  });

  it('[promise 17] is closed once by whoever is faster, and the file that comes beside it is either counted or refused', async () => {
    for (let round = 0; round < 5; round++) {
      const date = `2025010${round + 1}`;
      const day = { ...DAY, businessDate: `2025-01-0${round + 1}` };
      await load([`A-${round}`], 2 * round + 1, date);
      const [file, ...closings] = await Promise.allSettled([
        load([`B-${round}`], 2 * round + 2, date),
        world.closing.execute(day, 'one', ANNA),
        world.closing.execute(day, 'two', BERT),
      ]);
      const state = file.status === 'fulfilled' ? file.value.state : 'failed';
      expect(['OK', 'BAD']).toContain(state);
      const closed = closings.filter(({ status }) => status === 'fulfilled').length;
      expect(closed).toBeLessThanOrEqual(1);
      const sheet = await world.sheet(day);
      if (sheet?.['state'] === 'CLOSED') expect(sheet['ours_records']).toBe(state === 'OK' ? 2 : 1);
      if (state === 'BAD') await load([`B-${round}`], 2 * round + 2, '20250110'); // or the sequence would have a gap
    }
  });
});
