import { churn2026 } from './churn-2026.js';
import { inWords } from './reasons-in-words.js';

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
});
