import { keywordIn, nextToExpire, textOf, type Sentence } from './answer.js';

describe('answers about points', () => {
  it('[PTS-26] know a keyword however it is written', () => {
    expect(['查询积分', ' 查询 积分\n', 'cxjf', 'ＣＸＪＦ', 'Points '].map(keywordIn)).toEqual([
      ...['查询积分', '查询积分', 'CXJF', 'CXJF', 'POINTS'],
    ]);
  });

  it('[PTS-26] name all that ends on the nearest last day, not what is over, nor what never ends', () => {
    const lots = [
      { expiresOn: '2026-04-30', points: 7 },
      { expiresOn: undefined, points: 1000 },
      { expiresOn: '2026-03-31', points: 5 },
      { expiresOn: '2026-01-31', points: 99 },
      { expiresOn: '2026-03-31', points: 20 },
    ];
    expect(nextToExpire(lots, '2026-02-01')).toEqual({ points: 25, lastDay: '2026-03-31' });
    expect(nextToExpire(lots, '2026-03-31')).toEqual({ points: 25, lastDay: '2026-03-31' });
    expect(nextToExpire(lots, '2026-05-01')).toBeUndefined();
  });

  it('[PTS-26] are one text in the language that is asked for', () => {
    const sentences = new Map<Sentence, { zh: string; en: string }>([
      ['balance', { zh: '有{points}分({yuan}元)。', en: '{points} points ({yuan} yuan).' }],
      ['expires-next', { zh: '{points}分至{date}。', en: '{points} until {date}.' }],
      ['frozen', { zh: '冻结。', en: 'Frozen.' }],
      ['account-closed', { zh: '已关闭。', en: 'Closed.' }],
    ]);
    const standing = {
      ...{ available: 1801, held: 0, valueInFen: 3602, isFrozen: true },
      expiresNext: { points: 25, lastDay: '2026-03-05' },
    };
    expect(textOf(sentences, 'zh', standing)).toBe('有1801分(36.02元)。25分至2026年3月5日。冻结。');
    expect(textOf(sentences, 'en', standing)).toBe('1801 points (36.02 yuan). 25 until 2026-03-05. Frozen.');
    expect(textOf(sentences, 'en', 'account-closed')).toBe('Closed.');
  });
});
