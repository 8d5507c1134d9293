import { Refusal } from '../../../platform/errors/index.js';

export class NotAGroup extends Refusal {
  static readonly code = 'customers.not-a-group';
  static readonly kind = 'rejected';
  constructor() {
    super(NotAGroup.code, NotAGroup.kind, 'Only a group has members');
  }
}

/** It has left the network, or is the group itself. */
export class CannotBeMember extends Refusal {
  static readonly code = 'customers.cannot-be-member';
  static readonly kind = 'rejected';
  constructor() {
    super(CannotBeMember.code, CannotBeMember.kind, 'A member is another customer in the network', {
      field: 'memberId',
    });
  }
}

export class JoinedInTheFuture extends Refusal {
  static readonly code = 'customers.joined-in-the-future';
  static readonly kind = 'rejected';
  constructor(today: string) {
    super(JoinedInTheFuture.code, JoinedInTheFuture.kind, 'Nobody has joined on a day to come', {
      field: 'joinedOn',
      expected: `at most ${today}`,
    });
  }
}
