import { Refusal } from '../../../platform/errors/index.js';

export class UsageRefused extends Refusal {
  static readonly code = 'usage.refused';
  static readonly kind = 'rejected';

  /** The refusal of the intake, or the reason why the record would only wait. */
  static because(
    result:
      | { readonly outcome: 'REJECTED'; readonly code: string; readonly field: string | undefined; readonly message: string }
      | { readonly outcome: 'HELD'; readonly reason: string }
      | undefined,
  ): UsageRefused {
    if (result?.outcome === 'REJECTED') {
      return new UsageRefused(this.code, this.kind, result.message, { field: result.field, reason: result.code });
    }
    return new UsageRefused(this.code, this.kind, 'The record would have to wait', { reason: result?.reason });
  }
} // prettier-ignore

/** The number or account of the record is not that of the customer it is said to be of. */
export class UsageOfAnother extends Refusal {
  static readonly code = 'usage.of-another';
  static readonly kind = 'rejected';
  constructor() {
    super(UsageOfAnother.code, UsageOfAnother.kind, 'The record names another customer than relatedParty does', {
      field: 'relatedParty',
    });
  }
}

/** A later version counts already, or the record was taken back. */
export class UsageSuperseded extends Refusal {
  static readonly code = 'usage.superseded';
  static readonly kind = 'conflict';
  constructor(status: string) {
    super(UsageSuperseded.code, UsageSuperseded.kind, 'Only the version that counts can be corrected', {
      field: 'status',
      actual: status,
    });
  }
}

/** Somebody else corrected it at the same time. */
export class UsageChanged extends Refusal {
  static readonly code = 'usage.changed';
  static readonly kind = 'conflict';
  constructor() {
    super(UsageChanged.code, UsageChanged.kind, 'The record was corrected meanwhile; read it again');
  }
}

/** It waits or was refused: there is nothing yet that could be corrected. */
export class UsageNotStored extends Refusal {
  static readonly code = 'usage.not-stored';
  static readonly kind = 'conflict';
  constructor() {
    super(UsageNotStored.code, UsageNotStored.kind, 'The record waits or was refused; send it anew, or its correction');
  }
}

/** No number is left of the customer, so no record can be written for it. */
export class UsageOwnerGone extends Refusal {
  static readonly code = 'usage.owner-gone';
  static readonly kind = 'gone';
  constructor() {
    super(UsageOwnerGone.code, UsageOwnerGone.kind, 'Nothing but figures is left of this customer');
  }
}

/** What waits and what was refused is nobody's, and for those who look after the intake. */
export class OnlyForIntake extends Refusal {
  static readonly code = 'usage.only-for-intake';
  static readonly kind = 'forbidden';
  constructor() {
    super(
      OnlyForIntake.code,
      OnlyForIntake.kind,
      'Records of nobody are for usage.intake; name a customer with relatedParty.id',
      { field: 'status' },
    );
  }
}

/** No index carries what is asked, and everybody's records are too many to look through. */
export class UsageListTooWide extends Refusal {
  static readonly code = 'usage.list-too-wide';
  static readonly kind = 'malformed';
  constructor() {
    super(UsageListTooWide.code, UsageListTooWide.kind, 'This would look through the records of everybody', {
      expected: ['relatedParty.id', 'usageCharacteristic.recordId', 'a shorter range of usageDate'],
    });
  }
}
