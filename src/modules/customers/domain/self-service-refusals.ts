import { Refusal } from '../../../platform/errors/index.js';

/** The number has had as many codes as it may have; said of every number, a customer's or not. */
export class TooManyCodes extends Refusal {
  static readonly code = 'customers.too-many-codes';
  static readonly kind = 'too-many';
  constructor(retryAfterSeconds: number) {
    super(TooManyCodes.code, TooManyCodes.kind, 'A number gets at most 1 code per minute, 5 per hour and 10 per day', {
      retryAfterSeconds,
    });
  }
}

/** The same for a wrong code, one that is used up or too old, and a number that may not sign in: a guess learns nothing. */
export class InvalidCode extends Refusal {
  static readonly code = 'customers.invalid-code';
  static readonly kind = 'unauthenticated';
  constructor() {
    super(InvalidCode.code, InvalidCode.kind, 'The code is wrong or not valid any more; ask for a new one');
  }
}

/** The customer has no number that a code could be sent to. */
export class NoNumber extends Refusal {
  static readonly code = 'customers.no-number';
  static readonly kind = 'rejected';
  constructor() {
    super(NoNumber.code, NoNumber.kind, 'The customer has no number in use that a code could be sent to');
  }
}

export class WrongAnswer extends Refusal {
  static readonly code = 'customers.wrong-answer';
  static readonly kind = 'forbidden';
  constructor(triesLeft: number) {
    super(WrongAnswer.code, WrongAnswer.kind, 'The caller did not show to be the customer', { triesLeft });
  }
}

/** Forbidden and not merely too often: whoever goes on guessing is to stand in the register. */
export class TooManyWrongAnswers extends Refusal {
  static readonly code = 'customers.too-many-wrong-answers';
  static readonly kind = 'forbidden';
  constructor(retryAfterSeconds: number) {
    super(
      TooManyWrongAnswers.code,
      TooManyWrongAnswers.kind,
      'Too many wrong answers about this customer; somebody else may verify the caller, or a business hall',
      { retryAfterSeconds },
    );
  }
}

/** Personal data is told to a caller who was verified by the same agent, as the same customer, minutes ago (AUD-10). */
export class CallerNotVerified extends Refusal {
  static readonly code = 'customers.caller-not-verified';
  static readonly kind = 'forbidden';
  constructor() {
    super(
      CallerNotVerified.code,
      CallerNotVerified.kind,
      'The verification is not yours, not of this customer, or older than 15 minutes; verify the caller again',
    );
  }
}

/** Of the staff and of systems, which have no data of their own here. */
export class NotACustomer extends Refusal {
  static readonly code = 'customers.not-a-customer';
  static readonly kind = 'forbidden';
  constructor() {
    super(NotACustomer.code, NotACustomer.kind, 'Only customers who signed in themselves can do this');
  }
}
