import type { Tx } from '../../../../platform/database/index.js';
import type { Auction, Bid, BidState } from '../../domain/auctions/auction.js';

export const AUCTION_COLUMNS = `a.auction_id AS "auctionId", a.label_en AS "labelEn", a.label_zh AS "labelZh", a.opens_at AS "opensAt",
  a.closes_at AS "closesAt", a.reserve_points AS "reservePoints", a.step_points AS "stepPoints", a.bids, a.top_points AS "topPoints",
  a.status, a.ended_at AS "endedAt"`;

export const BID_COLUMNS = `b.customer_id AS "customerId", b.bid_id AS "bidId", b.auction_id AS "auctionId", b.sequence, b.points,
  b.hold_id AS "holdId", b.state, b.channel, b.placed_at AS "placedAt", b.ended_at AS "endedAt"`;

export async function auctionWithId(
  reader: Pick<Tx, 'query'>,
  auctionId: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<Auction | undefined> {
  const [found] = await reader.query<Auction>(
    `SELECT ${AUCTION_COLUMNS} FROM points.auction a WHERE a.auction_id = $1 ${lock}`,
    [auctionId],
  );
  return found;
}

export async function insertAuction(tx: Tx, auction: Auction, createdBy: string, createdAt: Date): Promise<void> {
  await tx.execute(
    `INSERT INTO points.auction (auction_id, label_en, label_zh, opens_at, closes_at, reserve_points, step_points, created_by, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      auction.auctionId,
      auction.labelEn,
      auction.labelZh,
      auction.opensAt,
      auction.closesAt,
      auction.reservePoints,
      auction.stepPoints,
      createdBy,
      createdAt,
    ],
  );
}

export async function countBid(tx: Tx, { auctionId, sequence, points }: Bid): Promise<void> {
  await tx.execute('UPDATE points.auction SET bids = $2, top_points = $3 WHERE auction_id = $1', [
    auctionId,
    sequence,
    points,
  ]);
}

export async function endAuction(
  tx: Tx,
  auctionId: string,
  {
    status,
    topPoints,
    at,
  }: { readonly status: 'WON' | 'FAILED'; readonly topPoints: number | null; readonly at: Date },
): Promise<void> {
  await tx.execute('UPDATE points.auction SET status = $2, top_points = $3, ended_at = $4 WHERE auction_id = $1', [
    auctionId,
    status,
    topPoints,
    at,
  ]);
}

/** Auctions that are over, and still open. */
export async function auctionsToClose(reader: Pick<Tx, 'query'>, now: Date): Promise<readonly string[]> {
  const rows = await reader.query<{ id: string }>(
    `SELECT auction_id AS id FROM points.auction WHERE status = 'OPEN' AND closes_at <= $1 ORDER BY closes_at, auction_id`,
    [now],
  );
  return rows.map(({ id }) => id);
}

export interface StandingBid extends Bid {
  /** Its points are still held: nobody has ended the hold from elsewhere, as when the account was closed. */
  readonly isHeld: boolean;
}

/** Bids that nobody has outbid, the highest first. */
export const standingBids = (tx: Tx, auctionId: string): Promise<StandingBid[]> =>
  tx.query<StandingBid>(
    `SELECT ${BID_COLUMNS}, h.state = 'HELD' AS "isHeld"
     FROM points.auction_bid b JOIN points.point_hold h ON h.customer_id = b.customer_id AND h.hold_id = b.hold_id
     WHERE b.auction_id = $1 AND b.state = 'TOP' ORDER BY b.points DESC, b.sequence`,
    [auctionId],
  );

export async function bidByKey(
  tx: Tx,
  customerId: string,
  idemKey: string,
): Promise<(Bid & { readonly requestHash: string }) | undefined> {
  const [found] = await tx.query<Bid & { requestHash: string }>(
    `SELECT ${BID_COLUMNS}, b.request_hash AS "requestHash" FROM points.auction_bid b WHERE b.customer_id = $1 AND b.idem_key = $2`,
    [customerId, idemKey],
  );
  return found;
}

export async function insertBid(tx: Tx, bid: Bid, idemKey: string, requestHash: string): Promise<void> {
  await tx.execute(
    `INSERT INTO points.auction_bid (customer_id, bid_id, auction_id, sequence, points, hold_id, state, channel, idem_key, request_hash,
       placed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      bid.customerId,
      bid.bidId,
      bid.auctionId,
      bid.sequence,
      bid.points,
      bid.holdId,
      bid.state,
      bid.channel,
      idemKey,
      requestHash,
      bid.placedAt,
    ],
  );
}

export async function endBid(
  tx: Tx,
  { customerId, bidId }: Pick<Bid, 'customerId' | 'bidId'>,
  state: Exclude<BidState, 'TOP'>,
  at: Date,
): Promise<void> {
  await tx.execute('UPDATE points.auction_bid SET state = $3, ended_at = $4 WHERE customer_id = $1 AND bid_id = $2', [
    customerId,
    bidId,
    state,
    at,
  ]);
}
