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
  constructor(month: string) {
    super('usage.month-not-loaded', 'conflict', 'The bills of the month have not come yet', { month });
  }
}
