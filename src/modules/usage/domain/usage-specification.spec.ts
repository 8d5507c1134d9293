import {
  CharacteristicRefused,
  holdAgainst,
  isInForce,
  shippedSpecifications,
  type SpecCharacteristic,
} from './usage-specification.js';

const spec = (...characteristics: SpecCharacteristic[]): SpecCharacteristic[] => characteristics;

describe('a specification of usage', () => {
  it('says of each type of event what the contract does', () => {
    const shipped = shippedSpecifications();
    expect(shipped.map(({ id }) => id)).toContain('USG-VOICE_MO');
    const named = (name: string) => shipped[0]?.specCharacteristic?.find((each) => each.name === name);
    expect(named('recordId')).toMatchObject({ valueType: 'string', minCardinality: 1, maxCardinality: 1 });
    expect(named('durationSec')).toMatchObject({
      valueType: 'integer',
      characteristicValueSpecification: [{ valueFrom: 0, unitOfMeasure: 's' }],
    });
    expect(named('counterpartyClass')?.characteristicValueSpecification).toContainEqual({ value: 'HOTLINE_RIVAL' });
  });

  it('is in force from its beginning until its end, while it is active', () => {
    const body = { name: 'x', lifecycleStatus: 'Active', validFor: { startDateTime: '2025-01-01T00:00:00+08:00' } };
    expect(isInForce(body, new Date('2024-12-31T15:59:59.999Z'))).toBe(false);
    expect(isInForce(body, new Date('2024-12-31T16:00:00Z'))).toBe(true);
    const ended = { ...body, validFor: { endDateTime: '2025-01-01T00:00:00+08:00' } };
    expect(isInForce(ended, new Date('2024-12-31T15:59:59.999Z'))).toBe(true);
    expect(isInForce(ended, new Date('2024-12-31T16:00:00Z'))).toBe(false);
    expect(isInForce({ ...body, lifecycleStatus: 'Retired' }, new Date())).toBe(false);
  });

  it.each([
    ['absent though needed', { name: 'cell', minCardinality: 1 }, {}],
    ['of another type', { name: 'cell', valueType: 'integer' as const }, { cell: '5' }],
    ['none of the values', { name: 'cell', characteristicValueSpecification: [{ value: 'A' }] }, { cell: 'B' }],
    ['out of the range', { name: 'cell', characteristicValueSpecification: [{ valueFrom: 1, valueTo: 5 }] }, { cell: 6 }],
    ['at an open end', { name: 'cell', characteristicValueSpecification: [{ valueFrom: 1, rangeInterval: 'open' as const }] }, { cell: 1 }],
  ])('refuses a characteristic that is %s', (_, characteristic, said) => {
    expect(() => holdAgainst(spec(characteristic), said)).toThrow(CharacteristicRefused);
  }); // prettier-ignore

  it('leaves patterns to be matched, and judges nothing that it does not name', () => {
    const characteristic = { name: 'cell', regex: '^460', characteristicValueSpecification: [{ value: 1 }, { regex: '0$' }] };
    expect(holdAgainst(spec(characteristic), { cell: '460-0', other: {} })).toEqual([
      { name: 'cell', value: '460-0', patterns: ['^460'] },
      { name: 'cell', value: '460-0', patterns: ['0$'] },
    ]);
    expect(holdAgainst(spec({ name: 'constructor' }), {})).toEqual([]);
  }); // prettier-ignore
});
