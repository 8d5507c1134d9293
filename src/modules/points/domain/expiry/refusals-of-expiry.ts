import { Refusal } from '../../../../platform/errors/index.js';

export class ExpiryBatchNotFound extends Refusal {
  static readonly code = 'points.expiry-batch-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(ExpiryBatchNotFound.code, ExpiryBatchNotFound.kind, 'There is no such batch of cleared points');
  }
}

/** Only what was posted to its end can be given back, and once. */
export class ExpiryBatchNotReversible extends Refusal {
  static readonly code = 'points.expiry-batch-not-reversible';
  static readonly kind = 'conflict';
  constructor(facts: { readonly state: string }) {
    super(ExpiryBatchNotReversible.code, ExpiryBatchNotReversible.kind, 'This batch cannot be given back', facts);
  }
}

export class InvalidUsableUntil extends Refusal {
  static readonly code = 'points.invalid-usable-until';
  static readonly kind = 'rejected';
  constructor({ from, to }: { readonly from: string; readonly to: string }) {
    super(InvalidUsableUntil.code, InvalidUsableUntil.kind, 'Points come back for some days, at most for a year', {
      field: 'usableUntil',
      expected: `a day from ${from} to ${to}`,
    });
  }
}

export class PointsYearNotBegun extends Refusal {
  static readonly code = 'points.points-year-not-begun';
  static readonly kind = 'not-found';
  constructor() {
    super(PointsYearNotBegun.code, PointsYearNotBegun.kind, 'There is no such points year, or it has not begun');
  }
}
