import { beginOf, endedToday, requireAskable, stateOf } from './level-exception.js';

const TODAY = '2026-02-10';
const SCALE = ['DIAMOND', 'GOLD', 'ORDINARY'];
const ask = (changes: { tier?: string; validFrom?: string; validUntil?: string }) => (): void =>
  requireAskable(
    { tier: 'GOLD', validFrom: undefined, validUntil: '2027-02-10', ...changes },
    { scale: SCALE, today: TODAY },
  );

describe('[TIER-12] a level that is given by hand', () => {
  it('is on the scale of its programme', () => {
    expect(ask({ tier: 'DIAMOND' })).not.toThrow();
    expect(ask({ tier: 'PLATINUM' })).toThrow(expect.objectContaining({ code: 'tiering.exception-not-on-scale' }));
  });

  it('ends, 24 months ahead at the latest, counted in months', () => {
    expect(ask({ validUntil: '2028-02-10' })).not.toThrow();
    expect(ask({ validUntil: '2028-02-11' })).toThrow(
      expect.objectContaining({
        code: 'tiering.exception-too-long',
        facts: { field: 'validUntil', expected: '2028-02-10 or earlier' },
      }),
    );
  });

  it('holds for a day at least, and for none that has passed', () => {
    expect(ask({ validUntil: '2026-02-11' })).not.toThrow();
    expect(ask({ validUntil: TODAY })).toThrow(expect.objectContaining({ code: 'tiering.exception-never-holds' }));
    expect(ask({ validFrom: '2026-03-01', validUntil: '2026-03-01' })).toThrow(
      expect.objectContaining({ code: 'tiering.exception-never-holds' }),
    );
    expect(ask({ validFrom: '2026-02-09' })).toThrow(
      expect.objectContaining({ code: 'tiering.exception-in-the-past' }),
    );
  });

  it('begins on the day of its approval when that took longer than thought, or never', () => {
    expect(beginOf({ validFrom: '2026-03-01', validUntil: '2026-05-01' }, TODAY)).toBe('2026-03-01');
    expect(beginOf({ validFrom: '2026-02-08', validUntil: '2026-05-01' }, TODAY)).toBe(TODAY);
    expect(beginOf({ validFrom: undefined, validUntil: '2026-05-01' }, TODAY)).toBe(TODAY);
    expect(() => beginOf({ validFrom: '2026-02-01', validUntil: TODAY }, TODAY)).toThrow('single day');
  });

  it('holds until the eve of its end; ended today it holds no more, ended before it began it never did', () => {
    const given = { validFrom: '2026-02-01', validUntil: '2026-05-01' };
    expect(['2026-01-31', '2026-02-01', '2026-04-30', '2026-05-01'].map((day) => stateOf(given, day))).toEqual([
      'coming', 'holding', 'holding', 'over',
    ]); // prettier-ignore
    const ended = { ...given, validUntil: endedToday(given, TODAY) };
    expect([ended.validUntil, stateOf(ended, TODAY)]).toEqual([TODAY, 'over']);
    const notBegun = { validFrom: '2026-03-01', validUntil: endedToday({ validFrom: '2026-03-01' }, TODAY) };
    expect([stateOf(notBegun, TODAY), stateOf(notBegun, '2026-03-01')]).toEqual(['over', 'over']);
  });
});
