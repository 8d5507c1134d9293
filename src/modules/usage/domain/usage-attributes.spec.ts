import { fieldsSaidBy, InvalidUsage } from './usage-attributes.js';
import { yuanOf } from './yuan.js';

describe('what a Usage of TM Forum says', () => {
  it('is the fields of a record: characteristics, type, date and amounts', () => {
    expect(
      fieldsSaidBy({
        usageDate: new Date('2025-01-15T02:00:00Z'),
        usageType: 'VOICE_MO',
        usageCharacteristic: [
          { name: 'recordId', value: 'U-1' },
          { name: 'durationSec', value: 61 },
        ],
        ratedProductUsage: [
          { taxIncludedRatingAmount: yuanOf(20), taxExcludedRatingAmount: yuanOf(19) },
          { taxIncludedRatingAmount: yuanOf(1), taxExcludedRatingAmount: yuanOf(1) },
        ],
      }),
    ).toEqual({
      recordId: 'U-1',
      durationSec: 61,
      feeFen: 21,
      taxFen: 1,
      eventType: 'VOICE_MO',
      eventTime: '2025-01-15T02:00:00.000Z',
    });
  });

  it('says nothing of the tax when one amount does not', () => {
    const rated = [
      { taxIncludedRatingAmount: yuanOf(20), taxExcludedRatingAmount: yuanOf(19) },
      { taxIncludedRatingAmount: yuanOf(1) },
    ];
    expect(fieldsSaidBy({ ratedProductUsage: rated })).toEqual({ feeFen: 21 });
  });

  it.each([
    [
      'a characteristic twice',
      {
        usageCharacteristic: [
          { name: 'a', value: 1 },
          { name: 'a', value: 1 },
        ],
      },
    ],
    ['another type beside its own', { usageType: 'SMS', usageCharacteristic: [{ name: 'eventType', value: 'DATA' }] }],
    ['an amount of half a fen', { ratedProductUsage: [{ taxIncludedRatingAmount: { unit: 'CNY', value: 0.005 } }] }],
    ['another currency', { ratedProductUsage: [{ taxIncludedRatingAmount: { unit: 'USD', value: 1 } }] }],
    ['no amount', { ratedProductUsage: [{}] }],
  ])('is refused with %s', (_, usage) => {
    expect(() => fieldsSaidBy(usage)).toThrow(InvalidUsage);
  });
});
