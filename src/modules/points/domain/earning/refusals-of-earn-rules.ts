import { Refusal } from '../../../../platform/errors/index.js';

export class EarnRulesRefused extends Refusal {
  static readonly code = 'points.invalid-earn-rules';
  static readonly kind = 'malformed';
  constructor(facts: { readonly field: string; readonly expected: string; readonly actual?: string | undefined }) {
    super(EarnRulesRefused.code, EarnRulesRefused.kind, `The earn rules have no valid ${facts.field}`, facts);
  }
}

/** Bills are judged by the rules of their month, and what was judged stays judged. */
export class EarnRulesBeginWrongly extends Refusal {
  static readonly code = 'points.earn-rules-begin';
  static readonly kind = 'rejected';
  constructor(actual: string, today: string) {
    super(
      EarnRulesBeginWrongly.code,
      EarnRulesBeginWrongly.kind,
      'Earn rules begin with a month that is still to come',
      {
        field: 'effectiveFrom',
        actual,
        expected: `the first day of a month after ${today}`,
      },
    );
  }
}

export class EarnRuleDraftNotFound extends Refusal {
  static readonly code = 'points.earn-rule-draft-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(EarnRuleDraftNotFound.code, EarnRuleDraftNotFound.kind, 'There is no such draft of earn rules');
  }
}

/** Who has written it changes it and asks for its approval, so that whoever approves is somebody else. */
export class NotYourDraft extends Refusal {
  static readonly code = 'points.not-your-draft';
  static readonly kind = 'forbidden';
  constructor() {
    super(NotYourDraft.code, NotYourDraft.kind, 'A draft is changed and proposed by whoever has written it');
  }
}

/** What is approved is never changed. */
export class DraftIsApproved extends Refusal {
  static readonly code = 'points.draft-is-approved';
  static readonly kind = 'conflict';
  constructor() {
    super(DraftIsApproved.code, DraftIsApproved.kind, 'It was approved, and stays as it is; write another draft');
  }
}

/** Somebody has changed it since its approval was asked for. */
export class DraftChanged extends Refusal {
  static readonly code = 'points.draft-changed';
  static readonly kind = 'conflict';
  constructor(facts: { readonly expected: string; readonly actual: string }) {
    super(DraftChanged.code, DraftChanged.kind, 'The draft is no longer what was proposed', {
      field: 'checksum',
      ...facts,
    });
  }
}

export class EarnRulesBeginTaken extends Refusal {
  static readonly code = 'points.earn-rules-begin-taken';
  static readonly kind = 'conflict';
  constructor(effectiveFrom: string, version: number) {
    super(EarnRulesBeginTaken.code, EarnRulesBeginTaken.kind, 'Another version of the earn rules begins on that day', {
      field: 'effectiveFrom',
      actual: effectiveFrom,
      version,
    });
  }
}
