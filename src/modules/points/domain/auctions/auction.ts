export interface Auction {
  readonly auctionId: string;
  readonly labelEn: string;
  readonly labelZh: string;
  readonly opensAt: Date;
  /** From this moment on nobody bids any more. */
  readonly closesAt: Date;
  /** What the first bid is, at least. */
  readonly reservePoints: number;
  /** By how much each bid is above the one before it, at least. */
  readonly stepPoints: number;
  readonly bids: number;
  readonly topPoints: number | null;
  readonly status: 'OPEN' | 'WON' | 'FAILED';
  readonly endedAt: Date | null;
}

export type BidState = 'TOP' | 'OUTBID' | 'WON' | 'VOID';

export interface Bid {
  readonly customerId: string;
  readonly bidId: string;
  readonly auctionId: string;
  /** Number of the bid in its auction, from 1. */
  readonly sequence: number;
  readonly points: number;
  readonly holdId: string;
  readonly state: BidState;
  readonly channel: string;
  readonly placedAt: Date;
  readonly endedAt: Date | null;
}

export const AUCTION_STATES = ['planned', 'open', 'closing', 'won', 'failed'] as const;
export type AuctionState = (typeof AUCTION_STATES)[number];

/** `closing`: nobody may bid any more, and nobody has been told yet who has won. */
export function auctionStateAt({ status, opensAt, closesAt }: Auction, now: Date): AuctionState {
  if (status === 'WON') return 'won';
  if (status === 'FAILED') return 'failed';
  if (now < opensAt) return 'planned';
  return now < closesAt ? 'open' : 'closing';
}

/** @param top points of the bid to be outdone; the reserve, without one */
export const leastBid = (
  { reservePoints, stepPoints }: Pick<Auction, 'reservePoints' | 'stepPoints'>,
  top: number | undefined,
): number => (top === undefined ? reservePoints : top + stepPoints);
