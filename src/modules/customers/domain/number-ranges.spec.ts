import { NumberRanges, type NumberRange } from './number-ranges.js';

const range = (prefix: string, rangeOperator: string, changes: Partial<NumberRange> = {}): NumberRange => ({
  ...{ prefix, rangeOperator, length: 11, kind: 'MOBILE', validFrom: '2000-01-01', validUntil: undefined },
  ...changes,
});

describe('the table of number ranges (号段表)', () => {
  it('knows a number by its longest prefix, its length and the day', () => {
    const table = new NumberRanges([
      range('134', 'CMCC'),
      range('1349', 'CTCC', { kind: 'SATELLITE' }),
      range('192', 'CBN', { validFrom: '2022-06-27' }),
      range('165', 'CMCC', { validUntil: '2025-12-31' }),
      range('1440', 'CMCC', { length: 13, kind: 'IOT' }),
    ]);
    const operatorOf = (national: string, on = '2026-02-01') => table.rangeOf(national, on)?.rangeOperator;
    expect([operatorOf('13400000000'), operatorOf('13490000000')]).toEqual(['CMCC', 'CTCC']);
    expect([operatorOf('19200000000'), operatorOf('19200000000', '2022-06-26')]).toEqual(['CBN', undefined]);
    expect([operatorOf('16500000000'), operatorOf('16500000000', '2025-12-31')]).toEqual([undefined, 'CMCC']);
    expect([operatorOf('1440000000000'), operatorOf('14400000000')]).toEqual(['CMCC', undefined]);
    for (const none of ['', '1', '15400000000', 'abcdefghijk', '99999999999']) expect(operatorOf(none)).toBeUndefined();
  });
});
