import { Refusal } from '../../../platform/errors/index.js';

export class ApprovalNotFound extends Refusal {
  static readonly code = 'approval.not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(ApprovalNotFound.code, ApprovalNotFound.kind, 'There is no such request for approval');
  }
}

/** Four eyes (复核): whoever asks does not decide. */
export class OwnRequest extends Refusal {
  static readonly code = 'approval.own-request';
  static readonly kind = 'forbidden';
  constructor() {
    super(OwnRequest.code, OwnRequest.kind, 'Somebody else must decide what you asked for');
  }
}

export class PeopleDecide extends Refusal {
  static readonly code = 'approval.people-decide';
  static readonly kind = 'forbidden';
  constructor() {
    super(PeopleDecide.code, PeopleDecide.kind, 'Only a member of the staff decides, not a system or a customer');
  }
}

export class NotYourRequest extends Refusal {
  static readonly code = 'approval.not-your-request';
  static readonly kind = 'forbidden';
  constructor() {
    super(NotYourRequest.code, NotYourRequest.kind, 'Only its author can withdraw a request; others may reject it');
  }
}

export class ApprovalClosed extends Refusal {
  static readonly code = 'approval.closed';
  static readonly kind = 'conflict';
  constructor(status: string) {
    super(ApprovalClosed.code, ApprovalClosed.kind, `The request is ${status} already`, { status });
  }
}

export class ApprovalExpired extends Refusal {
  static readonly code = 'approval.expired';
  static readonly kind = 'gone';
  constructor(expiredAt: Date) {
    super(ApprovalExpired.code, ApprovalExpired.kind, 'Nobody decided in time; ask again', {
      expiredAt: expiredAt.toISOString(),
    });
  }
}

/** What is stored is not what was asked for. */
export class ApprovalAltered extends Refusal {
  static readonly code = 'approval.altered';
  static readonly kind = 'conflict';
  constructor() {
    super(
      ApprovalAltered.code,
      ApprovalAltered.kind,
      'The request was altered since it was made; reject it, ask again',
    );
  }
}

export class RequestWithoutReason extends Refusal {
  static readonly code = 'approval.reason-missing';
  static readonly kind = 'malformed';
  constructor() {
    super(RequestWithoutReason.code, RequestWithoutReason.kind, 'Say why, for whoever decides', {
      field: 'reason',
      expected: 'a reason',
    });
  }
}

/** Separation of duties (职责分离): these are never in one hand. */
export class RolesInConflict extends Refusal {
  static readonly code = 'organization.roles-in-conflict';
  static readonly kind = 'rejected';
  constructor(one: string, other: string) {
    super(RolesInConflict.code, RolesInConflict.kind, `Nobody may be ${one} and ${other} at once`, {
      field: 'roles',
      conflict: [one, other],
    });
  }
}

export class OwnRoles extends Refusal {
  static readonly code = 'organization.own-roles';
  static readonly kind = 'forbidden';
  constructor() {
    super(OwnRoles.code, OwnRoles.kind, 'Nobody changes his own roles; somebody else must');
  }
}
