import { Refusal } from '../../../platform/errors/index.js';

export class LevelExceptionNotFound extends Refusal {
  static readonly code = 'tiering.exception-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(LevelExceptionNotFound.code, LevelExceptionNotFound.kind, 'There is no such level exception');
  }
}

export class ExceptionOfUnknownProgram extends Refusal {
  static readonly code = 'tiering.exception-of-unknown-program';
  static readonly kind = 'rejected';
  constructor() {
    super(ExceptionOfUnknownProgram.code, ExceptionOfUnknownProgram.kind, 'There is no such programme of levels', {
      field: 'program',
    });
  }
}

export class TierNotOnScale extends Refusal {
  static readonly code = 'tiering.exception-not-on-scale';
  static readonly kind = 'rejected';
  constructor(scale: readonly string[]) {
    super(TierNotOnScale.code, TierNotOnScale.kind, 'The programme has no such level', {
      field: 'tier',
      expected: scale,
    });
  }
}

export class ExceptionInThePast extends Refusal {
  static readonly code = 'tiering.exception-in-the-past';
  static readonly kind = 'rejected';
  constructor(today: string) {
    super(ExceptionInThePast.code, ExceptionInThePast.kind, 'A level is given from today on, or from a later day', {
      field: 'validFrom',
      expected: `${today} or later`,
    });
  }
}

export class ExceptionNeverHolds extends Refusal {
  static readonly code = 'tiering.exception-never-holds';
  static readonly kind = 'rejected';
  constructor(from: string) {
    super(ExceptionNeverHolds.code, ExceptionNeverHolds.kind, 'It would not hold for a single day', {
      field: 'validUntil',
      expected: `a day after ${from}`,
    });
  }
}

/** Nobody holds a level by hand for good: somebody has to ask, and somebody else to approve, again. */
export class ExceptionTooLong extends Refusal {
  static readonly code = 'tiering.exception-too-long';
  static readonly kind = 'rejected';
  constructor(latest: string) {
    super(
      ExceptionTooLong.code,
      ExceptionTooLong.kind,
      'A level given by hand ends sooner; it can be asked for again',
      {
        field: 'validUntil',
        expected: `${latest} or earlier`,
      },
    );
  }
}

export class ExceptionOfDeparted extends Refusal {
  static readonly code = 'tiering.exception-of-departed';
  static readonly kind = 'rejected';
  constructor() {
    super(ExceptionOfDeparted.code, ExceptionOfDeparted.kind, 'The customer has left and holds no level');
  }
}

/** Two exceptions would say different things of the same day. */
export class ExceptionsOverlap extends Refusal {
  static readonly code = 'tiering.exceptions-overlap';
  static readonly kind = 'conflict';
  constructor(other: { readonly validFrom: string; readonly validUntil: string }) {
    super(ExceptionsOverlap.code, ExceptionsOverlap.kind, 'Another exception holds in this time: end it first', {
      validFrom: other.validFrom,
      validUntil: other.validUntil,
    });
  }
}

export class ExceptionOver extends Refusal {
  static readonly code = 'tiering.exception-over';
  static readonly kind = 'conflict';
  constructor(validUntil: string) {
    super(ExceptionOver.code, ExceptionOver.kind, 'The exception is over already', { validUntil });
  }
}
