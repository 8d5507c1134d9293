import { Refusal } from '../../../platform/errors/index.js';

export class UnknownFileName extends Refusal {
  static readonly code = 'intake.file-name';
  static readonly kind = 'malformed';
  constructor() {
    super(UnknownFileName.code, UnknownFileName.kind, 'The name does not follow the contract', {
      field: 'name',
      expected:
        'KIND_SOURCE_PROV_yyyyMMdd_sequence6_version2.csv or .csv.gz, e.g. USG_BOSS_440000_20250201_000001_01.csv.gz',
    });
  }
}

/** The sender should wait and send again; nothing was read. */
export class TooManyFiles extends Refusal {
  static readonly code = 'intake.busy';
  static readonly kind = 'too-many';
  constructor() {
    super(TooManyFiles.code, TooManyFiles.kind, 'Too many files are being loaded at the moment', {
      retryAfterSeconds: 5,
    });
  }
}

/** A key of one source sends for that source only, the kinds and provinces it was made for. */
export class NotYourRecords extends Refusal {
  static readonly code = 'intake.not-your-records';
  static readonly kind = 'forbidden';
  constructor(field: 'source' | 'kind' | 'province' | 'customer') {
    super(NotYourRecords.code, NotYourRecords.kind, `This key may not send records of that ${field}`, { field });
  }
}

export class SourceTaken extends Refusal {
  static readonly code = 'intake.source-taken';
  static readonly kind = 'conflict';
  constructor() {
    super(SourceTaken.code, SourceTaken.kind, 'This source is registered already');
  }
}

/** Files that are expected every day are expected at a time. */
export class DeadlineMissing extends Refusal {
  static readonly code = 'intake.deadline-missing';
  static readonly kind = 'rejected';
  constructor() {
    super(DeadlineMissing.code, DeadlineMissing.kind, 'A feed that is expected daily needs a deadline', {
      field: 'feed.deadline',
    });
  }
}

/** What is closed stays closed. */
export class SequenceGoesBack extends Refusal {
  static readonly code = 'intake.sequence-goes-back';
  static readonly kind = 'conflict';
  constructor(closedSequence: number) {
    super(SequenceGoesBack.code, SequenceGoesBack.kind, `The feed is closed up to ${closedSequence} already`, {
      field: 'feed.closedSequence',
      closedSequence,
    });
  }
}

/** More waits to be stored than can be kept in mind; nothing of this request was taken. */
export class TooManyRecords extends Refusal {
  static readonly code = 'intake.too-many-records';
  static readonly kind = 'too-many';
  constructor(retryAfterSeconds: number) {
    super(TooManyRecords.code, TooManyRecords.kind, 'Too many records wait to be stored; send them again later', {
      retryAfterSeconds,
    });
  }
}

/** Both sides have agreed on the day: it takes no more records until it is opened again. */
export class DayClosed extends Refusal {
  static readonly code = 'usage.day-closed';
  static readonly kind = 'conflict';
  constructor() {
    super(DayClosed.code, DayClosed.kind, 'The business day is signed off');
  }
}

export class BillNotFound extends Refusal {
  static readonly code = 'billing.no-such-bill';
  static readonly kind = 'not-found';
  constructor() {
    super(BillNotFound.code, BillNotFound.kind, 'There is no such bill');
  }
}

/** What follows from bills is not decided before they have come. */
export class MonthNotLoaded extends Refusal {
  constructor(month: string) {
    super('usage.month-not-loaded', 'conflict', 'The bills of the month have not come yet', { month });
  }
}

/** A fix of refused records that cannot be one. */
export class InvalidFix extends Refusal {
  static readonly code = 'intake.fix';
  static readonly kind = 'malformed';
  constructor(field: string, expected: string) {
    super(InvalidFix.code, InvalidFix.kind, 'This cannot mend a refused record', { field, expected });
  }
}

export class RejectNotOpen extends Refusal {
  static readonly code = 'intake.reject-decided';
  static readonly kind = 'conflict';
  constructor(actual: string) {
    super(RejectNotOpen.code, RejectNotOpen.kind, 'Something else was decided about this reject', { actual });
  }
}

/** Raw lines are kept as long as the retention of refused lines says. */
export class LineForgotten extends Refusal {
  static readonly code = 'intake.line-forgotten';
  static readonly kind = 'gone';
  constructor() {
    super(LineForgotten.code, LineForgotten.kind, 'The line is no longer kept');
  }
}
