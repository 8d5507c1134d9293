import { type Auction, auctionStateAt, leastBid } from './auction.js';

const auction: Auction = {
  ...{ auctionId: 'one', labelEn: 'Tickets', labelZh: '门票', reservePoints: 1_000, stepPoints: 100, bids: 0 },
  ...{ opensAt: new Date('2026-01-05T09:00:00+08:00'), closesAt: new Date('2026-01-06T09:00:00+08:00') },
  ...{ topPoints: null, status: 'OPEN', endedAt: null },
};

describe('[PTS-22] an auction', () => {
  it.each([
    ['2026-01-05T08:59:59.999+08:00', 'planned'],
    ['2026-01-05T09:00:00+08:00', 'open'],
    ['2026-01-06T08:59:59.999+08:00', 'open'],
    ['2026-01-06T09:00:00+08:00', 'closing'],
  ])('is at %s %s', (now, state) => expect(auctionStateAt(auction, new Date(now))).toBe(state));

  it('stays what it ended as', () => {
    const late = new Date('2027-01-01T00:00:00+08:00');
    expect(auctionStateAt({ ...auction, status: 'WON' }, late)).toBe('won');
    expect(auctionStateAt({ ...auction, status: 'FAILED' }, late)).toBe('failed');
  });

  it('begins at its reserve and goes up by its step', () => {
    expect([leastBid(auction, undefined), leastBid(auction, 1_000), leastBid(auction, 1_750)]).toEqual([
      1_000, 1_100, 1_850,
    ]);
  });
});
