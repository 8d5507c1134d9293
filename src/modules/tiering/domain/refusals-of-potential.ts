import { Refusal } from '../../../platform/errors/index.js';

export class PotentialCustomerNotFound extends Refusal {
  static readonly code = 'tiering.potential-customer-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(
      PotentialCustomerNotFound.code,
      PotentialCustomerNotFound.kind,
      'Nobody was found as a potential customer under this id',
    );
  }
}

/** Something else was said of it, or nothing in time. */
export class CandidacyOver extends Refusal {
  static readonly code = 'tiering.candidacy-over';
  static readonly kind = 'conflict';
  constructor(status: string) {
    super(
      CandidacyOver.code,
      CandidacyOver.kind,
      `Only who is a candidate is confirmed or rejected; this one is ${status}`,
      {
        status,
        expected: 'candidate',
      },
    );
  }
}

export class CandidateHasLeft extends Refusal {
  static readonly code = 'tiering.candidate-has-left';
  static readonly kind = 'rejected';
  constructor() {
    super(CandidateHasLeft.code, CandidateHasLeft.kind, 'The customer has left the network');
  }
}
