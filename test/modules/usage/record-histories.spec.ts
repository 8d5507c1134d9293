import fc from 'fast-check';
import { aUsage, gzipped, usageFile, type UsageLine } from './support/boss-file.js';
import { startIntake, type TestIntake } from './support/intake.js';

const MSISDNS = ['13800000001', '13800000002', '13800000003'];

/** The facts of a month from the stored records alone, one by one, as somebody would do it who never saw our SQL. */
interface StoredRecord {
  customer_id: string; source: string; record_id: string; ref_record_id: string | null; version: number; operation: number;
  event_type: number; counterparty_class: number; duration_sec: number; volume_kb: number; event_count: number;
  forwarded: boolean | null; local: string;
} // prettier-ignore

function recomputed(rows: readonly StoredRecord[]): Map<string, Record<string, number>> {
  const newest = new Map<string, StoredRecord>();
  for (const row of rows) {
    const key = `${row.customer_id}/${row.source}/${row.ref_record_id ?? row.record_id}`;
    const known = newest.get(key);
    if (!known || row.version > known.version || (row.version === known.version && row.record_id > known.record_id))
      newest.set(key, row);
  }
  const months = new Map<string, Record<string, number>>();
  const days = new Map<string, Set<string>>();
  for (const row of newest.values()) {
    if (row.operation === 3) continue;
    const key = `${row.customer_id}/${row.local.slice(0, 7)}`;
    const month = months.get(key) ?? {
      voice_mo_sec: 0,
      calls: 0,
      data_kb: 0,
      roam_kb: 0,
      roam_days: 0,
      offnet_calls: 0,
      forwarded_calls: 0,
    };
    months.set(key, month);
    const add = (name: string, value: number): void => void (month[name] = (month[name] ?? 0) + value);
    const isCall = row.event_type <= 2;
    if (row.event_type === 1) add('voice_mo_sec', row.duration_sec);
    if (isCall) add('calls', row.event_count);
    if (isCall && [2, 3, 4].includes(row.counterparty_class)) add('offnet_calls', row.event_count);
    if (isCall && row.forwarded) add('forwarded_calls', row.event_count);
    if (row.event_type === 4) add('data_kb', row.volume_kb);
    if (row.event_type === 5) {
      add('roam_kb', row.volume_kb);
      const set = days.get(key) ?? new Set();
      days.set(key, set.add(row.local.slice(0, 10)));
      month['roam_days'] = set.size;
    }
  }
  return months;
}

const RECORDS = `SELECT customer_id, source, record_id, ref_record_id, version, operation, event_type, counterparty_class,
  duration_sec, volume_kb, event_count, forwarded, to_char(event_time AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS local FROM usage.usage_record`;
const FACTS = `SELECT customer_id || '/' || to_char(month, 'YYYY-MM') AS key, voice_mo_sec, calls, data_kb, roam_kb, roam_days,
  offnet_calls, forwarded_calls FROM usage.month_fact WHERE voice_mo_sec + calls + data_kb + roam_kb + roam_days <> 0 ORDER BY 1`;
const CHECKSUM = `SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) AS records FROM (
  SELECT customer_id, month, source, record_id, version, content_hash, event_time, operation, is_current, fee_fen FROM usage.usage_record) t`;

/** A record and what became of it later, with whatever versions. */
const history = fc
  .record({
    who: fc.constantFrom(...MSISDNS),
    type: fc.constantFrom('VOICE_MO', 'VOICE_MT', 'DATA', 'ROAM'),
    party: fc.constantFrom('ON_NET', 'OFF_NET_CU', 'NONE'),
    day: fc.integer({ min: 1, max: 31 }),
    changes: fc.array(
      fc.record({
        cancel: fc.boolean(),
        seconds: fc.integer({ min: 0, max: 4000 }),
        kb: fc.integer({ min: 0, max: 9999 }),
        day: fc.integer({ min: 1, max: 31 }),
        sameId: fc.boolean(),
      }),
      { maxLength: 3 },
    ),
  })
  .map((h) => h);

const linesOf = (histories: readonly (typeof history extends fc.Arbitrary<infer H> ? H : never)[]): UsageLine[] =>
  histories.flatMap((h, n) => {
    const at = (day: number): string => `2025-01-${String(day).padStart(2, '0')}T12:00:00+08:00`;
    const origin = aUsage({
      recordId: `R${n}`,
      msisdn: h.who,
      eventType: h.type,
      counterpartyClass: h.party,
      eventTime: at(h.day),
      volumeKB: 100,
    });
    return [
      origin,
      ...h.changes.map((c, version): UsageLine => ({
        ...origin,
        recordId: c.sameId ? origin.recordId : `${origin.recordId}-${version}`,
        eventTime: at(c.day),
        durationSec: c.seconds,
        volumeKB: c.kb,
        feeFen: -5,
        operation: c.cancel ? 'CANCEL' : 'CORRECT',
        refRecordId: origin.recordId,
        version: version + 2,
      })),
    ];
  });

describe('the facts of a month', () => {
  let intake: TestIntake;
  beforeAll(async () => {
    intake = await startIntake();
    for (const msisdn of MSISDNS) await intake.customer(msisdn);
  });
  afterAll(() => intake.close());

  /** Sends the lines cut into some files, some lines online. */
  async function send(lines: readonly UsageLine[], cuts: number): Promise<{ records: string; facts: object[] }> {
    await intake.db.query(
      'TRUNCATE usage.usage_record, usage.record_directory, usage.customer_month, usage.intake_file, usage.held_record, usage.rejected_record',
    );
    const size = Math.max(1, Math.ceil(lines.length / cuts));
    for (let from = 0, sequence = 1; from < lines.length; from += size, sequence++) {
      const file = usageFile(lines.slice(from, from + size), { sequence });
      const answer = await intake.files.execute(file.name, gzipped(file.text));
      expect(answer.state).not.toBe('BAD');
    }
    expect(await intake.db.query('SELECT count(*) FROM usage.held_record')).toEqual([{ count: 0 }]);
    const [checksum] = await intake.db.query<{ records: string }>(CHECKSUM);
    return { records: checksum?.records ?? '', facts: await intake.db.query(FACTS) };
  }

  it('[promise 4] [USG-02] do not depend on the order in which records, corrections and cancellations arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(history, { minLength: 1, maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        fc.integer({ min: 1, max: 5 }),
        async (histories, keys, cuts) => {
          const lines = linesOf(histories);
          const shuffled = lines
            .map((line) => ({ line, key: keys.next().value ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ line }) => line);
          const inOrder = await send(lines, 1);
          const outOfOrder = await send([...shuffled, ...shuffled.slice(0, 3)], cuts);
          expect(outOfOrder).toEqual(inOrder);
          const expected = recomputed(await intake.db.query<StoredRecord>(RECORDS));
          const facts = new Map(
            inOrder.facts.map((row) => {
              const { key, ...figures } = row as { key: string } & Record<string, number>;
              return [key, figures];
            }),
          );
          for (const [key, figures] of expected) {
            if (Object.values(figures).some((figure) => figure !== 0)) expect(facts.get(key)).toEqual(figures);
          }
          expect(facts.size).toBe([...expected.values()].filter((f) => Object.values(f).some((v) => v !== 0)).length);
        },
      ),
      { numRuns: 25 },
    );
  }, 180_000);

  /** All that may happen to a record at once, but for two contents under one identity: of those the first to come stands. */
  const happenings = (): readonly (readonly ['USG' | 'SUB' | 'PAY' | 'BIL', Record<string, unknown>])[] => {
    const usage = (given: Partial<UsageLine>): readonly ['USG', Record<string, unknown>] => [
      'USG',
      { ...aUsage(given) },
    ];
    const change = (of: string, version: number, operation: string, given: Partial<UsageLine> = {}) =>
      usage({ recordId: `${of}-${version}`, operation, refRecordId: of, version, durationSec: version, ...given });
    const late = { msisdn: '13900000009', accountNo: 'A-9' };
    const snapshot = (given: object): readonly ['SUB', Record<string, unknown>] => ['SUB', {
      recordId: 'S-1', eventTime: '2025-01-20T10:00:00+08:00', brand: 'GOTONE', regionHome: '440000', activatedOn: '2024-05-01',
      status: 'ACTIVE', statusAt: '2025-01-05T00:00:00+08:00', packageFeeFen: 5900, simKind: 'MAIN', realName: true, operation: 'NEW',
      version: 1, ...late, ...given,
    }]; // prettier-ignore
    const bill = (version: number, payableFen: number): readonly ['BIL', Record<string, unknown>] => ['BIL', {
      billNo: 'B-1', ...late, cycle: '202501', monthlyFeeFen: payableFen, payableFen, dueDate: '2025-02-20',
      issuedAt: `2025-02-01T0${version}:00:00+08:00`, version,
    }]; // prettier-ignore
    const payment = (given: object): readonly ['PAY', Record<string, unknown>] => ['PAY', {
      paymentId: 'P-1', msisdn: MSISDNS[0], paidAt: '2025-01-31T09:00:00+08:00', amountFen: 6500, payer: 'SELF', operation: 'NEW', version: 1,
      ...given,
    }]; // prettier-ignore
    return [
      usage({ recordId: 'A' }), usage({ recordId: 'A' }), change('A', 2, 'CORRECT'), change('A', 4, 'CORRECT'), change('A', 3, 'CANCEL'),
      usage({ recordId: 'B', eventType: 'ROAM', eventTime: '2025-01-31T23:59:59.999+08:00' }), change('B', 2, 'CANCEL', { eventType: 'ROAM' }),
      usage({ recordId: 'C', ...late }), change('C', 2, 'CORRECT', late), change('D', 2, 'CORRECT'), // D never comes
      usage({ recordId: 'E', eventTime: '2025-03-20T10:00:00+08:00' }), change('E', 2, 'CORRECT', { eventTime: '2025-03-20T10:00:00+08:00' }),
      usage({ recordId: 'F', eventTime: '2024-10-20T10:00:00+08:00' }), change('F', 2, 'CANCEL', { eventTime: '2024-10-20T10:00:00+08:00' }),
      usage({ recordId: 'G', msisdn: '13900000010' }), usage({ recordId: 'H', durationSec: -1 }), usage({ recordId: 'I', eventType: 'FAX' }),
      snapshot({}), snapshot({ recordId: 'S-2', version: 2, packageFeeFen: 12800 }),
      snapshot({ recordId: 'S-3', version: 3, status: 'SUSPENDED_ONE_WAY', statusAt: '2025-01-10T00:00:00+08:00' }),
      bill(1, 5900), bill(2, 6000), payment({}), payment({ paymentId: 'P-2', operation: 'CORRECT', refRecordId: 'P-1', version: 2, amountFen: 1 }),
    ]; // prettier-ignore
  };
  const STATE = [
    `SELECT to_jsonb(t) - 'customer_id' - 'file_id' - 'recorded_at' AS row FROM usage.usage_record t ORDER BY record_id, version`,
    `SELECT to_jsonb(t) - 'customer_id' - 'file_id' - 'recorded_at' AS row FROM usage.customer_bill t ORDER BY version`,
    `SELECT to_jsonb(t) - 'customer_id' - 'file_id' - 'recorded_at' AS row FROM usage.payment t ORDER BY payment_id`,
    `SELECT to_jsonb(t) - 'customer_id' - 'last_recorded_at' AS row FROM usage.customer_month t
     JOIN customers.subscription s USING (customer_id) ORDER BY s.account_no, month`,
    `SELECT record_id, version, reason, of_from, of_until, ready_at, content_hash::text FROM usage.held_record ORDER BY 1, 2`,
    `SELECT record_id, code, field FROM usage.rejected_record ORDER BY 1, 2`,
    `SELECT kind, record_id, version, month, content_hash::text FROM usage.record_directory ORDER BY 1, 2, 3`,
  ];

  it('[promise 4] what waits and what is refused does not depend on it either', async () => {
    const states: unknown[] = [];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(
          happenings().map((_, at) => at),
          { minLength: happenings().length },
        ),
        fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 30, maxLength: 30 }),
        async (order, sizes) => {
          const fresh = await startIntake();
          try {
            for (const msisdn of MSISDNS) await fresh.customer(msisdn);
            const all = happenings();
            for (let at = 0, piece = 0; at < order.length; piece++) {
              const size = sizes[piece] ?? 1;
              const those = order.slice(at, at + size).flatMap((n) => [all[n] ?? []]);
              at += size;
              for (const kind of ['USG', 'SUB', 'PAY', 'BIL'] as const) {
                const records = those.flatMap(([of, record]) => (of === kind && record ? [record] : []));
                if (records.length > 0) await fresh.records.execute(kind, 'BOSS', records);
              }
            }
            await fresh.held.execute();
            const state = await Promise.all(STATE.map((sql) => fresh.db.query(sql)));
            states.push(state);
            expect(state).toEqual(states[0]);
          } finally {
            await fresh.close();
          }
        },
      ),
      { numRuns: 8 },
    );
    const [usage, , , , held] = states[0] as unknown[][];
    expect(usage?.length).toBe(8);
    expect(held).toMatchObject([
      { record_id: 'D-2', reason: 'UNKNOWN_REFERENCE' }, { record_id: 'E', reason: 'FUTURE' }, { record_id: 'E-2', reason: 'FUTURE' },
      { record_id: 'F', reason: 'LATE' }, { record_id: 'F-2', reason: 'UNKNOWN_REFERENCE' }, { record_id: 'G', reason: 'UNKNOWN_CUSTOMER' },
    ]); // prettier-ignore
  }, 180_000);
});
