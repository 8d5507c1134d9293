import { Refusal } from '../../../../platform/errors/index.js';

export class UnknownReason extends Refusal {
  static readonly code = 'points.unknown-reason';
  static readonly kind = 'rejected';
  constructor(actual: string, expected: readonly string[]) {
    super(UnknownReason.code, UnknownReason.kind, 'That is no reason for this', {
      field: 'reasonCode',
      actual,
      expected,
    });
  }
}

export class ManualEntryNotFound extends Refusal {
  static readonly code = 'points.manual-entry-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(ManualEntryNotFound.code, ManualEntryNotFound.kind, 'There is no such gift or adjustment');
  }
}
