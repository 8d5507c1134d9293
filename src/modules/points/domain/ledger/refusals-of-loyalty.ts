import { Refusal } from '../../../../platform/errors/index.js';

export class LoyaltyResourceNotFound extends Refusal {
  static readonly code = 'points.loyalty-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(LoyaltyResourceNotFound.code, LoyaltyResourceNotFound.kind, 'There is no such loyalty resource');
  }
}

/** Lists of one member are filtered and sorted as anybody likes, those of everybody are in the order of their keys. */
export class LoyaltyListTooWide extends Refusal {
  static readonly code = 'points.loyalty-list-too-wide';
  static readonly kind = 'malformed';
  constructor() {
    super(LoyaltyListTooWide.code, LoyaltyListTooWide.kind, 'This would look through the entries of everybody', {
      field: 'memberId',
      expected: 'the member whose entries are asked for',
    });
  }
}
