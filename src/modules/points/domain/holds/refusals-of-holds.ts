import { Refusal } from '../../../../platform/errors/index.js';

/** Returns never exceed what was captured, however many there are (I6). */
export class MoreThanCaptured extends Refusal {
  static readonly code = 'points.more-than-captured';
  static readonly kind = 'rejected';
  constructor(facts: { readonly captured: number; readonly returned: number; readonly requested: number }) {
    super(
      MoreThanCaptured.code,
      MoreThanCaptured.kind,
      'More is to be given back than is left of what was taken',
      facts,
    );
  }
}

/** Until it is captured there is nothing to give back: it is voided instead. */
export class NothingCaptured extends Refusal {
  static readonly code = 'points.nothing-captured';
  static readonly kind = 'conflict';
  constructor(facts: { readonly state: string }) {
    super(NothingCaptured.code, NothingCaptured.kind, 'Nothing of this hold of points was captured', facts);
  }
}

export class DailyPaymentsUsedUp extends Refusal {
  static readonly code = 'points.daily-payments-used-up';
  static readonly kind = 'rejected';
  constructor(facts: { readonly fenADay: number; readonly paidFen: number; readonly requestedFen: number }) {
    super(
      DailyPaymentsUsedUp.code,
      DailyPaymentsUsedUp.kind,
      'So much cannot be paid with points on one day any more',
      facts,
    );
  }
}

export class PaymentNotFound extends Refusal {
  static readonly code = 'points.payment-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(PaymentNotFound.code, PaymentNotFound.kind, 'There is no such payment with points');
  }
}

export class PaymentReversalTooLate extends Refusal {
  static readonly code = 'points.payment-reversal-too-late';
  static readonly kind = 'rejected';
  constructor(facts: { readonly paidAt: string; readonly until: string }) {
    super(PaymentReversalTooLate.code, PaymentReversalTooLate.kind, 'The payment can be reversed no more', facts);
  }
}
