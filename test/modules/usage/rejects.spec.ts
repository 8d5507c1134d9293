import { ReplayRejects, type Replay } from '../../../src/modules/usage/application/replay-rejects.run.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { aUsage, fileText, gzipped, usageFile, usageText, usageTotals } from './support/boss-file.js';
import { startIntake, type TestIntake } from './support/intake.js';

const WRONG = usageText(aUsage({ recordId: 'U-9' })).replace('|ON_NET|', '|OFFNET_CU|');

describe('what is refused', () => {
  let intake: TestIntake;
  beforeEach(async () => {
    intake = await startIntake({}, [ReplayRejects]);
    await intake.customer('13800000001');
  });
  afterEach(() => intake.close());

  const load = (sequence: number, lines: readonly string[]) => {
    const file = fileText({ sequence, lines, totals: usageTotals(lines.map(() => aUsage())) });
    return intake.files.execute(file.name, gzipped(file.text));
  };
  const list = () =>
    intake.db.query<Record<string, unknown>>(
      `SELECT source, kind, business_date, record_id, code, field, attempts, state FROM usage.reject ORDER BY code, record_id`,
    );

  it('[promise 14] is on the work list once, however often it is sent, and in each answer file', async () => {
    const first = await load(1, [WRONG]);
    const second = await load(2, [WRONG, WRONG]);
    await intake.records.execute('USG', 'BOSS', [{ ...aUsage({ recordId: 'U-9' }), counterpartyClass: 'OFFNET_CU' }]);
    expect(await list()).toMatchObject([
      { source: 'BOSS', kind: 'USG', business_date: '2025-02-01', record_id: 'U-9', code: 'E_FORMAT', state: 'OPEN' },
      expect.anything(),
    ]);
    expect((await list()).map(({ attempts }) => attempts)).toEqual([3, 1]);
    expect(await intake.answers.answerText(first.fileId, {})).toContain('R|2|U-9|E_FORMAT|');
    expect((await intake.answers.answerText(second.fileId, {})).match(/^R\|/gm)).toHaveLength(2);
    const [kept] = await intake.db.query<{ sealed: Buffer }>('SELECT sealed FROM usage.reject');
    expect(kept?.sealed.toString('latin1')).not.toContain('13800000001');
  });

  it('of a file that was refused as a whole is no work for anybody', async () => {
    const file = usageFile([aUsage()], { totals: { count: 7 } });
    const broken = file.text.replace('ON_NET', 'WRONG');
    expect(await intake.files.execute(file.name, gzipped(broken))).toMatchObject({ state: 'BAD' });
    expect(await list()).toEqual([]);
  });

  const replay = async (key: string, given: Partial<Replay> = {}) =>
    carryOutRun(await intake.db.dataSource(), intake.get(ReplayRejects), {
      key,
      asOf: '2025-02-02',
      parameters: {
        filter: {},
        fixes: [],
        reason: 'their new word for Unicom',
        by: 'somebody',
        seenBefore: '2025-02-03T00:00:00Z',
        seen: {},
        ...given,
      },
    });
  const MENDED = [{ field: 'counterpartyClass', map: { OFFNET_CU: 'OFF_NET_CU' } }];
  const facts = () => intake.db.query(`SELECT calls, offnet_calls FROM usage.month_fact`);

  it('[promise 14] comes in when it is sent again mended, as an intake of its own, on its own business day', async () => {
    await load(1, [WRONG]);
    const { status, counts } = await replay('mended', { filter: { code: 'E_FORMAT' }, fixes: MENDED });
    expect([status, counts]).toEqual(['completed', { ACCEPTED: 1 }]);
    expect(await list()).toMatchObject([{ attempts: 1, state: 'REPLAYED' }]);
    expect(await facts()).toEqual([{ calls: 1, offnet_calls: 1 }]);
    expect(
      await intake.db.query(
        `SELECT i.business_date, i.province, o.outcome, o.replayed_by FROM usage.reject_replay o JOIN usage.intake i USING (intake_id)`,
      ),
    ).toEqual([{ business_date: '2025-02-01', province: '440000', outcome: 'ACCEPTED', replayed_by: 'somebody' }]);
  });

  it('[promise 14] has the effect of once when it is sent again twice, one after the other or both at once', async () => {
    await load(1, [WRONG]);
    const both = await Promise.all([replay('a', { fixes: MENDED }), replay('b', { fixes: MENDED })]);
    expect(both.map(({ status }) => status)).toEqual(['completed', 'completed']);
    expect(both.map(({ counts }) => counts['ACCEPTED'] ?? 0).sort()).toEqual([0, 1]);
    expect((await replay('c', { fixes: MENDED })).counts).toEqual({});
    expect(await facts()).toEqual([{ calls: 1, offnet_calls: 1 }]);
  });

  it('[promise 14] is a duplicate when the sender was faster', async () => {
    await load(1, [WRONG]);
    await load(2, [WRONG.replace('OFFNET_CU', 'OFF_NET_CU')]);
    expect((await replay('late', { fixes: MENDED })).counts).toEqual({ DUPLICATE: 1 });
    expect(await list()).toMatchObject([{ state: 'REPLAYED' }]);
    expect(await facts()).toEqual([{ calls: 1, offnet_calls: 1 }]);
  });

  it('[promise 14] stays open, once, and says what is still wrong', async () => {
    await load(1, [WRONG]);
    const fixes = [...MENDED, { field: 'feeFen', value: '1.5' }];
    expect((await replay('worse', { fixes })).counts).toEqual({ REJECTED: 1 });
    expect(await list()).toMatchObject([{ code: 'E_AMOUNT', field: 'feeFen', attempts: 1, state: 'OPEN' }]);
    expect((await replay('better', { fixes: MENDED })).counts).toEqual({ ACCEPTED: 1 });
  });

  it('[promise 14] is left alone where the filter does not name it', async () => {
    await load(1, [WRONG]);
    for (const filter of [
      { kind: 'PAY' },
      { code: 'E_AMOUNT' },
      { source: 'OTHER' },
      { businessDate: '2025-01-31' },
    ] as const) {
      expect((await replay(JSON.stringify(filter), { filter, fixes: MENDED })).counts).toEqual({});
    }
    expect((await replay('another province', { seen: { provinces: ['330000'] } })).counts).toEqual({});
    expect(await list()).toMatchObject([{ state: 'OPEN' }]);
  });

  it('[promise 14] is not sent again into a day that is signed off, unless its month is closed: then it counts when it comes', async () => {
    await load(1, [WRONG]);
    await intake.db.query(
      `INSERT INTO usage.source_day (source, kind, business_date, province, state, closed_at, closed_by)
       VALUES ('BOSS', 'USG', '2025-02-01', '440000', 'SIGNED_OFF', now(), 'somebody')`,
    );
    expect((await replay('closed', { fixes: MENDED })).counts).toEqual({ REJECTED: 1 });
    expect(await intake.db.query('SELECT code FROM usage.reject_replay')).toEqual([{ code: 'E_CLOSED' }]);
    expect(await list()).toMatchObject([{ state: 'OPEN' }]);
    expect(await facts()).toEqual([]);
    await intake.db.query(`INSERT INTO usage.closed_month VALUES ('2025-02-01', now(), 'somebody')`);
    intake.clock.time = new Date('2025-03-05T10:00:00+08:00');
    expect((await replay('after the month', { fixes: MENDED })).counts).toEqual({ ACCEPTED: 1 });
    expect(
      await intake.db.query(
        `SELECT i.business_date, i.province FROM usage.usage_record r JOIN usage.intake i ON i.intake_id = r.file_id`,
      ),
    ).toEqual([{ business_date: '2025-03-05', province: '000000' }]);
  });

  it('[promise 14] comes in on each of its days when those of several days are sent again together', async () => {
    await load(1, [WRONG]);
    const other = fileText({
      sequence: 2,
      date: '20250131',
      lines: [WRONG.replace('U-9', 'U-8')],
      totals: usageTotals([aUsage()]),
    });
    await intake.files.execute(other.name, gzipped(other.text));
    expect((await replay('two days', { fixes: MENDED })).counts).toEqual({ ACCEPTED: 2 });
    expect(
      await intake.db.query(
        `SELECT i.business_date FROM usage.usage_record r JOIN usage.intake i ON i.intake_id = r.file_id ORDER BY 1`,
      ),
    ).toEqual([{ business_date: '2025-01-31' }, { business_date: '2025-02-01' }]);
  });

  it('[promise 14] is one reject when many send it at the same moment', async () => {
    const record = { ...aUsage({ recordId: 'U-9' }), counterpartyClass: 'OFFNET_CU' };
    const sent = await Promise.all(Array.from({ length: 12 }, () => intake.records.execute('USG', 'BOSS', [record])));
    expect(sent.flat().map(({ outcome }) => outcome)).toEqual(Array.from({ length: 12 }, () => 'REJECTED'));
    expect(await list()).toMatchObject([{ attempts: 12, state: 'OPEN' }]);
  });

  it('[promise 14] [promise 4] says the same of a reject in whichever order its files came', async () => {
    const file = (sequence: number, date: string) =>
      fileText({ sequence, date, lines: [WRONG], totals: usageTotals([aUsage()]) });
    const files = [
      { ...file(1, '20250131'), at: new Date('2025-02-01T03:00:00Z') },
      { ...file(2, '20250201'), at: new Date('2025-02-02T03:00:00Z') },
    ];
    const listAfter = async (order: typeof files): Promise<object[]> => {
      const other = await startIntake();
      for (const { name, text, at } of order) {
        other.clock.time = at;
        await other.files.execute(name, gzipped(text));
      }
      const rows = await other.db.query(
        `SELECT record_id, business_date, code, first_seen, last_seen, attempts FROM usage.reject`,
      );
      await other.close();
      return rows;
    };
    const inOrder = await listAfter(files);
    expect(inOrder).toMatchObject([{ attempts: 2, business_date: '2025-01-31' }]);
    expect(await listAfter([...files].reverse())).toEqual(inOrder);
  });
});
