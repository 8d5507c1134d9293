import { parseEarnRules } from '../earning/earn-rule-set.js';
import { daysAfter, noticeDaysOf, wordsOfNotice } from './expiry.js';

describe('points that will expire', () => {
  it('[PTS-27] are told of 90, 30 and 7 days before their last day', () => {
    expect(noticeDaysOf('2028-02-29')).toEqual(['2027-12-01', '2028-01-30', '2028-02-22']);
    expect(noticeDaysOf('2027-03-07')).toEqual(['2026-12-07', '2027-02-05', '2027-02-28']);
    expect(noticeDaysOf('infinity')).toEqual([]);
  });

  it('[PTS-27] are told of in two languages, with what they are worth to the fen', () => {
    const template = { zh: '{points}积分({yuan}元){date}', en: '{points} points, {yuan} yuan, {date}' };
    expect(wordsOfNotice(template, { points: 53, expiresOn: '2028-02-09' })).toEqual({
      zh: '53积分(1.06元)2028年2月9日',
      en: '53 points, 1.06 yuan, 2028-02-09',
    });
  });

  it('[PTS-11] may stay for some days of grace, which the rules say', () => {
    const factorPercent = { ORDINARY: 100, HONOURED_GUEST: 100, SILVER: 150, GOLD: 180, PLATINUM: 190, DIAMOND: 200 };
    const rules = { fenPerPoint: 100, rounding: 'CEIL', factorPercent, expiry: 'LOT_36_MONTHS', joinAbove: 3_500 };
    expect(parseEarnRules(rules).expiryGraceDays).toBeUndefined();
    expect(parseEarnRules({ ...rules, expiryGraceDays: 30 }).expiryGraceDays).toBe(30);
    for (const expiryGraceDays of [-1, 1.5, '30', 400]) {
      expect(() => parseEarnRules({ ...rules, expiryGraceDays })).toThrow('expiryGraceDays');
    }
  });

  it('count days over the ends of months and years', () => {
    expect(daysAfter('2028-02-28', 1)).toBe('2028-02-29');
    expect(daysAfter('2027-02-28', 1)).toBe('2027-03-01');
    expect(daysAfter('2026-01-01', -1)).toBe('2025-12-31');
  });
});
