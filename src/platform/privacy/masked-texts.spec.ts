import fc from 'fast-check';
import { maskTexts, meantBy } from './masked-texts.js';

const stored = { a: 'call 13800138000', list: ['x', { to: '13900139000' }, 7], when: new Date(0), none: null };

describe('masked texts', () => {
  it('are masked at every depth, and nothing else is', () => {
    expect(maskTexts(stored)).toEqual({
      a: 'call 138****8000',
      list: ['x', { to: '139****9000' }, 7],
      when: new Date(0),
      none: null,
    });
    expect(maskTexts('019a9d00-0000-7000-8000-138001380001')).toBe('019a9d00-0000-7000-8000-138001380001');
  });

  it('stand for what they hide when they are sent back, in part or in another order', () => {
    const shown = maskTexts(stored);
    expect(meantBy(shown, shown, stored)).toEqual(stored);
    expect(meantBy({ ...shown, b: 'new' }, shown, stored)).toEqual({ ...stored, b: 'new' });
    expect(meantBy({ list: [{ to: '139****9000' }, 'y'] }, shown, stored)).toEqual({
      list: [{ to: '13900139000' }, 'y'],
    });
    expect(meantBy({ a: null }, shown, stored)).toEqual({ a: null });
  });

  it('never replace what they hide, whatever is stored', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        expect(meantBy(maskTexts(value), maskTexts(value), value)).toEqual(value);
      }),
    );
  });

  it('stand for one another in their order when they look alike', () => {
    const kept = ['13800018000', '13811118000', 'x'];
    expect(maskTexts(kept)).toEqual(['138****8000', '138****8000', 'x']);
    expect(meantBy(['138****8000', '138****8000', 'y'], maskTexts(kept), kept)).toEqual([
      '13800018000',
      '13811118000',
      'y',
    ]);
    expect(meantBy(['138****8000', '138****8000', '138****8000'], maskTexts(kept), kept)).toContain('138****8000');
  });

  it('are found again among many without comparing each with each', () => {
    const many = Array.from({ length: 50_000 }, (_, i) => ({ nth: i }));
    const begun = process.cpuUsage();
    expect(meantBy([...many].reverse(), many, many)).toHaveLength(50_000);
    expect(process.cpuUsage(begun).user / 1000).toBeLessThan(2_000);
  });
});
