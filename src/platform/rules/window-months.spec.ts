import type { Window } from './rule.js';
import { monthsOf, monthsOfAnybody, yearStarts } from './window-months.js';

describe('the months that a window means', () => {
  const rolling: Window = { kind: 'rolling-months', months: 3 };
  const beforeLast: Window = { kind: 'rolling-months', months: 3, skip: 1 };
  it.each<[Window, string, string, string]>([
    [rolling, '2026-02-01', '2025-11-01', '2026-02-01'],
    [rolling, '2026-01-31', '2025-10-01', '2026-01-01'],
    [rolling, '2024-02-29', '2023-11-01', '2024-02-01'],
    [beforeLast, '2026-02-28', '2025-10-01', '2026-01-01'],
    [{ kind: 'calendar-year', offset: -1 }, '2026-01-01', '2025-01-01', '2026-01-01'],
    [{ kind: 'calendar-year', offset: -1 }, '2025-12-31', '2024-01-01', '2025-01-01'],
    [{ kind: 'calendar-year' }, '2026-03-15', '2026-01-01', '2026-03-01'],
    [{ kind: 'calendar-year' }, '2026-01-31', '2026-01-01', '2026-01-01'],
    [{ kind: 'points-year' }, '2025-11-30', '2024-12-01', '2025-11-01'],
    [{ kind: 'points-year' }, '2025-12-01', '2025-12-01', '2025-12-01'],
    [{ kind: 'points-year' }, '2026-01-01', '2025-12-01', '2026-01-01'],
    [{ kind: 'points-year', offset: -1 }, '2025-12-01', '2024-12-01', '2025-12-01'],
    [{ kind: 'points-year', offset: -1 }, '2025-11-30', '2023-12-01', '2024-12-01'],
  ])('%j on %s: from %s to before %s', (window, asOf, from, to) => {
    expect(monthsOf(window, asOf)).toEqual({ from, to });
  });

  const underWay = { kind: 'anniversary-year', offset: 0 } as const;
  const last = { kind: 'anniversary-year', offset: -1 } as const;
  it.each<[string, number, string, Window, string, string]>([
    ['in June', 6, '2026-02-01', underWay, '2025-06-01', '2026-02-01'],
    ['in June', 6, '2026-02-28', last, '2024-06-01', '2025-06-01'],
    ['in June', 6, '2026-05-31', underWay, '2025-06-01', '2026-05-01'],
    ['in June', 6, '2026-06-01', underWay, '2026-06-01', '2026-06-01'],
    ['in June', 6, '2026-06-30', last, '2025-06-01', '2026-06-01'],
    ['in January', 1, '2026-12-31', underWay, '2026-01-01', '2026-12-01'],
    ['in January', 1, '2026-01-31', last, '2025-01-01', '2026-01-01'],
    ['in December', 12, '2026-11-30', underWay, '2025-12-01', '2026-11-01'],
    ['in December', 12, '2026-01-01', last, '2024-12-01', '2025-12-01'],
    ['on 29 February', 2, '2025-02-28', underWay, '2025-02-01', '2025-02-01'],
    ['on 29 February', 2, '2025-02-28', last, '2024-02-01', '2025-02-01'],
    ['on 29 February', 2, '2024-02-29', last, '2023-02-01', '2024-02-01'],
    ['on 29 February', 2, '2025-01-31', underWay, '2024-02-01', '2025-01-01'],
  ])(
    'for a customer activated %s (month %d), on %s, of %j: from %s to before %s',
    (_, month, asOf, window, from, to) => {
      expect(monthsOf(window, asOf, month)).toEqual({ from, to });
    },
  );

  it('of an anniversary are none for a customer who was never activated, and unknown when nobody says', () => {
    expect(monthsOf(underWay, '2026-02-01', null)).toEqual({ from: '2026-02-01', to: '2026-02-01' });
    expect(monthsOf(last, '2026-02-01', null)).toEqual({ from: '2026-02-01', to: '2026-02-01' });
    expect(() => monthsOf(last, '2026-02-01')).toThrow('the month of the anniversary is not known');
    expect(() => monthsOf(last, '2026-02-01', 0)).toThrow('not a month of the year: 0');
  });

  it('of an anniversary lie, for everybody, within the months that are read', () => {
    const months = Array.from({ length: 12 }, (_, i) => i + 1);
    for (const window of [underWay, last]) {
      const spans = months.map((month) => monthsOf(window, '2026-02-28', month));
      const { from, to } = monthsOfAnybody(window, '2026-02-28');
      expect(spans.map((span) => span.from).sort()[0]).toBe(from);
      expect(spans.every((span) => span.to <= to)).toBe(true);
      expect(spans.map((span) => span.from)).toEqual(yearStarts('2026-02-28', window.offset));
    }
  });

  it('are of a date and of nothing else', () => {
    expect(() => monthsOf(rolling, '2026-13-01')).toThrow('not a date');
  });
});
