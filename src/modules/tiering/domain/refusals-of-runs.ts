import { Refusal } from '../../../platform/errors/index.js';

export class ReviewNotFound extends Refusal {
  static readonly code = 'tiering.review-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(ReviewNotFound.code, ReviewNotFound.kind, 'There is no such review');
  }
}

/** Its run was not stopped by its guard, or a later review has decided everybody anew since. */
export class NothingToRelease extends Refusal {
  static readonly code = 'tiering.nothing-to-release';
  static readonly kind = 'conflict';
  constructor(facts: { readonly status: string; readonly pendingDowngrades: number }) {
    super(NothingToRelease.code, NothingToRelease.kind, 'No downgrades of this review wait for a release', facts);
  }
}

export class FraudCaseKnown extends Refusal {
  static readonly code = 'tiering.fraud-case-known';
  static readonly kind = 'conflict';
  constructor(runId: string) {
    super(FraudCaseKnown.code, FraudCaseKnown.kind, 'The levels of this case have been looked at already', {
      field: 'caseNumber',
      runId,
    });
  }
}
