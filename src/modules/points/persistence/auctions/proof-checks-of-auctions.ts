import type { Check } from '../ledger/check.js';

/** What customers bid (PTS-22). */
export const checksOfAuctions: readonly Check[] = [
  {
    id: 'I7-auction',
    title: 'What is held for an auction is held for a bid that nobody has outbid, one in each auction',
    sql: `
      SELECT customer_id, hold_id, h.points AS held, b.points AS bid, b.state, b.auction_id
      FROM (
        SELECT *, count(*) OVER (PARTITION BY auction_id) AS standing FROM points.auction_bid WHERE state = 'TOP'
      ) b
      FULL JOIN (SELECT customer_id, hold_id, points FROM points.point_hold WHERE purpose = 'AUCTION' AND state = 'HELD') h
        USING (customer_id, hold_id)
      WHERE b.bid_id IS NULL OR b.standing > 1 OR b.points <> h.points`,
  },
  {
    id: 'I7-won',
    title: 'An auction that is over was won once, and the winner has paid what he bid; nobody else is top in it',
    sql: `
      SELECT a.auction_id, a.status, b.standing, b.won, b.captured, a.top_points
      FROM points.auction a
      LEFT JOIN (
        SELECT b.auction_id, count(*) FILTER (WHERE b.state = 'TOP') AS standing, count(*) FILTER (WHERE b.state = 'WON') AS won,
          COALESCE(sum(h.captured), 0)::bigint AS captured
        FROM points.auction_bid b JOIN points.point_hold h USING (customer_id, hold_id)
        GROUP BY b.auction_id) b USING (auction_id)
      WHERE (a.status = 'OPEN' AND b.captured > 0)
        OR (a.status = 'WON' AND (b.standing, b.won, b.captured) IS DISTINCT FROM (0, 1, a.top_points))
        OR (a.status = 'FAILED' AND COALESCE(b.standing + b.won + b.captured, 0) > 0)`,
  },
];
