import { Refusal } from '../../../platform/errors/index.js';

export class NoRuleSetInEffect extends Refusal {
  static readonly code = 'tiering.no-rule-set';
  static readonly kind = 'rejected';
  constructor(asOf: string) {
    super(NoRuleSetInEffect.code, NoRuleSetInEffect.kind, 'No rule set is in effect on that day', { asOf });
  }
}

export class RuleSetNotFound extends Refusal {
  static readonly code = 'tiering.rule-set-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(RuleSetNotFound.code, RuleSetNotFound.kind, 'There is no such rule set');
  }
}

/** A version is written once: what was decided by it must stay what it was. */
export class RuleSetVersionTaken extends Refusal {
  static readonly code = 'tiering.rule-set-version-taken';
  static readonly kind = 'conflict';
  constructor(version: string) {
    super(RuleSetVersionTaken.code, RuleSetVersionTaken.kind, 'There is a rule set of this version', {
      field: 'version',
      actual: version,
    });
  }
}

export class RuleSetNeverInEffect extends Refusal {
  static readonly code = 'tiering.rule-set-never-in-effect';
  static readonly kind = 'rejected';
  constructor() {
    super(RuleSetNeverInEffect.code, RuleSetNeverInEffect.kind, 'A rule set must be in effect for a day at least', {
      field: 'effectiveUntil',
      expected: 'a day after effectiveFrom',
    });
  }
}

/** Levels that already hold from a later day would be decided by older facts. */
export class ReviewBeforeTheLast extends Refusal {
  constructor(asOf: string) {
    super('tiering.review-before-the-last', 'conflict', 'A later review has already been held', { asOf });
  }
}
