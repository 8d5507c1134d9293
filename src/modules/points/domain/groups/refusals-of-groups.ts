import { Refusal } from '../../../../platform/errors/index.js';

export class NotAGroupAccount extends Refusal {
  static readonly code = 'points.not-a-group';
  static readonly kind = 'rejected';
  constructor() {
    super(NotAGroupAccount.code, NotAGroupAccount.kind, 'This customer is no group');
  }
}

/** A group does not spend its points itself. */
export class KeyPersonNeeded extends Refusal {
  static readonly code = 'points.key-person-needed';
  static readonly kind = 'rejected';
  constructor() {
    super(
      KeyPersonNeeded.code,
      KeyPersonNeeded.kind,
      'Points of a group are redeemed by one of its authorised key persons, and by no other way',
    );
  }
}

export class NotAuthorisedForGroup extends Refusal {
  static readonly code = 'points.not-authorised-for-group';
  static readonly kind = 'forbidden';
  constructor() {
    super(
      NotAuthorisedForGroup.code,
      NotAuthorisedForGroup.kind,
      'This person may not redeem the points of the group today',
    );
  }
}

export class KeyPersonLimitReached extends Refusal {
  static readonly code = 'points.key-person-limit';
  static readonly kind = 'rejected';
  constructor(facts: { readonly limit: number; readonly redeemed: number; readonly requested: number }) {
    super(
      KeyPersonLimitReached.code,
      KeyPersonLimitReached.kind,
      'This person may redeem no more points of the group this month',
      facts,
    );
  }
}

export class PersonNotPossible extends Refusal {
  static readonly code = 'points.person-not-possible';
  static readonly kind = 'rejected';
  constructor() {
    super(
      PersonNotPossible.code,
      PersonNotPossible.kind,
      'A key person of a group is an individual customer in the network',
    );
  }
}

export class KeyPersonDaysInvalid extends Refusal {
  static readonly code = 'points.key-person-days';
  static readonly kind = 'malformed';
  constructor() {
    super(KeyPersonDaysInvalid.code, KeyPersonDaysInvalid.kind, 'The last day is not before the first', {
      field: 'activeUntil',
      expected: 'a day on or after activeFrom',
    });
  }
}
