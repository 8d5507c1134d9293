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

export class UnknownDocumentKind extends Refusal {
  static readonly code = 'customers.unknown-document-kind';
  static readonly kind = 'rejected';
  constructor(known: readonly string[]) {
    super(UnknownDocumentKind.code, UnknownDocumentKind.kind, 'There is no such kind of document', {
      field: 'documentKind',
      expected: known,
    });
  }
}

/** The kind of document is not accepted any more, or not yet. */
export class DocumentTooNewOrOld extends Refusal {
  static readonly code = 'customers.document-not-accepted';
  static readonly kind = 'rejected';
  constructor({
    acceptedFrom,
    acceptedUntil,
  }: {
    acceptedFrom: string | undefined;
    acceptedUntil: string | undefined;
  }) {
    super(
      DocumentTooNewOrOld.code,
      DocumentTooNewOrOld.kind,
      `Such documents are accepted ${acceptedFrom ? `from ${acceptedFrom} ` : ''}${acceptedUntil ? `until ${acceptedUntil}` : ''}`.trim(),
      { field: 'documentKind', acceptedFrom, acceptedUntil },
    );
  }
}

/** The number is none of its kind. It is never repeated. */
export class DocumentNumberRefused extends Refusal {
  static readonly code = 'customers.document-number-refused';
  static readonly kind = 'rejected';
  constructor(problem: string, expected: string) {
    super(DocumentNumberRefused.code, DocumentNumberRefused.kind, `documentNumber must have ${expected}`, {
      field: 'documentNumber',
      problem,
      expected,
    });
  }
}

/** What identified the customer was destroyed and is not taken down again (PIPL art. 47). */
export class CustomerIsErased extends Refusal {
  static readonly code = 'customers.erased';
  static readonly kind = 'gone';
  constructor() {
    super(CustomerIsErased.code, CustomerIsErased.kind, 'The customer was erased; who returns is a new customer');
  }
}

/** Identity is kept while there is service (MIIT Order 25 art. 11). */
export class CustomerIsServed extends Refusal {
  static readonly code = 'privacy.customer-is-served';
  static readonly kind = 'conflict';
  constructor() {
    super(CustomerIsServed.code, CustomerIsServed.kind, 'The customer has a live number; only who has left is erased');
  }
}

export class SamePersonTwice extends Refusal {
  static readonly code = 'privacy.same-person-twice';
  static readonly kind = 'forbidden';
  constructor() {
    super(SamePersonTwice.code, SamePersonTwice.kind, 'Erasure is asked for by one person and approved by another');
  }
}

/** A main fact of a customer that cannot be. The value is never repeated. */
export class FactRefused extends Refusal {
  static readonly code = 'customers.fact-refused';
  static readonly kind = 'malformed';
  constructor(fact: string, expected: string | readonly string[]) {
    const words = typeof expected === 'string' ? expected : `one of ${expected.join(', ')}`;
    super(FactRefused.code, FactRefused.kind, `The characteristic ${fact} must be ${words}`, {
      field: `characteristic.${fact}`,
      expected,
    });
  }
}

/** What may be kept with the customer's consent only (PIPL 13). */
export class ConsentNeeded extends Refusal {
  static readonly code = 'customers.consent-needed';
  static readonly kind = 'rejected';
  constructor(purpose: string, fact: string) {
    super(ConsentNeeded.code, ConsentNeeded.kind, `${fact} is kept only with the customer's consent to ${purpose}`, {
      field: `characteristic.${fact}`,
      purpose,
      expected: 'an effective consent',
    });
  }
}

export class UnknownPurpose extends Refusal {
  static readonly code = 'customers.unknown-purpose';
  static readonly kind = 'rejected';
  constructor(expected: readonly string[]) {
    super(UnknownPurpose.code, UnknownPurpose.kind, 'There is no such purpose to consent to', {
      field: 'purpose',
      expected,
    });
  }
}

/** A consent counts for the text that the customer was shown. */
export class ConsentTextOutdated extends Refusal {
  static readonly code = 'customers.consent-text-outdated';
  static readonly kind = 'conflict';
  constructor(expected: number) {
    super(ConsentTextOutdated.code, ConsentTextOutdated.kind, 'The customer must be shown the text that holds now', {
      field: 'textVersion',
      expected,
    });
  }
}

export class SaidInTheFuture extends Refusal {
  static readonly code = 'customers.said-in-the-future';
  static readonly kind = 'malformed';
  constructor() {
    super(SaidInTheFuture.code, SaidInTheFuture.kind, 'saidAt must not lie in the future', { field: 'saidAt' });
  }
}

/** The actor may unmask, but not this group of fields. */
export class GroupNotPermitted extends Refusal {
  static readonly code = 'customers.group-not-permitted';
  static readonly kind = 'forbidden';
  constructor(group: string) {
    super(GroupNotPermitted.code, GroupNotPermitted.kind, `This needs the permission customers.${group}`, {
      field: 'groups',
      permission: `customers.${group}`,
    });
  }
}

export class PurposeDoesNotCover extends Refusal {
  static readonly code = 'customers.purpose-does-not-cover';
  static readonly kind = 'forbidden';
  constructor(purpose: string, group: string, covered: readonly string[]) {
    super(PurposeDoesNotCover.code, PurposeDoesNotCover.kind, `${purpose} is no reason to see ${group}`, {
      field: 'groups',
      expected: covered,
    });
  }
}

export class UnknownDisclosurePurpose extends Refusal {
  static readonly code = 'customers.unknown-disclosure-purpose';
  static readonly kind = 'malformed';
  constructor(expected: readonly string[]) {
    const message = 'Say why: a purpose of the list, or the verification of the caller';
    super(UnknownDisclosurePurpose.code, UnknownDisclosurePurpose.kind, message, { field: 'purpose', expected });
  }
}
