import { assertOnOffer, assertWithinLimit, isKeptInStock, type CatalogueItem } from './catalogue-item.js';
import { BOSS_MAY_TAKE_HOURS, secondsUntilNextAttempt } from './exchange-order.js';

const ITEM: CatalogueItem = {
  itemId: 'UMBRELLA',
  kind: 'GOODS',
  label: { en: 'Umbrella', zh: '雨伞' },
  points: 1_500,
  classes: null,
  perPointsYear: 2,
  bossProduct: null,
  benefit: null,
  units: null,
  validFrom: '2026-02-01',
  validUntil: '2026-03-01',
  status: 'ACTIVE',
};

describe('an item of the catalogue', () => {
  it.each([
    ['2026-01-31', false],
    ['2026-02-01', true],
    ['2026-02-28', true],
    ['2026-03-01', false],
  ])('is on offer on %s: %s', (day, isOnOffer) => {
    const look = (): void => assertOnOffer(ITEM, { kinds: ['GOODS'], day });
    if (isOnOffer) expect(look).not.toThrow();
    else expect(look).toThrow('not on offer');
  });

  it('is not on offer when it is withdrawn, and never in the way of another kind', () => {
    const day = '2026-02-10';
    expect(() => assertOnOffer({ ...ITEM, status: 'WITHDRAWN' }, { kinds: ['GOODS'], day })).toThrow('not on offer');
    expect(() => assertOnOffer(ITEM, { kinds: ['SERVICE'], day })).toThrow('in another way');
  });

  it('[PTS-17] is had as often as its limit says, and without one as often as one likes', () => {
    expect(() => assertWithinLimit(ITEM, 1, 2026)).not.toThrow();
    expect(() => assertWithinLimit(ITEM, 2, 2026)).toThrow('often enough');
    expect(() => assertWithinLimit({ ...ITEM, perPointsYear: null }, 1_000, 2026)).not.toThrow();
  });

  it('lies in stock unless it is a service', () => {
    expect((['SERVICE', 'MOBILE_PRODUCT', 'GOODS'] as const).map((kind) => isKeptInStock({ kind }))).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('an order that BOSS has not answered', () => {
  it('is asked for again later each time, every ten minutes while BOSS may take its time, and every hour afterwards', () => {
    const pauses = Array.from({ length: 30 }, (_, i) => secondsUntilNextAttempt(i + 1));
    expect(pauses.slice(0, 6)).toEqual([30, 60, 120, 240, 480, 600]);
    expect(new Set(pauses.slice(5, 16))).toEqual(new Set([600]));
    expect(pauses.slice(0, 16).reduce((sum, seconds) => sum + seconds, 0)).toBeGreaterThanOrEqual(
      BOSS_MAY_TAKE_HOURS * 3_600,
    );
    expect(new Set(pauses.slice(16))).toEqual(new Set([3_600]));
  });
});
