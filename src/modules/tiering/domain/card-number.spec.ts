import * as fc from 'fast-check';
import { CARD_NUMBERS, cardNumberOf, maskCardNumber, normaliseCardNumber, readTrack } from './card-number.js';
import { InvalidCardNumber, UnreadableTrack } from './refusals-of-cards.js';

const anyChance = fc.integer({ min: 0, max: CARD_NUMBERS - 1 });

describe('[TIER-05] the number of a card', () => {
  it('has sixteen digits, of which the last checks the others', () => {
    expect(cardNumberOf(0)).toBe('9156000000000003');
    expect(cardNumberOf(12_345_678_901)).toBe('9156123456789018');
    expect(cardNumberOf(CARD_NUMBERS - 1)).toHaveLength(16);
  });

  it('is read however people write it', () => {
    expect(normaliseCardNumber('9156 0000-0000 0003')).toBe('9156000000000003');
    fc.assert(fc.property(anyChance, (chance) => normaliseCardNumber(cardNumberOf(chance)) === cardNumberOf(chance)));
  });

  it('is refused with any one digit wrong', () => {
    fc.assert(
      fc.property(anyChance, fc.nat(15), fc.integer({ min: 1, max: 9 }), (chance, place, by) => {
        const number = cardNumberOf(chance);
        const wrong = (Number(number[place]) + by) % 10;
        expect(() => normaliseCardNumber(number.slice(0, place) + wrong + number.slice(place + 1))).toThrow(
          InvalidCardNumber,
        );
      }),
    );
  });

  it.each(['', '9156', '6222020000000000', '9156000000000003\n', '９１５６000000000003', '91560000000000030'])(
    'is not %j',
    (given) => expect(() => normaliseCardNumber(given)).toThrow(InvalidCardNumber),
  );

  it('shows its last four digits only', () => expect(maskCardNumber('0003')).toBe('************0003'));
});

describe('[TIER-05] a magnetic stripe', () => {
  const data = '9156000000000003=290112100000000';

  it('says the number of its card, with sentinels or without', () => {
    for (const given of [data, `;${data}?`]) expect(readTrack(given)).toEqual({ data, cardNumber: '9156000000000003' });
  });

  it.each(['', '%B9156000000000003^WANG/XIAO^2901?', '9156000000000004=2901', '6222020000000000=2901'])(
    'is not %j, and the refusal does not repeat it',
    (given) => {
      const read = (): unknown => readTrack(given);
      expect(read).toThrow(UnreadableTrack);
      expect(JSON.stringify(new UnreadableTrack())).not.toContain('9156');
    },
  );
});
