import { aUsage, gzipped, plain, usageFile } from './support/boss-file.js';
import { startIntake, type TestIntake } from './support/intake.js';

describe('loading a usage file', () => {
  let intake: TestIntake;
  let customerId: string;
  beforeEach(async () => {
    intake = await startIntake();
    customerId = await intake.customer('13800000001');
  });
  afterEach(() => intake.close());

  const load = (file: { name: string; text: string }) => intake.files.execute(file.name, gzipped(file.text));

  it('[USG-02] stores its records and their monthly facts', async () => {
    const answer = await load(
      usageFile([
        aUsage({ recordId: 'U-1' }),
        aUsage({ recordId: 'U-2', eventType: 'DATA', counterpartyClass: 'NONE', durationSec: 0, volumeKB: 1000 }),
        aUsage({ recordId: 'U-3', counterpartyClass: 'HOTLINE_RIVAL', eventTime: '2025-01-31T23:59:59.999+08:00' }),
        aUsage({ recordId: 'U-4', eventType: 'ROAM', volumeKB: 5, eventTime: '2025-02-01T00:00:00+08:00' }),
      ]),
    );
    expect(answer).toMatchObject({ state: 'OK', isRepeat: false });
    expect(answer.counts).toEqual({ received: 4, loaded: 4, duplicate: 0, rejected: 0, held: 0 });
    const facts = await intake.db.query(
      `SELECT customer_id, month, voice_mo_sec, calls, data_kb, rival_hotline_calls, roam_kb, roam_days FROM usage.month_fact ORDER BY month`,
    );
    const none = {
      customer_id: customerId,
      voice_mo_sec: 0,
      calls: 0,
      data_kb: 0,
      rival_hotline_calls: 0,
      roam_kb: 0,
      roam_days: 0,
    };
    expect(facts).toEqual([
      { ...none, month: '2025-01-01', voice_mo_sec: 122, calls: 2, data_kb: 1000, rival_hotline_calls: 1 },
      { ...none, month: '2025-02-01', roam_kb: 5, roam_days: 1 },
    ]);
  });

  it('has no effect the second time, and gives the answer of the first', async () => {
    const file = usageFile([aUsage()]);
    const first = await load(file);
    const second = await intake.files.execute(file.name, plain(file.text));
    expect(second).toMatchObject({ fileId: first.fileId, isRepeat: true, counts: first.counts });
    expect(await intake.db.query('SELECT calls FROM usage.month_fact')).toEqual([{ calls: 1 }]);
  });
});
