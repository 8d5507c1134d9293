import { mended, requireFixes } from './mending.js';
import { InvalidFix } from './refusals.js';

const line = (counterpartyClass: string): string =>
  `D|U-1|2025-01-15T10:00:00+08:00|13800000001|||VOICE_MO|${counterpartyClass}|61|0|1|20|0|440000||0|T59|202501|NEW||1`;

describe('mending a refused record', () => {
  it('puts the right value for each that was wrong, and leaves the others', () => {
    const fixes = [{ field: 'counterpartyClass', map: { OFFNET_CU: 'OFF_NET_CU' } }];
    expect(mended('USG', line('OFFNET_CU'), fixes)).toBe(line('OFF_NET_CU'));
    expect(mended('USG', line('OFFNET_CT'), fixes)).toBe(line('OFFNET_CT'));
  });

  it('puts one value for all, also where there was none', () => {
    expect(mended('USG', line(''), [{ field: 'counterpartyClass', value: 'NONE' }])).toBe(line('NONE'));
  });

  it('takes a word of a map by what it says, not by what every object has', () => {
    expect(mended('USG', line('constructor'), [{ field: 'counterpartyClass', map: { a: 'b' } }])).toBe(
      line('constructor'),
    );
  });

  it('leaves a line alone that ends before the field', () => {
    expect(mended('USG', 'D|U-1', [{ field: 'feeFen', value: '0' }])).toBe('D|U-1');
  });

  it.each([
    ['a field that the kind does not have', { field: 'feeYuan', value: '1' }],
    ['whose the record is', { field: 'msisdn', value: '1' }],
    ['what the record is', { field: 'recordId', value: 'U-2' }],
    ['two fields in one value', { field: 'feeFen', value: '1|2' }],
    ['a line', { field: 'feeFen', value: '1\nD' }],
    ['the number of a person', { field: 'tariffCode', value: '13800000001' }],
    ['nothing', { field: 'feeFen' }],
    ['two things at once', { field: 'feeFen', value: '1', map: { a: '1' } }],
    ['an empty map', { field: 'feeFen', map: {} }],
  ])('is refused for %s', (_, fix) => {
    expect(() => requireFixes([fix], 'USG')).toThrow(InvalidFix);
  });

  it('is refused for one field twice', () => {
    const fix = { field: 'feeFen', value: '1' };
    expect(() => requireFixes([fix, fix], 'USG')).toThrow(InvalidFix);
  });
});
