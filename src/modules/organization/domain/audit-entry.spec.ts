import { changedFields, objectTypeOf } from './audit-entry.js';

describe('what the audit says of a change', () => {
  it('names what is not the same, and no value', () => {
    expect(changedFields({ a: 1, b: [1], c: null }, { a: 1, b: [2], d: 'x' })).toEqual(['b', 'c', 'd']);
    expect(changedFields(undefined, { name: '张小明' })).toEqual(['name']);
    expect(changedFields({ name: '张小明' }, undefined)).toEqual(['name']);
    expect(changedFields({ at: new Date(0) }, { at: new Date(0) })).toEqual([]);
  });

  it('does not repeat a name that may hold data', () => {
    const names = { '13800138000': 1, 张小明: 1, 'zhang@example.com': 1, favouriteHall: 1, line1: 1, x13800138000: 1 };
    expect(changedFields({}, names)).toEqual(['(other)', 'favouriteHall', 'line1']);
  });

  it.each([
    ['POST /care-api/points/v1/redemption', 'redemption'],
    ['POST /care-api/points/v1/redemption/:id/reversal', 'redemption'],
    ['PATCH /tmf-api/customerManagement/v4/customer/:id', 'customer'],
  ])('finds in %s what it is about', (operation, type) => {
    expect(objectTypeOf(operation)).toBe(type);
  });
});
