import { closeUp, lastDueDate } from './feed.js';

describe('a sequence of files', () => {
  it('is closed as far as nothing is missing', () => {
    expect(closeUp(0, [1, 2, 3])).toEqual({ closing: [1, 2, 3], gap: undefined });
    expect(closeUp(3, [4, 6, 7])).toEqual({ closing: [4], gap: { from: 5, to: 5 } });
    expect(closeUp(3, [9])).toEqual({ closing: [], gap: { from: 4, to: 8 } });
    expect(closeUp(3, [])).toEqual({ closing: [], gap: undefined });
  });
});

describe('the deadline of a feed', () => {
  it('falls on a time of the day in Shanghai, so many days after the business date', () => {
    const sameDay = { deadline: '06:00', deadlineDays: 0 };
    expect(lastDueDate(sameDay, new Date('2025-02-01T05:59:59.999+08:00'))).toBe('2025-01-31');
    expect(lastDueDate(sameDay, new Date('2025-02-01T06:00:00+08:00'))).toBe('2025-02-01');
    expect(lastDueDate({ deadline: '00:00', deadlineDays: 1 }, new Date('2025-03-01T00:00:00+08:00'))).toBe(
      '2025-02-28',
    );
    expect(lastDueDate({ deadline: '23:59', deadlineDays: 2 }, new Date('2025-03-01T23:00:00+08:00'))).toBe(
      '2025-02-26',
    );
  });
});
