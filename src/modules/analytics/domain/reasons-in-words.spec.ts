import { churn2026 } from './churn-2026.js';
import { inWords, withoutAmounts } from './reasons-in-words.js';

describe('the reasons of a churn risk in words', () => {
  const said = (code: string, evidence: Record<string, number | null>) =>
    inWords(churn2026, { code, weight: 20, evidence }).text;

  it('name their figures and units once', () => {
    expect(said('RIVAL_HOTLINE', { TIMES: 2 })).toEqual({
      en: "called a competitor's hotline: times 2",
      zh: '拨打竞争对手客服热线：次数 2次',
    });
    expect(said('ARREARS', { OVERDUE: 61 }).en).toBe('a bill is long overdue: days overdue 61');
    expect(said('DATA_DROP', { DATA: 5_000, DATA_BEFORE: 20_000 }).en).toBe(
      'data use has fallen: data of last month 5,000 KB, data of the month before 20,000 KB',
    );
  });

  it('leave out a figure that is unknown, and keep the code of a flag that is no more', () => {
    expect(said('ARREARS', { OVERDUE: null })).toEqual({ en: 'a bill is long overdue', zh: '欠费' });
    expect(said('FORMER_FLAG', { TIMES: 2 })).toEqual({ en: 'FORMER_FLAG', zh: 'FORMER_FLAG' });
  });

  it('[AUD-03] say without amounts that spending fell, not how far', () => {
    const drop = { code: 'SPEND_DROP', weight: 25, evidence: { SPEND: 5_000, SPEND_BEFORE: 10_000 } };
    const shown = withoutAmounts(churn2026, drop);
    expect(shown.evidence).toEqual({ SPEND: null, SPEND_BEFORE: null });
    expect(inWords(churn2026, shown).text).toEqual({ en: 'spend has fallen', zh: '话费突降' });
    const calls = { code: 'RIVAL_HOTLINE', weight: 20, evidence: { TIMES: 2 } };
    expect(withoutAmounts(churn2026, calls)).toEqual(calls);
    expect(withoutAmounts(churn2026, { ...drop, code: 'FORMER_FLAG' }).evidence).toEqual({
      SPEND: null,
      SPEND_BEFORE: null,
    });
  });
});
