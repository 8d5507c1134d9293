import { CODE_PURPOSES, codeMessage, codeOf, ONE_TIME_CODE, secondsUntilNextCode } from './one-time-code.js';

const NOW = new Date('2026-02-01T09:00:00+08:00');
const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);

describe('a one-time code', () => {
  it('has six digits, also when few were drawn', () => {
    expect([0, 7, 999_999].map(codeOf)).toEqual(['000000', '000007', '999999']);
    expect(codeOf(0)).toMatch(ONE_TIME_CODE);
  });

  it.each([
    ['at once to a number that never had one', [], 0],
    ['a minute after the one before', [60], 0],
    ['not a second earlier', [59], 1],
    ['not when the server that sent the last one is ahead', [-5], 65],
    ['five within an hour', [70, 140, 210, 280], 0],
    ['but not six', [70, 140, 210, 280, 350], 3250],
    ['ten within a day', [1, 2, 3, 4, 5, 6, 7, 8, 9].map((hour) => hour * 3600), 0],
    ['but not eleven', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((hour) => hour * 3600), 14 * 3600],
    ['whatever their order', [350, 70, 210, 140, 280], 3250],
  ])('is sent %s', (_, earlier, seconds) => {
    expect(secondsUntilNextCode(earlier.map(ago), NOW)).toBe(seconds);
  });

  it.each(CODE_PURPOSES)(
    'for %s says what it is for, how long it holds and to keep it, in both languages',
    (purpose) => {
      const message = codeMessage(purpose, '482913');
      expect(message.match(/482913/g)).toHaveLength(2);
      expect(message).toMatch(/用于.+5分钟内有效.+valid for 5 minutes\. Never tell it to anybody/);
    },
  );

  it('has one message per purpose', () => {
    expect(new Set(CODE_PURPOSES.map((purpose) => codeMessage(purpose, '482913'))).size).toBe(CODE_PURPOSES.length);
  });
});
