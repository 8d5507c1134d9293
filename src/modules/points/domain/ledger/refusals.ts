import { Refusal } from '../../../../platform/errors/index.js';

export class InsufficientPoints extends Refusal {
  static readonly code = 'points.insufficient';
  static readonly kind = 'rejected';
  constructor(facts: { readonly available: number; readonly requested: number }) {
    super(InsufficientPoints.code, InsufficientPoints.kind, 'There are not enough points', facts);
  }
}

/** The plan is joined by having earned more than a threshold (PTS-12). */
export class BelowThreshold extends Refusal {
  static readonly code = 'points.below-threshold';
  static readonly kind = 'rejected';
  /** @param facts.gap how many more points must be earned, at least */
  constructor(facts: { readonly qualifying: number; readonly mustExceed: number; readonly gap: number }) {
    super(BelowThreshold.code, BelowThreshold.kind, 'Too few points were earned to join the points plan', facts);
  }
}

export class InvalidPointsAmount extends Refusal {
  static readonly code = 'points.invalid-amount';
  static readonly kind = 'malformed';
  constructor() {
    super(InvalidPointsAmount.code, InvalidPointsAmount.kind, 'Points must be a whole number above 0', {
      field: 'points',
      expected: 'a whole number above 0',
    });
  }
}

/** A suspended number (停机) and an account that somebody froze (冻结) still earn, but do not spend. */
export class AccountFrozen extends Refusal {
  static readonly code = 'points.account-frozen';
  static readonly kind = 'rejected';
  constructor() {
    super(
      AccountFrozen.code,
      AccountFrozen.kind,
      'The number is suspended or the account frozen; points cannot be spent meanwhile',
    );
  }
}

/** Only numbers that are registered with a real name (实名登记) earn and redeem (CUS-08). */
export class RealNameNeeded extends Refusal {
  static readonly code = 'points.real-name-needed';
  static readonly kind = 'rejected';
  constructor() {
    super(
      RealNameNeeded.code,
      RealNameNeeded.kind,
      'The customer is not registered with a real name; points are neither earned nor spent until then',
    );
  }
}

export class AccountClosed extends Refusal {
  static readonly code = 'points.account-closed';
  static readonly kind = 'rejected';
  constructor() {
    super(AccountClosed.code, AccountClosed.kind, 'The points account was closed when the customer left');
  }
}

export class KeyReused extends Refusal {
  static readonly code = 'points.key-reused';
  static readonly kind = 'conflict';
  constructor() {
    super(KeyReused.code, KeyReused.kind, 'This Idempotency-Key was used for another request', {
      field: 'Idempotency-Key',
    });
  }
}

export class HoldNotFound extends Refusal {
  static readonly code = 'points.hold-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(HoldNotFound.code, HoldNotFound.kind, 'There is no such hold of points');
  }
}

/** A hold is captured, voided or expires: once. */
export class HoldEnded extends Refusal {
  static readonly code = 'points.hold-ended';
  static readonly kind = 'conflict';
  constructor(facts: { readonly state: string }) {
    super(HoldEnded.code, HoldEnded.kind, 'The hold of points has ended already', facts);
  }
}

export class MoreThanHeld extends Refusal {
  static readonly code = 'points.more-than-held';
  static readonly kind = 'rejected';
  constructor(facts: { readonly held: number; readonly requested: number }) {
    super(MoreThanHeld.code, MoreThanHeld.kind, 'More points are asked for than were authorised', facts);
  }
}

export class RedemptionNotFound extends Refusal {
  static readonly code = 'points.redemption-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(RedemptionNotFound.code, RedemptionNotFound.kind, 'There is no such redemption');
  }
}

/** Cancelling (撤销) is for the same business day; later it is a return, with rules of its own. */
export class ReversalTooLate extends Refusal {
  static readonly code = 'points.reversal-too-late';
  static readonly kind = 'rejected';
  constructor(facts: { readonly redeemedOn: string; readonly today: string }) {
    super(ReversalTooLate.code, ReversalTooLate.kind, 'A redemption can be reversed on its own day only', facts);
  }
}
