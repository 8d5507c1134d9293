import { Refusal } from '../../../platform/errors/index.js';

export class StandardActionNotFound extends Refusal {
  static readonly code = 'care.standard-action-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(StandardActionNotFound.code, StandardActionNotFound.kind, 'There is no such standard action');
  }
}

/** On some day of it there is one of this code for the level and kind already. */
export class StandardActionsOverlap extends Refusal {
  static readonly code = 'care.standard-actions-overlap';
  static readonly kind = 'conflict';
  constructor() {
    super(
      StandardActionsOverlap.code,
      StandardActionsOverlap.kind,
      'On some of these days the level and kind have a standard action of this code; end that one first',
      { field: 'effectiveFrom' },
    );
  }
}

/** What was asked of people is not rewritten. */
export class StandardActionInEffect extends Refusal {
  static readonly code = 'care.standard-action-in-effect';
  static readonly kind = 'conflict';
  constructor(effectiveFrom: string) {
    super(
      StandardActionInEffect.code,
      StandardActionInEffect.kind,
      'It has begun to hold: end it with effectiveUntil, and add another that follows',
      { effectiveFrom },
    );
  }
}

export class StandardActionDays extends Refusal {
  static readonly code = 'care.standard-action-days';
  static readonly kind = 'rejected';
  constructor(field: 'effectiveFrom' | 'effectiveUntil') {
    super(
      StandardActionDays.code,
      StandardActionDays.kind,
      'A standard action begins today at the earliest; its end is no day that has passed, and is only brought forward',
      { field },
    );
  }
}

export class StandardActionOccasion extends Refusal {
  static readonly code = 'care.standard-action-occasion';
  static readonly kind = 'rejected';
  constructor() {
    super(
      StandardActionOccasion.code,
      StandardActionOccasion.kind,
      'A standard action is done every 1, 2, 3, 4, 6 or 12 months, or when something happens to a card level: one of the two, and always',
      { field: 'everyMonths' },
    );
  }
}

/** Levels are those of the programme by which customers of the kind are rated. */
export class UnknownStandardActionLevel extends Refusal {
  static readonly code = 'care.unknown-level';
  static readonly kind = 'rejected';
  constructor(expected: readonly string[]) {
    super(
      UnknownStandardActionLevel.code,
      UnknownStandardActionLevel.kind,
      'Customers of this kind have no such level',
      { field: 'tier', expected },
    );
  }
}

export class CareTaskNotFound extends Refusal {
  static readonly code = 'care.task-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(CareTaskNotFound.code, CareTaskNotFound.kind, 'There is no such task');
  }
}

export class CareTaskEnded extends Refusal {
  static readonly code = 'care.task-ended';
  static readonly kind = 'conflict';
  constructor(state: string) {
    super(CareTaskEnded.code, CareTaskEnded.kind, `The task is ${state} already`, { state, expected: 'open' });
  }
}

export class CareNoticeNotFound extends Refusal {
  static readonly code = 'care.notice-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(CareNoticeNotFound.code, CareNoticeNotFound.kind, 'There is no such notice');
  }
}

/** Attempts are counted from 1, and there is none after the notice was sent or given up. */
export class NoticeAttemptOutOfTurn extends Refusal {
  static readonly code = 'care.notice-attempt-out-of-turn';
  static readonly kind = 'conflict';
  constructor({ state, attempts }: { readonly state: string; readonly attempts: number }) {
    super(
      NoticeAttemptOutOfTurn.code,
      NoticeAttemptOutOfTurn.kind,
      `The notice is ${state} after ${attempts} attempts: there was no such attempt`,
      { field: 'attempt', state, attempts },
    );
  }
}
