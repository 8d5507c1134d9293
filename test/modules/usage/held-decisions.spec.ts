import { ForgetRejectedLines, RefuseHeldLines } from '../../../src/modules/usage/application/forget-raw-lines.js';
import { DecideHeld } from '../../../src/modules/usage/application/decide-held.js';
import { Transaction } from '../../../src/platform/database/index.js';
import { aUsage, gzipped, usageFile, type UsageLine } from './support/boss-file.js';
import { DAY, somebody, startReconciliation, type TestReconciliation } from './support/reconciliation.js';

const ANNA = somebody('anna');

describe('what waits', () => {
  let world: TestReconciliation;
  let held: DecideHeld;
  beforeEach(async () => {
    world = await startReconciliation([DecideHeld, RefuseHeldLines, ForgetRejectedLines]);
    held = world.get(DecideHeld);
  });
  afterEach(() => world.close());

  const load = async (records: readonly Partial<UsageLine>[], sequence = 1, date = '20250201') => {
    const file = usageFile(records.map(aUsage), { sequence, date });
    return world.files.execute(file.name, gzipped(file.text));
  };
  const rejects = () =>
    world.db.query('SELECT code, state, business_date, province, decided_by FROM usage.reject ORDER BY code');
  const calls = async () => (await world.db.query<{ calls: number }>('SELECT calls FROM usage.month_fact'))[0]?.calls;

  it('[promise 16] [promise 17] counts on the day for which it came, whenever its customer comes', async () => {
    await load([{ recordId: 'U-1' }]);
    await world.reconcile();
    expect(await world.sheet()).toMatchObject({ ours_records: 0, held: 1, theirs_records: 1, open_differences: 3 });
    world.clock.time = new Date('2025-02-05T12:00:00+08:00');
    await world.customer('13800000001');
    expect(await world.held.execute()).toBe(1);
    await world.reconcile();
    expect(await world.sheet()).toMatchObject({ ours_records: 1, held: 0, open_differences: 0 });
  });

  it('[promise 16] comes in on the day of its release when the day for which it came was signed off meanwhile', async () => {
    await load([{ recordId: 'U-1' }]);
    await load([{ recordId: 'U-2' }], 2, '20250131');
    await world.db.query(
      `INSERT INTO usage.source_day (source, kind, business_date, province, state, closed_at, closed_by)
       VALUES ('BOSS', 'USG', '2025-02-01', '440000', 'SIGNED_OFF', now(), 'somebody')`,
    );
    world.clock.time = new Date('2025-02-05T12:00:00+08:00');
    await world.customer('13800000001');
    expect(await world.held.execute()).toBe(2);
    world.clock.time = new Date('2025-02-06T12:00:00+08:00');
    await world.reconcile();
    expect(await world.sheet({ businessDate: '2025-01-31' })).toMatchObject({ ours_records: 1 });
    expect(await world.sheet({ businessDate: '2025-02-05', province: '000000' })).toMatchObject({ ours_records: 1 });
    expect(await calls()).toBe(2);
  });

  it('[promise 6] is let in by somebody when it came too late, once, however many decide at once', async () => {
    await world.customer('13800000001');
    expect(await load([{ recordId: 'U-old', eventTime: '2024-11-01T10:00:00+08:00' }])).toMatchObject({
      counts: { held: 1 },
    });
    const name = 'BOSS-USG-1-U-old';
    expect(await held.byName(name, {})).toMatchObject({ reason: 'LATE', business_date: '2025-02-01' });
    await expect(held.byName(name, { provinces: ['330000'] })).rejects.toThrow();
    const both = await Promise.allSettled([1, 2].map(() => held.letIn(name, 'an outage of theirs', {})));
    expect(both.map((each) => (each.status === 'fulfilled' ? each.value.outcome : 'refused')).sort()).toEqual([
      'ACCEPTED',
      'refused',
    ]);
    expect(await calls()).toBe(1);
    await world.reconcile();
    expect(await world.sheet(DAY)).toMatchObject({ ours_records: 1, held: 0 });
  });

  it('[promise 16] is not let in while it waits for its customer', async () => {
    await load([{ recordId: 'U-1' }]);
    await expect(held.letIn('BOSS-USG-1-U-1', 'please', {})).rejects.toThrow('Only what came too late');
  });

  it('[promise 16] is given up by somebody, and stands dismissed among the rejects with its line', async () => {
    await load([{ recordId: 'U-1' }]);
    await held.giveUp('BOSS-USG-1-U-1', 'never ours', { actor: ANNA, seen: {} });
    expect(await rejects()).toEqual([
      {
        code: 'E_UNKNOWN_ACCOUNT',
        state: 'DISMISSED',
        business_date: '2025-02-01',
        province: '440000',
        decided_by: 'anna',
      },
    ]);
    await expect(held.giveUp('BOSS-USG-1-U-1', 'again', { actor: ANNA, seen: {} })).rejects.toThrow();
  });

  it('[promise 16] stands among the rejects, with an alarm, when it has waited as long as records may', async () => {
    const { fileId } = await load([{ recordId: 'U-1' }, { recordId: 'U-2', eventTime: '2025-01-16T00:00:00+08:00' }]);
    const rule = world.get(RefuseHeldLines);
    const later = new Date('2025-05-10T00:00:00Z');
    expect(await world.get(Transaction).run((tx) => rule.end(tx, later))).toBe(2);
    expect((await rejects()).map(({ code, state }) => [code, state])).toEqual([
      ['E_UNKNOWN_ACCOUNT', 'OPEN'],
      ['E_UNKNOWN_ACCOUNT', 'OPEN'],
    ]);
    expect(await world.answers.answerText(fileId, {})).toContain('|U-1|E_UNKNOWN_ACCOUNT|');
    expect(await world.db.query('SELECT kind, detail FROM usage.intake_alarm')).toEqual([
      { kind: 'HELD_EXPIRED', detail: { records: 2 } },
    ]);
    expect(await world.get(Transaction).run((tx) => rule.end(tx, later))).toBe(0);
  });
});
