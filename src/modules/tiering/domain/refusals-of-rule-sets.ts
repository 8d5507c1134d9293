import { Refusal } from '../../../platform/errors/index.js';
import type { RuleSetKind, RuleSetStatus } from './rule-set.js';

/** The days `from <= day < until`. */
export interface Days {
  readonly from: string;
  readonly until: string;
}

export class ProgramNotFound extends Refusal {
  static readonly code = 'tiering.program-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(ProgramNotFound.code, ProgramNotFound.kind, 'There is no such programme of levels');
  }
}

export class UnknownProgram extends Refusal {
  static readonly code = 'tiering.unknown-program';
  static readonly kind = 'rejected';
  constructor(program: string) {
    super(UnknownProgram.code, UnknownProgram.kind, 'A rule set belongs to a programme that is there', {
      field: 'program',
      actual: program,
    });
  }
}

export class ProgramTaken extends Refusal {
  static readonly code = 'tiering.program-taken';
  static readonly kind = 'conflict';
  constructor(program: string) {
    super(
      ProgramTaken.code,
      ProgramTaken.kind,
      'There is a programme of this name, with another kind, label or scale',
      {
        field: 'program',
        actual: program,
      },
    );
  }
}

/** A code of a level or of a province that cannot be one. */
export class InvalidCode extends Refusal {
  static readonly code = 'tiering.invalid-code';
  static readonly kind = 'malformed';
  constructor(field: 'scale' | 'regions', expected: string) {
    super(InvalidCode.code, InvalidCode.kind, `Every one of ${field} must be ${expected}`, { field, expected });
  }
}

/** Somebody has changed it since it was read. */
export class RuleSetChanged extends Refusal {
  static readonly code = 'tiering.rule-set-changed';
  static readonly kind = 'conflict';
  constructor(checksum: string) {
    super(RuleSetChanged.code, RuleSetChanged.kind, 'The rule set is no longer what you have read; read it again', {
      field: 'checksum',
      expected: checksum,
    });
  }
}

export class RuleSetNotInStatus extends Refusal {
  static readonly code = 'tiering.rule-set-status';
  static readonly kind = 'conflict';
  constructor(status: RuleSetStatus, expected: readonly RuleSetStatus[]) {
    super(RuleSetNotInStatus.code, RuleSetNotInStatus.kind, `The rule set is ${status}`, { status, expected });
  }
}

/** The approver has to have seen what the rules would do, and to whom. */
export class PreviewRefused extends Refusal {
  static readonly code = 'tiering.preview-refused';
  static readonly kind = 'rejected';
  constructor(expected: string) {
    super(PreviewRefused.code, PreviewRefused.kind, `A rule set is approved upon ${expected}`, {
      field: 'previewRunId',
      expected,
    });
  }
}

export class RuleSetOutsideItsDays extends Refusal {
  static readonly code = 'tiering.rule-set-outside-its-days';
  static readonly kind = 'rejected';
  constructor(version: string, day: string, { from, until }: Days) {
    super(RuleSetOutsideItsDays.code, RuleSetOutsideItsDays.kind, 'The rule set is not meant for that day', {
      field: 'effectiveFrom',
      version,
      actual: day,
      expected: `from ${from} until before ${until}`,
    });
  }
}

export class RuleSetFromThePast extends Refusal {
  static readonly code = 'tiering.rule-set-from-the-past';
  static readonly kind = 'rejected';
  constructor(today: string) {
    super(RuleSetFromThePast.code, RuleSetFromThePast.kind, 'What was decided on past days stays decided', {
      field: 'effectiveFrom',
      expected: `a day from ${today}`,
    });
  }
}

/** Another version is to decide on some of these days. */
export class RuleSetsOverlap extends Refusal {
  static readonly code = 'tiering.rule-sets-overlap';
  static readonly kind = 'conflict';
  constructor(version: string, { from, until }: Days) {
    super(RuleSetsOverlap.code, RuleSetsOverlap.kind, 'Another rule set decides on these days', {
      version,
      from,
      until,
    });
  }
}

export class DaysWithoutRuleSet extends Refusal {
  static readonly code = 'tiering.days-without-rule-set';
  static readonly kind = 'rejected';
  constructor({ from, until }: Days) {
    super(DaysWithoutRuleSet.code, DaysWithoutRuleSet.kind, 'No rule set would decide on these days', { from, until });
  }
}

export class RuleSetDecidesNothing extends Refusal {
  static readonly code = 'tiering.rule-set-decides-nothing';
  static readonly kind = 'conflict';
  constructor(version: string) {
    super(RuleSetDecidesNothing.code, RuleSetDecidesNothing.kind, 'The rule set decides nowhere, today and later', {
      version,
    });
  }
}

export class NoRuleSetBefore extends Refusal {
  static readonly code = 'tiering.no-rule-set-before';
  static readonly kind = 'rejected';
  constructor(version: string) {
    super(NoRuleSetBefore.code, NoRuleSetBefore.kind, 'No version before it could decide again; activate another one', {
      version,
    });
  }
}

/** The document is not what was exported, or not for this programme. */
export class RuleSetDocumentRefused extends Refusal {
  static readonly code = 'tiering.rule-set-document-refused';
  static readonly kind = 'rejected';
  constructor(field: string, expected: string) {
    super(RuleSetDocumentRefused.code, RuleSetDocumentRefused.kind, 'The document cannot be taken in', {
      field,
      expected,
    });
  }
}

/** Shown with {@link RuleSetDocumentRefused}. */
export const kindAndScale = (kind: RuleSetKind, scale: readonly string[]): string => `${kind} of ${scale.join(', ')}`;
