import { DEFAULT_LIMITS, readyAt, untimely, type Judgement } from './judgement.js';

const at = (time: string): number => Date.parse(time);
const judge: Judgement = {
  limits: DEFAULT_LIMITS,
  createdAt: at('2025-02-01T00:00:00+08:00'),
  now: at('2025-02-10T00:00:00+08:00'),
};

describe('[promise 6] whether a record is out of time', () => {
  it('lies more than a day ahead of our clock, to the millisecond', () => {
    expect(untimely(at('2025-02-11T00:00:00+08:00'), false, judge)).toBeUndefined();
    expect(untimely(at('2025-02-11T00:00:00.001+08:00'), false, judge)).toBe('FUTURE');
    expect(readyAt(at('2025-02-12T00:00:00+08:00'))).toEqual(new Date('2025-02-11T00:00:00+08:00'));
  });

  it('lies 62 days before its file, a correction 396 days', () => {
    expect(untimely(at('2024-12-01T00:00:00+08:00'), false, judge)).toBeUndefined();
    expect(untimely(at('2024-11-30T23:59:59.999+08:00'), false, judge)).toBe('LATE');
    expect(untimely(at('2024-11-30T23:59:59.999+08:00'), true, judge)).toBeUndefined();
    expect(untimely(at('2024-01-01T23:59:59.999+08:00'), true, judge)).toBe('LATE');
  });
});
