import { Refusal } from '../../../platform/errors/index.js';

export class MerchantNotFound extends Refusal {
  static readonly code = 'merchants.not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(MerchantNotFound.code, MerchantNotFound.kind, 'There is no such merchant');
  }
}

export class SiteNotFound extends Refusal {
  static readonly code = 'merchants.site-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(SiteNotFound.code, SiteNotFound.kind, 'There is no such site');
  }
}

export class TerminalNotFound extends Refusal {
  static readonly code = 'merchants.terminal-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(TerminalNotFound.code, TerminalNotFound.kind, 'There is no such terminal');
  }
}

export class DiscountNotFound extends Refusal {
  static readonly code = 'merchants.discount-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(DiscountNotFound.code, DiscountNotFound.kind, 'There is no such discount');
  }
}

/** What a request names in its body is not there. */
export class UnknownMerchant extends Refusal {
  static readonly code = 'merchants.unknown-merchant';
  static readonly kind = 'rejected';
  constructor() {
    super(UnknownMerchant.code, UnknownMerchant.kind, 'There is no merchant of this id', { field: 'merchantId' });
  }
}

export class UnknownSite extends Refusal {
  static readonly code = 'merchants.unknown-site';
  static readonly kind = 'rejected';
  constructor() {
    super(UnknownSite.code, UnknownSite.kind, 'There is no site of this id', { field: 'siteId' });
  }
}

export class ContractTaken extends Refusal {
  static readonly code = 'merchants.contract-taken';
  static readonly kind = 'conflict';
  constructor(actual: string) {
    super(ContractTaken.code, ContractTaken.kind, 'Another merchant has this contract', {
      field: 'contractNo',
      actual,
    });
  }
}

export class TerminalTaken extends Refusal {
  static readonly code = 'merchants.terminal-taken';
  static readonly kind = 'conflict';
  constructor(actual: string) {
    super(TerminalTaken.code, TerminalTaken.kind, 'There is a terminal of this number', {
      field: 'terminalId',
      actual,
    });
  }
}

/** On one day one discount. */
export class DiscountsOverlap extends Refusal {
  static readonly code = 'merchants.discounts-overlap';
  static readonly kind = 'conflict';
  constructor() {
    super(DiscountsOverlap.code, DiscountsOverlap.kind, 'The merchant grants another discount on some of these days', {
      field: 'effectiveFrom',
    });
  }
}

/** Days that are gone have been charged by what was in effect. */
export class DiscountDayIsGone extends Refusal {
  static readonly code = 'merchants.day-is-gone';
  static readonly kind = 'rejected';
  constructor(field: 'effectiveFrom' | 'effectiveUntil', today: string) {
    super(DiscountDayIsGone.code, DiscountDayIsGone.kind, 'Discounts change from today on', {
      field,
      expected: `${today} or later`,
    });
  }
}

export class DiscountEndsBeforeItBegins extends Refusal {
  static readonly code = 'merchants.discount-ends-before-it-begins';
  static readonly kind = 'rejected';
  constructor(effectiveFrom: string) {
    super(DiscountEndsBeforeItBegins.code, DiscountEndsBeforeItBegins.kind, 'A discount ends after it begins', {
      field: 'effectiveUntil',
      expected: `${effectiveFrom} or later`,
    });
  }
}

export class UnknownTerminal extends Refusal {
  static readonly code = 'merchants.unknown-terminal';
  static readonly kind = 'rejected';
  constructor() {
    super(UnknownTerminal.code, UnknownTerminal.kind, 'There is no terminal of this number', { field: 'terminalId' });
  }
}

/** It still gives back and undoes, but takes nothing. */
export class TerminalTakesNothing extends Refusal {
  static readonly code = 'merchants.terminal-takes-nothing';
  static readonly kind = 'rejected';
  constructor(facts: { readonly terminal: string; readonly site: string; readonly merchant: string }) {
    super(
      TerminalTakesNothing.code,
      TerminalTakesNothing.kind,
      'The terminal, its site or its merchant is not active',
      facts,
    );
  }
}

export class UnknownCard extends Refusal {
  static readonly code = 'merchants.unknown-card';
  static readonly kind = 'rejected';
  constructor() {
    super(UnknownCard.code, UnknownCard.kind, 'Nobody has this card', { field: 'cardNumber' });
  }
}

export class PosFieldMissing extends Refusal {
  static readonly code = 'merchants.field-missing';
  static readonly kind = 'malformed';
  constructor(facts: { readonly field: string; readonly kind: string }) {
    super(PosFieldMissing.code, PosFieldMissing.kind, 'A message of this kind says more', facts);
  }
}

export class TerminalDateOutOfRange extends Refusal {
  static readonly code = 'merchants.date-out-of-range';
  static readonly kind = 'rejected';
  constructor(facts: { readonly businessDate: string; readonly today: string }) {
    super(
      TerminalDateOutOfRange.code,
      TerminalDateOutOfRange.kind,
      'The terminal is a day or more behind or ahead',
      facts,
    );
  }
}

/** Terminal, batch and trace of a day name one message. */
export class MessageKeyReused extends Refusal {
  static readonly code = 'merchants.message-key-reused';
  static readonly kind = 'conflict';
  constructor() {
    super(MessageKeyReused.code, MessageKeyReused.kind, 'This batch and trace were used for another message', {
      field: 'traceNo',
    });
  }
}

/** Its reversal has come, before it or after: it has no effect, and never will. */
export class MessageReversed extends Refusal {
  static readonly code = 'merchants.message-reversed';
  static readonly kind = 'conflict';
  constructor() {
    super(MessageReversed.code, MessageReversed.kind, 'This message was reversed');
  }
}

/** It may still be on its way: send again. */
export class OriginalUnknown extends Refusal {
  static readonly code = 'merchants.original-unknown';
  static readonly kind = 'rejected';
  constructor() {
    super(OriginalUnknown.code, OriginalUnknown.kind, 'The message that this one goes on from has not come', {
      field: 'original',
    });
  }
}

export class OriginalOfAnotherKind extends Refusal {
  static readonly code = 'merchants.original-of-another-kind';
  static readonly kind = 'conflict';
  constructor(facts: { readonly actual: string; readonly expected: readonly string[] }) {
    super(OriginalOfAnotherKind.code, OriginalOfAnotherKind.kind, 'That message cannot be followed by this one', facts);
  }
}

export class OriginalOfAnotherMerchant extends Refusal {
  static readonly code = 'merchants.original-of-another-merchant';
  static readonly kind = 'conflict';
  constructor() {
    super(OriginalOfAnotherMerchant.code, OriginalOfAnotherMerchant.kind, 'The original is of another merchant');
  }
}

/** On the day and in its batch a sale is cancelled (撤销); later it is a return (退货). */
export class VoidTooLate extends Refusal {
  static readonly code = 'merchants.void-too-late';
  static readonly kind = 'rejected';
  constructor(facts: { readonly day: string; readonly today: string }) {
    super(VoidTooLate.code, VoidTooLate.kind, 'A sale is voided on its own day and in its own batch; return it', facts);
  }
}

export class AmountTooHigh extends Refusal {
  static readonly code = 'merchants.amount-too-high';
  static readonly kind = 'rejected';
  constructor(facts: { readonly atMostFen: number; readonly amountFen: number }) {
    super(AmountTooHigh.code, AmountTooHigh.kind, 'The amount is more than is left of the original', facts);
  }
}

/** What was authorised has been captured, or what was captured has been given back: it is not undone by a reversal any more. */
export class OriginalWentOn extends Refusal {
  static readonly code = 'merchants.original-went-on';
  static readonly kind = 'conflict';
  constructor() {
    super(
      OriginalWentOn.code,
      OriginalWentOn.kind,
      'Another message has gone on from this one: void or return it instead',
    );
  }
}
