import type { Window } from './rule.js';
import { monthsOf } from './window-months.js';

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

  it('are of a date and of nothing else', () => {
    expect(() => monthsOf(rolling, '2026-13-01')).toThrow('not a date');
  });
});
