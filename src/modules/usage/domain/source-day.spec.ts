import { dayNamed, nameOfDay, type SourceDay } from './source-day.js';

const DAY: SourceDay = { source: 'BOSS', kind: 'USG', province: '440000', businessDate: '2025-02-28' };

describe('the name of a business day', () => {
  it('says which one it is', () => {
    expect(dayNamed(nameOfDay(DAY))).toEqual(DAY);
  });

  it.each([
    '',
    'BOSS-USG-440000',
    'BOSS-XYZ-440000-2025-02-28',
    'BOSS-USG-440000-2025-02-30',
    'BOSS-USG-440000-2025-13-01',
    'boss-USG-440000-2025-02-28',
  ])('is not %p', (name) => expect(dayNamed(name)).toBeUndefined());
});
