import { Refusal } from '../../../platform/errors/index.js';

export class SubjectRequestNotFound extends Refusal {
  static readonly code = 'privacy.request-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(SubjectRequestNotFound.code, SubjectRequestNotFound.kind, 'There is no such request');
  }
}

export class SubjectRequestClosed extends Refusal {
  static readonly code = 'privacy.request-closed';
  static readonly kind = 'conflict';
  constructor(status: string) {
    super(SubjectRequestClosed.code, SubjectRequestClosed.kind, `The request is ${status} already`, { status });
  }
}

/** Received tomorrow: the due date would be wrong. */
export class ReceivedInFuture extends Refusal {
  static readonly code = 'privacy.received-in-future';
  static readonly kind = 'rejected';
  constructor() {
    super(ReceivedInFuture.code, ReceivedInFuture.kind, 'receivedAt is still to come', { field: 'receivedAt' });
  }
}

export class AnswerMissing extends Refusal {
  static readonly code = 'privacy.answer-missing';
  static readonly kind = 'malformed';
  constructor() {
    super(AnswerMissing.code, AnswerMissing.kind, 'Whoever is refused is told why', {
      field: 'answer',
      expected: 'the reason of the refusal',
    });
  }
}

export class SubjectExportNotFound extends Refusal {
  static readonly code = 'privacy.export-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(SubjectExportNotFound.code, SubjectExportNotFound.kind, 'There is no such copy');
  }
}

export class NotYourCopy extends Refusal {
  static readonly code = 'privacy.not-your-copy';
  static readonly kind = 'forbidden';
  constructor() {
    super(NotYourCopy.code, NotYourCopy.kind, 'A copy is handed to whoever asked for it only');
  }
}

export class CopyNotReady extends Refusal {
  static readonly code = 'privacy.copy-not-ready';
  static readonly kind = 'conflict';
  constructor(status: string) {
    super(CopyNotReady.code, CopyNotReady.kind, `The copy is ${status}`, { status });
  }
}

export class CopyExpired extends Refusal {
  static readonly code = 'privacy.copy-expired';
  static readonly kind = 'gone';
  constructor() {
    super(CopyExpired.code, CopyExpired.kind, 'The copy is not kept any longer; ask for another one');
  }
}

export class CopyFetchedOften extends Refusal {
  static readonly code = 'privacy.copy-fetched-often';
  static readonly kind = 'gone';
  constructor(times: number) {
    super(CopyFetchedOften.code, CopyFetchedOften.kind, `The copy was fetched ${times} times; ask for another one`, {
      times,
    });
  }
}
