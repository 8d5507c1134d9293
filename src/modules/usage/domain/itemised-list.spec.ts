import { csvLine, ndjsonLine, requireListedMonth, type ListedItem } from './itemised-list.js';

const item: ListedItem = {
  at: new Date('2026-01-31T16:00:00Z'), type: 'VOICE_MO', counterparty: 'OFF_NET_CU', seconds: 61, kb: 0, count: 1, feeFen: 20,
  visited: null, tariff: 'GT128',
}; // prettier-ignore

describe('[USG-12] an itemised list', () => {
  it('has one line an item, in the time of the country, of the other side the class only', () => {
    expect(csvLine(item)).toBe('2026-02-01 00:00:00,主叫,中国联通,61,0,1,20,,GT128\r\n');
    expect(JSON.parse(ndjsonLine(item))).toEqual({
      at: '2026-02-01T00:00:00+08:00', type: 'VOICE_MO', counterparty: 'OFF_NET_CU', seconds: 61, kb: 0, count: 1, feeFen: 20, tariff: 'GT128',
    }); // prettier-ignore
  });

  it('holds nothing that a spreadsheet would carry out', () => {
    expect(csvLine({ ...item, tariff: '=1+1' })).toContain(`,'=1+1\r\n`);
    expect(csvLine({ ...item, tariff: '-2"' })).toContain(`,"'-2"""\r\n`);
    expect(csvLine({ ...item, feeFen: -20 })).toContain(',-20,');
  });

  it.each([
    ['2026-02', true],
    ['2026-03', false],
    ['2025-02', true],
    ['2025-01', false],
  ])('of %s, asked for on 28 February 2026: %s', (month, isListed) => {
    const asking = (): void => requireListedMonth(month, '2026-02-28');
    if (isListed) expect(asking).not.toThrow();
    else expect(asking).toThrow('2025-02 to 2026-02');
  });
});
