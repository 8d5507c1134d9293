import { Refusal } from '../../../platform/errors/index.js';

export class BenefitNotFound extends Refusal {
  static readonly code = 'benefits.not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(BenefitNotFound.code, BenefitNotFound.kind, 'There is no such benefit');
  }
}

/** What a request names in its body is not in the catalogue. */
export class UnknownBenefit extends Refusal {
  static readonly code = 'benefits.unknown-benefit';
  static readonly kind = 'rejected';
  constructor(actual: string) {
    super(UnknownBenefit.code, UnknownBenefit.kind, 'There is no benefit of this code', { field: 'benefit', actual });
  }
}

export class BenefitTaken extends Refusal {
  static readonly code = 'benefits.code-taken';
  static readonly kind = 'conflict';
  constructor(actual: string) {
    super(BenefitTaken.code, BenefitTaken.kind, 'There is a benefit of this code', { field: 'code', actual });
  }
}

export class UnknownLevel extends Refusal {
  static readonly code = 'benefits.unknown-level';
  static readonly kind = 'rejected';
  constructor(expected: readonly string[]) {
    super(UnknownLevel.code, UnknownLevel.kind, 'The programme of the benefit has no such level', {
      field: 'level',
      expected,
    });
  }
}

/** Months that are gone have been granted, and used, by what was in effect. */
export class DayIsGone extends Refusal {
  static readonly code = 'benefits.day-is-gone';
  static readonly kind = 'rejected';
  constructor(field: 'effectiveFrom' | 'effectiveUntil', today: string) {
    super(DayIsGone.code, DayIsGone.kind, 'The catalogue changes from today on', {
      field,
      expected: `${today} or later`,
    });
  }
}

export class EndsBeforeItBegins extends Refusal {
  static readonly code = 'benefits.ends-before-it-begins';
  static readonly kind = 'rejected';
  constructor(effectiveFrom: string) {
    super(EndsBeforeItBegins.code, EndsBeforeItBegins.kind, 'A benefit ends after it begins', {
      field: 'effectiveUntil',
      expected: `${effectiveFrom} or later`,
    });
  }
}

/** Nothing, or too little, is left of the level year (权益已用完). */
export class QuotaUsedUp extends Refusal {
  static readonly code = 'benefits.quota-used-up';
  static readonly kind = 'rejected';
  constructor(facts: { readonly granted: number; readonly used: number; readonly requested: number }) {
    super(QuotaUsedUp.code, QuotaUsedUp.kind, 'The customer may not use so much of this benefit any more', facts);
  }
}

export class CustomerUsesNothingMore extends Refusal {
  static readonly code = 'benefits.customer-has-left';
  static readonly kind = 'rejected';
  constructor() {
    super(CustomerUsesNothingMore.code, CustomerUsesNothingMore.kind, 'Who has left the network has no benefits');
  }
}

export class UseKeyReused extends Refusal {
  static readonly code = 'benefits.key-reused';
  static readonly kind = 'conflict';
  constructor() {
    super(UseKeyReused.code, UseKeyReused.kind, 'This Idempotency-Key was used for another use', {
      field: 'Idempotency-Key',
    });
  }
}

export class UseNotFound extends Refusal {
  static readonly code = 'benefits.use-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(UseNotFound.code, UseNotFound.kind, 'There is no such use of a benefit');
  }
}

/** What an item of the points catalogue entitles to is in the catalogue, but not on this day. */
export class BenefitNotInEffect extends Refusal {
  static readonly code = 'benefits.not-in-effect';
  static readonly kind = 'rejected';
  constructor(facts: { readonly actual: string; readonly effectiveFrom: string; readonly effectiveUntil: string }) {
    super(BenefitNotInEffect.code, BenefitNotInEffect.kind, 'The benefit is not in effect today', {
      field: 'benefit',
      ...facts,
    });
  }
}
