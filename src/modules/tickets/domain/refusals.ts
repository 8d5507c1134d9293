import { Refusal } from '../../../platform/errors/index.js';

export class TicketNotFound extends Refusal {
  static readonly code = 'tickets.not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(TicketNotFound.code, TicketNotFound.kind, 'There is no such trouble ticket');
  }
}

/** Tickets belong to customers: without one there is neither a level nor a due time. */
export class CustomerMissing extends Refusal {
  static readonly code = 'tickets.customer-missing';
  static readonly kind = 'rejected';
  constructor() {
    super(
      CustomerMissing.code,
      CustomerMissing.kind,
      'Name one customer: relatedParty [{"role": "customer", "id": …}]',
      {
        field: 'relatedParty',
        expected: 'exactly one related party with the role customer',
      },
    );
  }
}

export class IllegalStatusChange extends Refusal {
  static readonly code = 'tickets.illegal-status-change';
  static readonly kind = 'conflict';
  constructor(from: string, to: string, allowed: readonly string[]) {
    super(IllegalStatusChange.code, IllegalStatusChange.kind, `A ticket that is ${from} cannot become ${to}`, {
      field: 'status',
      actual: from,
      requested: to,
      expected: allowed,
    });
  }
}

export class TicketHasEnded extends Refusal {
  static readonly code = 'tickets.has-ended';
  static readonly kind = 'conflict';
  constructor(status: string) {
    super(TicketHasEnded.code, TicketHasEnded.kind, `The ticket is ${status} and changes no more; open a new one`, {
      field: 'status',
      actual: status,
    });
  }
}

/** The same external id again with other content. With the same content it is the same ticket. */
export class ExternalIdTaken extends Refusal {
  static readonly code = 'tickets.external-id-taken';
  static readonly kind = 'conflict';
  constructor() {
    super(ExternalIdTaken.code, ExternalIdTaken.kind, 'You have opened another ticket with this externalId', {
      field: 'externalId',
    });
  }
}

/** Somebody else changed the ticket since the version that `If-Match` names. */
export class TicketChanged extends Refusal {
  static readonly code = 'tickets.changed';
  static readonly kind = 'conflict';
  constructor(expected: number, actual: number) {
    super(TicketChanged.code, TicketChanged.kind, 'The ticket was changed meanwhile; read it again', {
      field: 'If-Match',
      expected,
      actual,
    });
  }
}

/** Service staff may not delete what a customer has told us. */
export class TicketIsKept extends Refusal {
  static readonly code = 'tickets.is-kept';
  static readonly kind = 'conflict';
  constructor() {
    super(TicketIsKept.code, TicketIsKept.kind, 'Tickets are not deleted; PATCH {"status": "cancelled"} ends one');
  }
}

export class CustomerIsFixed extends Refusal {
  static readonly code = 'tickets.customer-is-fixed';
  static readonly kind = 'conflict';
  constructor() {
    super(CustomerIsFixed.code, CustomerIsFixed.kind, 'A ticket stays with its customer; cancel it and open another', {
      field: 'relatedParty',
    });
  }
}

export class NoteIsKept extends Refusal {
  static readonly code = 'tickets.note-is-kept';
  static readonly kind = 'conflict';
  constructor() {
    super(NoteIsKept.code, NoteIsKept.kind, 'Notes are only added; those that are there stay as they are', {
      field: 'note',
    });
  }
}

export class LevelMissing extends Refusal {
  static readonly code = 'tickets.level-missing';
  static readonly kind = 'rejected';
  constructor(tier: string) {
    super(LevelMissing.code, LevelMissing.kind, `There is no promise to ${tier}`, {
      field: `targets.${tier}`,
      expected: 'firstAnswerSeconds and solveSeconds of every level that the operator promises something to',
    });
  }
}

/** A province may do better than the operator promises, not worse. */
export class LongerThanPromised extends Refusal {
  static readonly code = 'tickets.longer-than-promised';
  static readonly kind = 'rejected';
  constructor(field: string, actual: number, promised: number) {
    super(LongerThanPromised.code, LongerThanPromised.kind, `The whole operator promises ${promised} seconds or less`, {
      field,
      actual,
      expected: `at most ${promised}`,
    });
  }
}

export class EffectiveInThePast extends Refusal {
  static readonly code = 'tickets.effective-in-the-past';
  static readonly kind = 'rejected';
  constructor() {
    super(EffectiveInThePast.code, EffectiveInThePast.kind, 'Promises begin to hold when they are known, not before', {
      field: 'effectiveFrom',
      expected: 'an instant in the future',
    });
  }
}

export class NotYourProvince extends Refusal {
  static readonly code = 'tickets.not-your-province';
  static readonly kind = 'forbidden';
  constructor() {
    super(NotYourProvince.code, NotYourProvince.kind, 'These promises are those of another part of the operator', {
      field: 'region',
    });
  }
}

export class ServiceLevelsTaken extends Refusal {
  static readonly code = 'tickets.service-levels-taken';
  static readonly kind = 'conflict';
  constructor() {
    super(ServiceLevelsTaken.code, ServiceLevelsTaken.kind, 'Others begin to hold at the same instant', {
      field: 'effectiveFrom',
    });
  }
}

export class InvalidTargets extends Refusal {
  static readonly code = 'tickets.invalid-targets';
  static readonly kind = 'rejected';
  constructor(field: string) {
    super(InvalidTargets.code, InvalidTargets.kind, `${field} is not what a promise consists of`, {
      field,
      expected: 'whole seconds, at least 1 and at most a year; percents from 1 to 100',
    });
  }
}
