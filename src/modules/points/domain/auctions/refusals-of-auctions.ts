import { Refusal } from '../../../../platform/errors/index.js';

export class AuctionNotFound extends Refusal {
  static readonly code = 'points.auction-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(AuctionNotFound.code, AuctionNotFound.kind, 'There is no such auction');
  }
}

export class AuctionTimesInvalid extends Refusal {
  static readonly code = 'points.auction-times';
  static readonly kind = 'malformed';
  constructor() {
    super(AuctionTimesInvalid.code, AuctionTimesInvalid.kind, 'An auction closes in the future, and after it opens', {
      field: 'closesAt',
      expected: 'an instant after opensAt and after now',
    });
  }
}

export class AuctionNotOpen extends Refusal {
  static readonly code = 'points.auction-not-open';
  static readonly kind = 'conflict';
  constructor(facts: { readonly opensAt: string; readonly closesAt: string }) {
    super(AuctionNotOpen.code, AuctionNotOpen.kind, 'The auction is not open', facts);
  }
}

export class BidTooLow extends Refusal {
  static readonly code = 'points.bid-too-low';
  static readonly kind = 'rejected';
  constructor(facts: { readonly atLeast: number; readonly requested: number }) {
    super(BidTooLow.code, BidTooLow.kind, 'More points must be bid', facts);
  }
}
