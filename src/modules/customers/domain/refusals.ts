import { Refusal } from '../../../platform/errors/index.js';

export class CustomerNotFound extends Refusal {
  static readonly code = 'customers.not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(CustomerNotFound.code, CustomerNotFound.kind, 'There is no such customer');
  }
}

/** Service staff may not delete customer data (CUS-35). */
export class CustomerHasHistory extends Refusal {
  static readonly code = 'customers.has-history';
  static readonly kind = 'conflict';
  constructor() {
    super(
      CustomerHasHistory.code,
      CustomerHasHistory.kind,
      'The customer has had a number; its archive is kept (moved to the retained archive when the last number ends)',
    );
  }
}

export class IllegalArchiveMove extends Refusal {
  static readonly code = 'customers.illegal-archive-move';
  static readonly kind = 'conflict';
  constructor(from: string, to: string) {
    super(IllegalArchiveMove.code, IllegalArchiveMove.kind, `An archive cannot move from ${from} to ${to}`, {
      from,
      to,
    });
  }
}

/** Somebody else changed the customer since the version that `If-Match` names. */
export class CustomerChanged extends Refusal {
  static readonly code = 'customers.changed';
  static readonly kind = 'conflict';
  constructor(expected: number, actual: number) {
    super(CustomerChanged.code, CustomerChanged.kind, 'The customer was changed meanwhile; read it again', {
      expected,
      actual,
    });
  }
}

export class SearchKeyMissing extends Refusal {
  static readonly code = 'customers.search-key-missing';
  static readonly kind = 'malformed';
  constructor() {
    const expected = 'msisdn, or accountNo with source';
    super(SearchKeyMissing.code, SearchKeyMissing.kind, `A search needs ${expected}`, { field: 'msisdn', expected });
  }
}
