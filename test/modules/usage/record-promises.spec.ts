import { businessMonthDay } from '../../../src/modules/usage/domain/business-month.js';
import { aUsage, fileText, gzipped, plain, usageFile, usageText, type UsageLine } from './support/boss-file.js';
import { startIntake, type TestIntake } from './support/intake.js';

const NUMBER = '13800000001';
const DAY = 86_400_000;

/** A line of the contract as it is pushed. */
const pushed = (given: Partial<UsageLine> = {}): Record<string, unknown> => {
  const line = aUsage(given);
  const cycle = line.eventTime.slice(0, 7).replace('-', '');
  return { ...line, taxFen: 0, regionHome: '440000', tariffCode: 'T59', cycle };
};
const payment = (given: object = {}): Record<string, unknown> => ({
  paymentId: 'P-1', accountNo: '', msisdn: NUMBER, paidAt: '2025-02-01T09:00:00+08:00', amountFen: 6500, method: 'BANK', payer: 'SELF',
  billNo: '', operation: 'NEW', version: 1, ...given,
}); // prettier-ignore
const bill = (given: object = {}): Record<string, unknown> => ({
  billNo: 'B-1', accountNo: `A-${NUMBER}`, msisdn: NUMBER, cycle: '202501', monthlyFeeFen: 5900, payableFen: 5900, paidFen: 0,
  arrearsFen: 0, dueDate: '2025-02-20', issuedAt: '2025-02-01T03:00:00+08:00', version: 1, ...given,
}); // prettier-ignore
const snapshot = (given: object = {}): Record<string, unknown> => ({
  recordId: 'S-1', eventTime: '2025-01-20T10:00:00+08:00', accountNo: 'A-9', msisdn: '13900000009', brand: 'GOTONE',
  regionHome: '440000', activatedOn: '2024-05-01', status: 'ACTIVE', statusAt: '2024-05-01T00:00:00+08:00', packageFeeFen: 5900,
  simKind: 'MAIN', realName: true, operation: 'NEW', version: 1, ...given,
}); // prettier-ignore
const corrected = (of: string, given: Partial<UsageLine> = {}): UsageLine =>
  aUsage({
    recordId: `${of}-c`,
    operation: 'CORRECT',
    refRecordId: of,
    version: 2,
    durationSec: 30,
    feeFen: 10,
    ...given,
  });
const cancelled = (of: string, given: Partial<UsageLine> = {}): UsageLine =>
  corrected(of, { recordId: `${of}-x`, operation: 'CANCEL', version: 3, ...given });

describe('what the receiver of billing records promises', () => {
  let intake: TestIntake;
  let customerId: string;
  let sequence: number;
  beforeEach(async () => {
    intake = await startIntake();
    customerId = await intake.customer(NUMBER);
    sequence = 0;
  });
  afterEach(() => intake.close());

  const load = (lines: readonly UsageLine[], source = 'BOSS', createdAt?: string) => {
    const file = usageFile(lines, { sequence: ++sequence, source, ...(createdAt && { createdAt }) });
    return intake.files.execute(file.name, gzipped(file.text));
  };
  const push = (kind: 'USG' | 'BIL' | 'PAY' | 'SUB', ...records: Record<string, unknown>[]) =>
    intake.records.execute(kind, 'BOSS', records);
  const count = async (table: string): Promise<number> =>
    (await intake.db.query<{ n: number }>(`SELECT count(*) AS n FROM usage.${table}`))[0]?.n ?? -1;
  const january = async (columns = 'calls, voice_mo_sec'): Promise<unknown> =>
    (await intake.db.query(`SELECT ${columns} FROM usage.month_fact WHERE month = '2025-01-01'`))[0];
  const waiting = () => intake.db.query('SELECT record_id, reason FROM usage.held_record ORDER BY record_id, version');

  it('[promise 1] [USG-02] a record counts once, by whatever channel and however often it comes', async () => {
    expect((await load([aUsage(), aUsage()])).counts).toMatchObject({ loaded: 1, duplicate: 1 });
    expect(await push('USG', pushed(), pushed({ recordId: 'U-2' }))).toEqual([
      { outcome: 'DUPLICATE' },
      { outcome: 'ACCEPTED' },
    ]);
    expect((await load([aUsage({ recordId: 'U-2' }), aUsage()])).counts).toMatchObject({ loaded: 0, duplicate: 2 });
    expect((await load([aUsage()], 'CRM')).counts).toMatchObject({ loaded: 1 }); // Another source counts its ids itself.
    expect(await push('PAY', payment(), payment())).toEqual([{ outcome: 'ACCEPTED' }, { outcome: 'DUPLICATE' }]);
    expect(await push('BIL', bill(), bill())).toEqual([{ outcome: 'ACCEPTED' }, { outcome: 'DUPLICATE' }]);
    expect(await january()).toEqual({ calls: 3, voice_mo_sec: 183 });
    expect([await count('usage_record'), await count('payment'), await count('customer_bill')]).toEqual([3, 1, 1]);
  });

  it('[promise 1] one that corrects is no second one either, nor one whose customer is not known any more', async () => {
    await load([aUsage(), corrected('U-1')]);
    expect((await load([corrected('U-1'), corrected('U-1')])).counts).toMatchObject({ loaded: 0, duplicate: 2 });
    await intake.db.query('DELETE FROM customers.account_directory');
    await intake.db.query(`UPDATE customers.subscription SET msisdn_index = '\\x00'`);
    expect((await load([aUsage(), corrected('U-1')])).counts).toMatchObject({ duplicate: 2, held: 0 });
    expect(await january()).toEqual({ calls: 1, voice_mo_sec: 30 });
  });

  it('[promise 2] the same id with another content, month or customer is refused, and what stands stays', async () => {
    const other = '13800000002';
    await intake.customer(other);
    await load([aUsage()]);
    const before = await intake.db.query('SELECT r::text FROM usage.usage_record r');
    const intruders = [
      aUsage({ durationSec: 62 }),
      aUsage({ eventTime: '2024-12-31T23:00:00+08:00' }),
      aUsage({ msisdn: other }),
    ];
    const conflict = expect.objectContaining({ outcome: 'REJECTED', code: 'E_CONFLICT' });
    expect(await push('USG', ...intruders.map((line) => pushed(line)))).toEqual([conflict, conflict, conflict]);
    expect((await load([...intruders, aUsage({ recordId: 'U-2' })])).counts).toMatchObject({ loaded: 1, rejected: 3 });
    expect(await intake.db.query(`SELECT r::text FROM usage.usage_record r WHERE record_id = 'U-1'`)).toEqual(before);
    expect(await push('PAY', payment(), payment({ amountFen: 1 }))).toEqual([{ outcome: 'ACCEPTED' }, conflict]);
    expect(await push('BIL', bill(), bill({ dueDate: '2025-02-21' }))).toEqual([{ outcome: 'ACCEPTED' }, conflict]);
  });

  it('[promise 2] one that waits stands as well: what comes in its place is refused', async () => {
    const unknown = aUsage({ recordId: 'W', msisdn: '13900000009', accountNo: 'A-9' });
    await load([unknown]);
    expect((await load([{ ...unknown, durationSec: 1 }])).counts).toMatchObject({ held: 0, rejected: 1 });
    expect((await load([{ ...unknown, durationSec: 2, msisdn: NUMBER, accountNo: '' }])).counts).toMatchObject({
      loaded: 0, rejected: 1,
    }); // prettier-ignore
    await push('SUB', snapshot());
    expect(await intake.db.query('SELECT record_id, duration_sec FROM usage.usage_record')).toEqual([
      { record_id: 'W', duration_sec: 61 },
    ]);
  });

  it('[promise 3] after a crash between storing and answering, sending again changes nothing', async () => {
    const lines = [aUsage(), aUsage({ recordId: 'U-2' }), corrected('U-1')];
    const state = async (): Promise<unknown> => [
      await intake.db.query('SELECT t::text FROM usage.usage_record t ORDER BY 1'),
      await intake.db.query('SELECT t::text FROM usage.customer_month t ORDER BY 1'),
      await intake.db.query('SELECT t::text FROM usage.record_directory t ORDER BY 1'),
    ];
    await load(lines);
    const stored = await state();
    // The answer of the file was lost, so billing sends it again; a push whose answer was lost as well.
    const file = usageFile(lines, { sequence });
    expect(await intake.files.execute(file.name, plain(file.text))).toMatchObject({ isRepeat: true });
    const again = await push('USG', ...lines.map((line) => pushed(line)));
    expect(again).toEqual(lines.map(() => ({ outcome: 'DUPLICATE' })));
    expect(await state()).toEqual(stored);
  });

  it('[promise 3] a transaction that dies after the records leaves nothing of them', async () => {
    await intake.db.query(
      `CREATE FUNCTION usage.die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'dead'; END $$`,
    );
    await intake.db.query(
      'CREATE TRIGGER die BEFORE INSERT ON usage.customer_month FOR EACH ROW EXECUTE FUNCTION usage.die()',
    );
    await expect(load([aUsage()])).rejects.toThrow('dead');
    await intake.db.query('DROP TRIGGER die ON usage.customer_month');
    expect([await count('usage_record'), await count('record_directory'), await count('intake_file')]).toEqual([
      0, 0, 0,
    ]);
    sequence = 0;
    expect((await load([aUsage()])).counts).toMatchObject({ loaded: 1, duplicate: 0 });
  });

  describe('[promise 5] [USG-05] late records', () => {
    beforeEach(() =>
      intake.db.query(
        `INSERT INTO usage.closed_month (month, closed_at, closed_by) VALUES ('2025-01-01', now(), 'test')`,
      ),
    );
    const changes = () =>
      intake.db.query('SELECT customer_id, month, kind FROM usage.late_change ORDER BY month, kind');
    const announced = async (): Promise<unknown[]> =>
      (
        await intake.db.query<{ payload: { months: string[] } }>(
          `SELECT payload FROM platform.outbox WHERE name = 'usage.ClosedMonthsChanged' ORDER BY position`,
        )
      ).map(({ payload }) => payload.months);

    it('count in their month, and tell whose closed month they have changed, once', async () => {
      await load([aUsage(), aUsage({ recordId: 'U-2', eventTime: '2025-02-01T00:00:00+08:00' })]);
      expect(await january()).toEqual({ calls: 1, voice_mo_sec: 61 });
      expect(await changes()).toEqual([{ customer_id: customerId, month: '2025-01-01', kind: 'USG' }]);
      expect(await announced()).toEqual([['2025-01-01']]);
      await load([aUsage()]); // known already
      expect(await announced()).toHaveLength(1);
    });

    it('tell it of corrections, bills, payments and packages, too', async () => {
      await push('BIL', bill());
      await push('PAY', payment({ paidAt: '2025-01-31T23:59:59.999+08:00' }), payment({ paymentId: 'P-2' }));
      await push('SUB', snapshot());
      await load([aUsage(), corrected('U-1')]);
      expect((await changes()).map((row) => (row as { kind: string }).kind)).toEqual(['BIL', 'PAY', 'SUB', 'USG']);
      await push('SUB', snapshot({ recordId: 'S-0', eventTime: '2025-01-19T10:00:00+08:00' })); // changes nothing
      expect(await announced()).toHaveLength(4);
    });

    it('of open months tell nobody', async () => {
      await load([aUsage({ eventTime: '2025-02-01T00:00:00+08:00' })]);
      expect([await changes(), await announced()]).toEqual([[], []]);
    });
  });

  describe('[promise 6] records out of time', () => {
    const future = aUsage({ recordId: 'F', eventTime: '2025-02-04T00:00:00+08:00' });
    const late = aUsage({ recordId: 'L', eventTime: '2024-11-30T23:59:59.999+08:00' });

    it('of more than a day ahead wait until their time has come', async () => {
      intake.clock.time = new Date('2025-02-02T15:59:59.999Z'); // a millisecond less than a day before
      expect((await load([future, aUsage()])).counts).toMatchObject({ loaded: 1, held: 1, rejected: 0 });
      await intake.held.execute();
      expect(await waiting()).toEqual([{ record_id: 'F', reason: 'FUTURE' }]);
      intake.clock.time = new Date('2025-02-02T16:00:00Z');
      expect(await intake.held.execute()).toBe(1);
      expect(await waiting()).toEqual([]);
      expect(await intake.db.query(`SELECT calls FROM usage.month_fact WHERE month = '2025-02-01'`)).toEqual([
        { calls: 1 },
      ]);
    });

    it('of long before wait for somebody who lets them in; nothing else does', async () => {
      expect((await load([late, aUsage()])).counts).toMatchObject({ loaded: 1, held: 1 });
      await intake.held.execute();
      expect(await waiting()).toEqual([{ record_id: 'L', reason: 'LATE' }]);
      expect((await load([late])).counts).toMatchObject({ duplicate: 1, held: 0 });
      const transaction = intake.get((await import('../../../src/platform/database/index.js')).Transaction);
      const identity = { source: 'BOSS', kind: 'USG', recordId: 'L', version: 1 } as const;
      expect(await transaction.run((tx) => intake.held.letIn(tx, identity))).toEqual({ outcome: 'ACCEPTED' });
      expect(await transaction.run((tx) => intake.held.letIn(tx, identity))).toBeUndefined();
      expect(await intake.db.query(`SELECT month, calls FROM usage.month_fact ORDER BY month`)).toEqual([
        { month: '2024-11-01', calls: 1 },
        { month: '2025-01-01', calls: 1 },
      ]);
    });

    it('is judged by the file, not by the day on which it comes; corrections may reach back further', async () => {
      intake.clock.time = new Date('2025-12-01T00:00:00Z');
      const counts = (await load([aUsage({ recordId: 'O', eventTime: '2024-12-01T02:00:00+08:00' })])).counts;
      expect(counts).toMatchObject({ loaded: 1 });
      expect((await load([late])).counts).toMatchObject({ held: 1 });
      expect((await load([corrected('O', { eventTime: '2024-12-01T02:00:00+08:00' })], 'BOSS', '2025-09-01T00:00:00+08:00')).counts)
        .toMatchObject({ loaded: 1 }); // prettier-ignore
    });

    it('a bill issued in the future waits, one of long ago does not', async () => {
      expect(await push('BIL', bill({ issuedAt: '2025-02-05T00:00:00+08:00' }), bill({ billNo: 'B-0', cycle: '202301' }))).toEqual([
        { outcome: 'HELD', reason: 'FUTURE' },
        { outcome: 'ACCEPTED' },
      ]); // prettier-ignore
    });

    it('a snapshot of the future waits, and brings its customer when its time has come; what waits for him follows', async () => {
      intake.clock.time = new Date('2025-02-02T15:59:59.999Z');
      const eventTime = '2025-02-04T00:00:00+08:00';
      const early = snapshot({ eventTime, activatedOn: '2025-02-04', statusAt: eventTime });
      const held = { outcome: 'HELD', reason: 'FUTURE' };
      expect(await push('SUB', early, snapshot({ ...early, packageFeeFen: 1 }))).toMatchObject([
        held,
        { code: 'E_CONFLICT' },
      ]);
      expect(await push('SUB', early)).toEqual([{ outcome: 'DUPLICATE' }]);
      expect(await push('SUB', snapshot({ eventTime: '2025-02-01T00:00:00+08:00' }))).toMatchObject([
        { code: 'E_CONFLICT' },
      ]);
      await push('BIL', bill({ billNo: 'B-9', accountNo: 'A-9', msisdn: '13900000009' }));
      await intake.held.execute();
      expect(await waiting()).toHaveLength(2);
      intake.clock.time = new Date('2025-02-02T16:00:00Z');
      expect(await intake.held.execute()).toBe(2);
      expect(await waiting()).toEqual([]);
      expect(await intake.db.query(`SELECT event_time FROM usage.subscription_record WHERE record_id = 'S-1'`)).toEqual(
        [{ event_time: new Date(eventTime) }],
      );
      expect(await push('SUB', early)).toEqual([{ outcome: 'DUPLICATE' }]);
    });

    it('a status that begins after its snapshot, more than a day ahead, is a mistake', async () => {
      expect(await push('SUB', snapshot({ statusAt: '2025-02-05T00:00:00+08:00' }))).toMatchObject([
        { code: 'E_DATE', field: 'statusAt' },
      ]);
    });
  });

  describe('[promise 7] corrections', () => {
    it('[USG-05] change the figures by the difference, cancellations take them back', async () => {
      await load([aUsage(), aUsage({ recordId: 'U-2' })]);
      await load([corrected('U-1')]);
      expect(await january('calls, voice_mo_sec')).toEqual({ calls: 2, voice_mo_sec: 91 });
      await load([cancelled('U-1'), corrected('U-2', { recordId: 'U-2', feeFen: -5 })]);
      expect(await january('calls, voice_mo_sec')).toEqual({ calls: 1, voice_mo_sec: 30 });
      expect(await intake.db.query(`SELECT usage_fee_fen AS fee FROM usage.customer_month`)).toEqual([{ fee: -5 }]);
    });

    it('wait for the record they change, and for nothing else', async () => {
      const answer = await load([corrected('N'), cancelled('M'), aUsage()]);
      expect(answer.counts).toMatchObject({ loaded: 1, held: 2 });
      await load([aUsage({ recordId: 'N' })]);
      expect(await waiting()).toEqual([{ record_id: 'M-x', reason: 'UNKNOWN_REFERENCE' }]);
      expect(await january()).toEqual({ calls: 2, voice_mo_sec: 91 });
    });

    it('are not of somebody else’s record', async () => {
      await intake.customer('13800000002');
      await load([aUsage(), corrected('U-1', { msisdn: '13800000002' })]);
      expect(await waiting()).toEqual([{ record_id: 'U-1-c', reason: 'UNKNOWN_REFERENCE' }]);
      expect(await january()).toEqual({ calls: 1, voice_mo_sec: 61 });
    });

    it('negative amounts come with a correction only', async () => {
      expect((await load([aUsage({ feeFen: -1 }), aUsage({ recordId: 'U-2' }), corrected('U-2', { feeFen: -1 })])).counts)
        .toMatchObject({ loaded: 2, rejected: 1 }); // prettier-ignore
    });
  });

  it('[promise 13] a record is known more than thirteen months later, by the database', async () => {
    await load([aUsage()]);
    intake.clock.time = new Date('2026-03-15T00:00:00Z');
    const restarted = await push('USG', pushed(), pushed({ durationSec: 1 }));
    expect(restarted).toEqual([
      { outcome: 'DUPLICATE' },
      expect.objectContaining({ outcome: 'REJECTED', code: 'E_CONFLICT' }),
    ]);
    await expect(
      intake.db.query(`INSERT INTO usage.record_directory SELECT * FROM usage.record_directory`),
    ).rejects.toMatchObject({ code: '23505' });
  });

  it('[promise 16] an unknown customer’s records of all kinds wait for the archive, and count when it is opened', async () => {
    const whose = { msisdn: '13900000009', accountNo: 'A-9' };
    await push(
      'USG',
      pushed(whose),
      pushed({ ...whose, recordId: 'U-1-c', operation: 'CORRECT', refRecordId: 'U-1', version: 2, durationSec: 5 }),
    );
    await push('BIL', bill(whose));
    await push('PAY', payment({ ...whose, paidAt: '2025-01-31T09:00:00+08:00' }));
    expect(await count('held_record')).toBe(4);
    await push('SUB', snapshot());
    expect(await count('held_record')).toBe(0);
    expect(await january('calls, voice_mo_sec, spend_fen, paid_fen')).toEqual({
      calls: 1, voice_mo_sec: 5, spend_fen: 5900, paid_fen: 6500,
    }); // prettier-ignore
  });

  it('[promise 16] what waited too long is refused, each for what it waited for', async () => {
    await push(
      'USG',
      pushed({ recordId: 'A', msisdn: '13900000009' }),
      pushed({ recordId: 'B', operation: 'CORRECT', refRecordId: 'none', version: 2 }),
      pushed({ recordId: 'C', eventTime: '2025-09-01T00:00:00+08:00' }),
      pushed({ recordId: 'D', eventTime: '2024-09-01T00:00:00+08:00' }),
    );
    const { refuseHeldLines } = await import('../../../src/modules/usage/persistence/forgotten-lines.js');
    const transaction = intake.get((await import('../../../src/platform/database/index.js')).Transaction);
    const inNinetyDays = new Date(intake.clock.time.getTime() + 90 * DAY);
    await transaction.run((tx) => refuseHeldLines(tx, inNinetyDays));
    expect(await count('held_record')).toBe(0);
    expect(await intake.db.query('SELECT record_id, code FROM usage.rejected_record ORDER BY 1')).toEqual([
      { record_id: 'A', code: 'E_UNKNOWN_ACCOUNT' },
      { record_id: 'B', code: 'E_REF' },
      { record_id: 'C', code: 'E_DATE' },
      { record_id: 'D', code: 'E_LATE' },
    ]);
  });

  it('[promise 20] a month ends at midnight in Shanghai, to the millisecond', async () => {
    await load([
      aUsage({ recordId: 'A', eventTime: '2025-01-31T23:59:59.999+08:00' }),
      aUsage({ recordId: 'B', eventTime: '2025-02-01T00:00:00.000+08:00' }),
      aUsage({ recordId: 'C', eventTime: '2025-01-31T15:59:59.999Z' }),
      aUsage({ recordId: 'D', eventTime: '2025-01-31T16:00:00Z', eventType: 'ROAM' }),
      aUsage({ recordId: 'E', eventTime: '2025-01-31T15:59:59Z', eventType: 'ROAM' }),
    ]);
    expect(await intake.db.query('SELECT month, calls, roam_days FROM usage.month_fact ORDER BY month')).toEqual([
      { month: '2025-01-01', calls: 2, roam_days: 1 },
      { month: '2025-02-01', calls: 1, roam_days: 1 },
    ]);
    const days = await intake.db.query('SELECT roam_day_mask AS mask FROM usage.customer_month ORDER BY month');
    expect(days).toEqual([{ mask: 1 << 30 }, { mask: 1 }]);
    expect(businessMonthDay(Date.parse('2025-01-31T15:59:59.999Z'))).toBe(Date.UTC(2025, 0, 1) / DAY);
  });

  it('[promise 21] the greatest figures that a record may have add up exactly, thousands of them', async () => {
    const most = 999_999_999_999;
    const lines = Array.from({ length: 9_100 }, (_, n) =>
      usageText(aUsage({ recordId: `M-${n}`, eventType: 'DATA', durationSec: 0, volumeKB: most, feeFen: most })),
    );
    const times = '2025-01-15T10:00:00+08:00';
    const kb = 9_000 * most;
    const file = fileText({
      lines: lines.slice(0, 9_000),
      sequence: 50,
      totals: { fee: kb, kb, first: times, last: times },
    });
    // A trailer holds 15 digits, so the file of so many is refused; in parts they are added up beyond what a double holds.
    expect((await intake.files.execute(file.name, gzipped(file.text))).state).toBe('BAD');
    for (let part = 0; part < 10; part++) {
      const those = lines.slice(part * 910, (part + 1) * 910);
      const totals = { fee: 910 * most, kb: 910 * most, first: times, last: times };
      const next = fileText({ lines: those, sequence: 51 + part, totals });
      expect((await intake.files.execute(next.name, gzipped(next.text))).counts).toMatchObject({ loaded: 910 });
    }
    expect(
      await intake.db.query('SELECT data_kb::text AS kb, usage_fee_fen::text AS fee FROM usage.customer_month'),
    ).toEqual([{ kb: String(9100n * BigInt(most)), fee: String(9100n * BigInt(most)) }]);
    const types = await intake.db.query<{ type: string }>(
      `SELECT DISTINCT data_type AS type FROM information_schema.columns WHERE table_schema = 'usage'
         AND data_type IN ('real', 'double precision', 'numeric', 'money')`,
    );
    expect(types).toEqual([]);
  }, 60_000);

  it('[promise 23] a record that the database does not take is refused alone, wherever it stands', async () => {
    await intake.db.query('ALTER TABLE usage.usage_record ADD CONSTRAINT poison CHECK (duration_sec <> 13)');
    const lines = Array.from({ length: 300 }, (_, n) =>
      aUsage({ recordId: `U-${n}`, durationSec: [7, 150, 299].includes(n) ? 13 : 60 }),
    );
    const answer = await load(lines);
    expect(answer).toMatchObject({ state: 'PARTIAL', counts: { loaded: 297, rejected: 3 } });
    expect(await intake.db.query('SELECT record_id, code FROM usage.rejected_record ORDER BY line_no')).toEqual(
      [7, 150, 299].map((n) => ({ record_id: `U-${n}`, code: 'E_FORMAT' })),
    );
    expect(await january()).toEqual({ calls: 297, voice_mo_sec: 297 * 60 });
    expect(await push('USG', pushed({ recordId: 'P', durationSec: 13 }), pushed({ recordId: 'Q' }))).toEqual([
      expect.objectContaining({ outcome: 'REJECTED', code: 'E_FORMAT' }),
      { outcome: 'ACCEPTED' },
    ]);
    // Sent again in a better shape it is taken: nothing of it was left in the directory.
    await intake.db.query('ALTER TABLE usage.usage_record DROP CONSTRAINT poison');
    expect(await push('USG', pushed({ recordId: 'P' }))).toEqual([{ outcome: 'ACCEPTED' }]);
  });

  it('[promise 25] a number that was given to somebody else: the account decides, else who had it at the time', async () => {
    const shared = { msisdn: '13700000007' };
    await push(
      'SUB',
      snapshot({
        ...shared,
        recordId: 'S-a',
        accountNo: 'OLD',
        activatedOn: '2020-01-01',
        status: 'TERMINATED',
        statusAt: '2024-12-20T12:00:00+08:00',
        eventTime: '2024-12-20T12:00:00+08:00',
      }),
    );
    await push(
      'SUB',
      snapshot({
        ...shared,
        recordId: 'S-b',
        accountNo: 'NEW',
        activatedOn: '2025-01-10',
        statusAt: '2025-01-10T09:00:00+08:00',
      }),
    );
    const at = (recordId: string, eventTime: string, accountNo = ''): Record<string, unknown> =>
      pushed({ ...shared, recordId, eventTime, accountNo });
    const outcomes = await push(
      'USG',
      at('left-that-day', '2024-12-20T11:59:59+08:00'),
      at('nobody', '2024-12-25T10:00:00+08:00'),
      at('joined-that-day', '2025-01-10T00:00:00+08:00'),
      at('of-account', '2025-01-15T10:00:00+08:00', 'OLD'),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['ACCEPTED', 'HELD', 'ACCEPTED', 'ACCEPTED']);
    expect(
      await push(
        'PAY',
        payment({ ...shared, paymentId: 'last-bill', paidAt: '2024-12-28T10:00:00+08:00' }),
        payment({ ...shared, paymentId: 'new', paidAt: '2025-01-28T10:00:00+08:00' }),
      ),
    ).toEqual([{ outcome: 'ACCEPTED' }, { outcome: 'ACCEPTED' }]);
    const whose = await intake.db.query<{ id: string; account: string }>(
      `SELECT d.record_id AS id, o.account_no AS account FROM usage.record_directory d
       JOIN customers.account_directory o USING (customer_id) ORDER BY 1`,
    );
    expect(Object.fromEntries(whose.map(({ id, account }) => [id, account]))).toEqual({
      'left-that-day': 'OLD', 'joined-that-day': 'NEW', 'of-account': 'OLD', 'last-bill': 'OLD', new: 'NEW',
    }); // prettier-ignore
  });

  it('[promise 29] a month says how many records, and which, its figures are made of', async () => {
    const inputs = async (): Promise<unknown> =>
      (
        await intake.db.query(
          `SELECT inputs, input_xor::text AS xor, last_recorded_at AS at FROM usage.customer_month WHERE month = '2025-01-01'`,
        )
      )[0];
    const recomputed = async (): Promise<unknown> =>
      (
        await intake.db.query(
          `SELECT count(*) AS inputs, bit_xor(hash)::text AS xor, max(recorded_at) AS at FROM (
             SELECT content_hash AS hash, recorded_at FROM usage.usage_record WHERE month = '2025-01-01' AND is_current AND operation <> 3
             UNION ALL SELECT content_hash, recorded_at FROM usage.customer_bill WHERE is_current
             UNION ALL SELECT content_hash, recorded_at FROM usage.payment WHERE month = '2025-01-01' AND is_current AND operation <> 3
           ) r`,
        )
      )[0];
    await load([aUsage(), aUsage({ recordId: 'U-2', durationSec: 5 }), aUsage({ recordId: 'U-3', durationSec: 6 })]);
    expect(await inputs()).toEqual(await recomputed());
    intake.clock.time = new Date('2025-02-03T00:00:00Z');
    await load([corrected('U-1'), cancelled('U-2')]);
    await push('BIL', bill(), bill({ version: 2, dueDate: '2025-02-22' }));
    await push('PAY', payment({ paidAt: '2025-01-31T09:00:00+08:00' }));
    expect(await inputs()).toEqual(await recomputed());
    expect(await inputs()).toMatchObject({ inputs: 4, at: intake.clock.time });
  });
});
