import { Refusal } from '../../../platform/errors/index.js';

/** A typing mistake: the check digit tells. */
export class InvalidCardNumber extends Refusal {
  static readonly code = 'cards.invalid-number';
  static readonly kind = 'malformed';
  constructor() {
    super(InvalidCardNumber.code, InvalidCardNumber.kind, 'This is no number of a card; look at it again', {
      field: 'cardNumber',
      expected: '16 digits from 9156, the last of which checks the others (Luhn)',
    });
  }
}

export class UnreadableTrack extends Refusal {
  static readonly code = 'cards.unreadable-track';
  static readonly kind = 'malformed';
  constructor() {
    super(UnreadableTrack.code, UnreadableTrack.kind, 'The magnetic stripe does not say the number of a card', {
      field: 'track',
      expected: 'track 2 of ISO/IEC 7813',
    });
  }
}

export class CardNumberOrTrackNeeded extends Refusal {
  static readonly code = 'cards.number-or-track-needed';
  static readonly kind = 'malformed';
  constructor() {
    const expected = 'either cardNumber or track';
    super(CardNumberOrTrackNeeded.code, CardNumberOrTrackNeeded.kind, `A card is found by ${expected}`, { expected });
  }
}

export class CardNotFound extends Refusal {
  static readonly code = 'cards.not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(CardNotFound.code, CardNotFound.kind, 'There is no such card');
  }
}

/** The stripe of another card. */
export class TrackOfAnotherCard extends Refusal {
  static readonly code = 'cards.track-of-another-card';
  static readonly kind = 'conflict';
  constructor() {
    super(TrackOfAnotherCard.code, TrackOfAnotherCard.kind, 'The magnetic stripe is not the one of this card', {
      field: 'track',
      expected: 'the stripe of this card, which nobody has read as another',
    });
  }
}

export class CardInAnotherState extends Refusal {
  static readonly code = 'cards.in-another-state';
  static readonly kind = 'conflict';
  constructor(facts: { readonly act: string; readonly status: string; readonly expected: readonly string[] }) {
    const { act, status, expected } = facts;
    const message = `To ${act.replace('-', ' ')} a card it must be ${expected.join(' or ')}; this one is ${status}`;
    super(CardInAnotherState.code, CardInAnotherState.kind, message, facts);
  }
}

export class CardHeldAlready extends Refusal {
  static readonly code = 'cards.held-already';
  static readonly kind = 'conflict';
  constructor(status: string) {
    const message =
      status === 'lost'
        ? 'The customer has lost a card: have that one replaced'
        : `The customer has a card already, which is ${status}: report it lost or have it replaced`;
    super(CardHeldAlready.code, CardHeldAlready.kind, message, { status });
  }
}

export class CardNotEarned extends Refusal {
  static readonly code = 'cards.not-earned';
  static readonly kind = 'rejected';
  constructor(tier: string) {
    super(
      CardNotEarned.code,
      CardNotEarned.kind,
      'A card is for customers who hold a level, or are points members (积分卡客户)',
      { actual: tier, expected: 'HONOURED_GUEST or higher, or points membership' },
    );
  }
}

export class CustomerHasLeft extends Refusal {
  static readonly code = 'cards.customer-has-left';
  static readonly kind = 'rejected';
  constructor() {
    super(CustomerHasLeft.code, CustomerHasLeft.kind, 'The customer has left the network');
  }
}

/** Also said of a number that nobody has: a guess learns nothing. */
export class CardOfSomebodyElse extends Refusal {
  static readonly code = 'cards.of-somebody-else';
  static readonly kind = 'rejected';
  constructor() {
    super(CardOfSomebodyElse.code, CardOfSomebodyElse.kind, 'The customer has no card of this number', {
      field: 'cardNumber',
    });
  }
}

export class CardCannotRedeem extends Refusal {
  static readonly code = 'cards.cannot-redeem';
  static readonly kind = 'rejected';
  constructor(facts: { readonly status: string; readonly expected: string }) {
    const message = `Points are redeemed with an active card; this one is ${facts.status}`;
    super(CardCannotRedeem.code, CardCannotRedeem.kind, message, facts);
  }
}
