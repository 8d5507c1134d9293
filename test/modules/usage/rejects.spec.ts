import { aUsage, fileText, gzipped, usageFile, usageText } from './support/boss-file.js';
import { startIntake, type TestIntake } from './support/intake.js';

const WRONG = usageText(aUsage({ recordId: 'U-9' })).replace('|ON_NET|', '|OFFNET_CU|');

describe('what is refused', () => {
  let intake: TestIntake;
  beforeEach(async () => {
    intake = await startIntake();
    await intake.customer('13800000001');
  });
  afterEach(() => intake.close());

  const load = (sequence: number, lines: readonly string[]) => {
    const file = fileText({ sequence, lines });
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
});
