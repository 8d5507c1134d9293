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

/** Lateness is judged by the time of arrival unless history is loaded. */
export class AsOfNeedsBackfill extends Refusal {
  static readonly code = 'intake.as-of-without-backfill';
  static readonly kind = 'rejected';
  constructor() {
    super(AsOfNeedsBackfill.code, AsOfNeedsBackfill.kind, 'asOf is taken with lane=backfill only', {
      field: 'asOf',
      expected: 'left out, or lane=backfill',
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

/** What follows from bills is not decided before they have come. */
export class MonthNotLoaded extends Refusal {
  static readonly code = 'usage.month-not-loaded';
  static readonly kind = 'conflict';
  constructor(month: string) {
    super(MonthNotLoaded.code, MonthNotLoaded.kind, 'The bills of the month have not come yet', { month });
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

/** A file of the day is being loaded at this moment. */
export class DayBusy extends Refusal {
  static readonly code = 'usage.day-busy';
  static readonly kind = 'conflict';
  constructor() {
    super(DayBusy.code, DayBusy.kind, 'Records are coming in at this moment; try again shortly', {
      retryAfterSeconds: 5,
    });
  }
}

/** Nobody sums up a day that is not over. */
export class DayNotOver extends Refusal {
  static readonly code = 'usage.day-not-over';
  static readonly kind = 'rejected';
  constructor(today: string) {
    super(DayNotOver.code, DayNotOver.kind, 'The business day is not over', {
      field: 'businessDate',
      expected: `before ${today}`,
    });
  }
}

/** It can be signed off only when each difference has an owner who says what it is. */
export class DifferencesUnexplained extends Refusal {
  static readonly code = 'usage.differences-unexplained';
  static readonly kind = 'rejected';
  constructor(actual: number) {
    super(
      DifferencesUnexplained.code,
      DifferencesUnexplained.kind,
      'Some differences have no owner or no resolution yet',
      {
        actual,
      },
    );
  }
}

/** Whoever explained a difference does not sign it off. */
export class OwnDifferences extends Refusal {
  static readonly code = 'usage.own-differences';
  static readonly kind = 'forbidden';
  constructor() {
    super(OwnDifferences.code, OwnDifferences.kind, 'Somebody else signs off what you own or explained');
  }
}

/** What was put before the signer is not what is there now. */
export class DayChanged extends Refusal {
  static readonly code = 'usage.day-changed';
  static readonly kind = 'conflict';
  constructor() {
    super(DayChanged.code, DayChanged.kind, 'The figures of the day have changed since it was put forward');
  }
}

export class DayAlreadyClosed extends Refusal {
  static readonly code = 'usage.day-already-closed';
  static readonly kind = 'conflict';
  constructor(state: string) {
    super(DayAlreadyClosed.code, DayAlreadyClosed.kind, 'The business day is closed already', { actual: state });
  }
}

/** Files of the day wait for an earlier one that has not come. */
export class FilesMissing extends Refusal {
  static readonly code = 'usage.files-missing';
  static readonly kind = 'conflict';
  constructor(actual: number) {
    super(FilesMissing.code, FilesMissing.kind, 'Files of the day wait for an earlier one that is missing', { actual });
  }
}

/** What comes to a closed month is a difference to it; nothing reopens it. */
export class MonthClosed extends Refusal {
  static readonly code = 'usage.month-closed';
  static readonly kind = 'conflict';
  constructor(month: string) {
    super(MonthClosed.code, MonthClosed.kind, 'The month is closed', { month });
  }
}

export class MonthNotReady extends Refusal {
  static readonly code = 'usage.month-not-ready';
  static readonly kind = 'conflict';
  constructor(facts: { readonly month: string; readonly openDays: number; readonly oldest: string | undefined }) {
    super(MonthNotReady.code, MonthNotReady.kind, 'Days of the month are open', facts);
  }
}

export class StatementRefused extends Refusal {
  static readonly code = 'intake.statement';
  static readonly kind = 'malformed';
  constructor(expected: string) {
    super(StatementRefused.code, StatementRefused.kind, 'The list of records is not whole', { expected });
  }
}

export class MonthNotOver extends Refusal {
  static readonly code = 'usage.month-not-over';
  static readonly kind = 'rejected';
  constructor() {
    super(MonthNotOver.code, MonthNotOver.kind, 'The month is not over', { field: 'month' });
  }
}

/** What waits for a customer, a record or its time comes in by itself. */
export class NotLate extends Refusal {
  static readonly code = 'intake.not-late';
  static readonly kind = 'conflict';
  constructor(actual: string) {
    super(NotLate.code, NotLate.kind, 'Only what came too late is let in by a decision', { actual });
  }
}
