import { Refusal } from '../../../../platform/errors/index.js';

/** Says not why: what stands in the way of another customer is not the payer's business. */
export class PayeeNotPossible extends Refusal {
  static readonly code = 'points.payee-not-possible';
  static readonly kind = 'rejected';
  constructor() {
    super(
      PayeeNotPossible.code,
      PayeeNotPossible.kind,
      'A payee is another customer of the same province, of the same identity or family',
    );
  }
}

/** Who belongs to the family is shown by documents (户口本), to a member of the staff. */
export class FamilyNeedsDocument extends Refusal {
  static readonly code = 'points.family-needs-document';
  static readonly kind = 'forbidden';
  constructor() {
    super(
      FamilyNeedsDocument.code,
      FamilyNeedsDocument.kind,
      'Family is registered by the staff, who look at the documents',
    );
  }
}

export class TooManyPayees extends Refusal {
  static readonly code = 'points.too-many-payees';
  static readonly kind = 'rejected';
  constructor(facts: { readonly limit: number }) {
    super(TooManyPayees.code, TooManyPayees.kind, 'No more payees can be registered', facts);
  }
}

export class PayeeNotRegistered extends Refusal {
  static readonly code = 'points.payee-not-registered';
  static readonly kind = 'rejected';
  constructor() {
    super(PayeeNotRegistered.code, PayeeNotRegistered.kind, 'Points are given to registered payees only');
  }
}

export class PayeeNotActive extends Refusal {
  static readonly code = 'points.payee-not-active';
  static readonly kind = 'rejected';
  constructor(facts: { readonly activeFrom: string }) {
    super(PayeeNotActive.code, PayeeNotActive.kind, 'The payee was registered or changed too short a time ago', facts);
  }
}

/** Says not why, as {@link PayeeNotPossible}. */
export class PayeeCannotReceive extends Refusal {
  static readonly code = 'points.payee-cannot-receive';
  static readonly kind = 'rejected';
  constructor() {
    super(PayeeCannotReceive.code, PayeeCannotReceive.kind, 'The payee cannot receive these points now');
  }
}

export class TransferLimitReached extends Refusal {
  static readonly code = 'points.transfer-limit';
  static readonly kind = 'rejected';
  constructor(facts: { readonly limit: number; readonly given: number; readonly requested: number }) {
    super(TransferLimitReached.code, TransferLimitReached.kind, 'No more points can be given away this month', facts);
  }
}

export class TransferNotFound extends Refusal {
  static readonly code = 'points.transfer-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(TransferNotFound.code, TransferNotFound.kind, 'There is no such transfer of points');
  }
}

export class TransferEnded extends Refusal {
  static readonly code = 'points.transfer-ended';
  static readonly kind = 'conflict';
  constructor(facts: { readonly status: string }) {
    super(TransferEnded.code, TransferEnded.kind, 'The transfer of points has ended already', facts);
  }
}
