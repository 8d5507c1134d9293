import fc from 'fast-check';
import { lastWord, standingOf, type Said } from './consent.js';

const purpose = { oldestValidVersion: 2, cooldownDays: 90 };
const at = (text: string): Date => new Date(`${text}+08:00`);
const given: Said = { entry: 'GIVEN', textVersion: 2, saidAt: at('2026-01-01T10:00:00'), nth: 1 };
const here = { now: at('2026-02-01T10:00:00'), isInNetwork: true };

describe('[CUS-07] what a customer consented to (同意)', () => {
  it('holds while it is the last word, to a text that still counts', () => {
    expect(standingOf(given, purpose, here)).toMatchObject({ state: 'GIVEN', isEffective: true, mayAsk: false });
    expect(standingOf({ ...given, textVersion: 1 }, purpose, here)).toMatchObject({
      state: 'OUTDATED',
      isEffective: false,
      mayAsk: true,
    });
    expect(standingOf(undefined, purpose, here)).toMatchObject({
      state: 'NEVER_ASKED',
      isEffective: false,
      mayAsk: true,
    });
  });

  it('ends with the service, and nobody is asked who has left', () => {
    const gone = { ...here, isInNetwork: false };
    expect(standingOf(given, purpose, gone)).toMatchObject({ isEffective: false, mayAsk: false });
    expect(standingOf(undefined, purpose, gone).mayAsk).toBe(false);
  });

  it.each(['REFUSED', 'WITHDRAWN'] as const)('is not asked for again for 90 days after %s', (entry) => {
    const no = { ...given, entry };
    const after = (now: string) => standingOf(no, purpose, { ...here, now: at(now) });
    expect(after('2026-04-01T09:59:59')).toMatchObject({ isEffective: false, mayAsk: false });
    expect(after('2026-04-01T10:00:00').mayAsk).toBe(true);
    expect(after('2026-02-01T10:00:00').mayAskFrom).toEqual(at('2026-04-01T10:00:00'));
  });

  it('follows the last word; of two of the same moment, the one that gives less away', () => {
    const withdrawn: Said = { ...given, entry: 'WITHDRAWN', nth: 2 };
    expect(lastWord([given, withdrawn])).toBe(withdrawn);
    expect(
      lastWord([
        { ...withdrawn, nth: 1 },
        { ...given, nth: 2 },
      ])?.entry,
    ).toBe('WITHDRAWN');
    const later = { ...given, nth: 3, saidAt: at('2026-01-01T10:00:01') };
    expect(lastWord([withdrawn, later])).toBe(later);
    // A paper of yesterday that is recorded today does not undo the withdrawal of this morning.
    expect(lastWord([later, withdrawn, { ...given, nth: 4, saidAt: at('2025-12-31T10:00:00') }])).toBe(later);
  });

  it('does not depend on the order in which it is told', () => {
    const said = fc.record({
      entry: fc.constantFrom('GIVEN' as const, 'WITHDRAWN' as const, 'REFUSED' as const),
      textVersion: fc.integer({ min: 1, max: 3 }),
      saidAt: fc.integer({ min: 0, max: 3 }).map((ms) => new Date(ms)),
    });
    fc.assert(
      fc.property(fc.array(said, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (words, order) => {
        const numbered = words.map((word, i) => ({ ...word, nth: i + 1 }));
        const shuffled = numbered
          .map((word) => ({ word, place: order.next().value as number }))
          .sort((a, b) => a.place - b.place)
          .map(({ word }) => word);
        expect(lastWord(shuffled)).toEqual(lastWord(numbered));
      }),
    );
  });
});
