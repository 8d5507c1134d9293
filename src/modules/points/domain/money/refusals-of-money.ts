import { Refusal } from '../../../../platform/errors/index.js';

/** Points cost control (PTS-15): a hard limit blocks. */
export class BudgetUsedUp extends Refusal {
  static readonly code = 'points.budget-used-up';
  static readonly kind = 'rejected';
  /** @param facts the budget, its `limit`, what is `left` of it, and how many points were `requested` */
  constructor(facts: Readonly<Record<string, string | number>>) {
    super(BudgetUsedUp.code, BudgetUsedUp.kind, 'The budget of this points year has not so many points left', facts);
  }
}

/** The return rate has reached its hard limit (PTS-13): what was promised is still earned, nothing is given on top. */
export class PromotionStopped extends Refusal {
  static readonly code = 'points.promotion-stopped';
  static readonly kind = 'rejected';
  constructor(facts: Readonly<Record<string, string | number>>) {
    super(
      PromotionStopped.code,
      PromotionStopped.kind,
      'The return rate is at its limit: nothing promotional now',
      facts,
    );
  }
}

export class BudgetNotFound extends Refusal {
  static readonly code = 'points.budget-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(BudgetNotFound.code, BudgetNotFound.kind, 'There is no such budget');
  }
}

export class BudgetTaken extends Refusal {
  static readonly code = 'points.budget-taken';
  static readonly kind = 'conflict';
  constructor(facts: { readonly budget: string }) {
    super(BudgetTaken.code, BudgetTaken.kind, 'There is a budget of this year, region and kind', facts);
  }
}

export class BudgetsBusy extends Refusal {
  static readonly code = 'points.budgets-busy';
  static readonly kind = 'unavailable';
  constructor() {
    super(BudgetsBusy.code, BudgetsBusy.kind, 'The budgets are being used by something that takes long; try again');
  }
}

export class BudgetBelowUse extends Refusal {
  static readonly code = 'points.budget-below-use';
  static readonly kind = 'rejected';
  constructor(facts: { readonly used: number; readonly limit: number }) {
    super(BudgetBelowUse.code, BudgetBelowUse.kind, 'More than this has been used already', facts);
  }
}

export class InvalidBudget extends Refusal {
  static readonly code = 'points.invalid-budget';
  static readonly kind = 'malformed';
  constructor() {
    super(InvalidBudget.code, InvalidBudget.kind, 'The soft limit is not above the hard one', { field: 'softPoints' });
  }
}

export class BooksNotOver extends Refusal {
  static readonly code = 'points.month-not-over';
  static readonly kind = 'rejected';
  constructor(facts: { readonly month: string }) {
    super(BooksNotOver.code, BooksNotOver.kind, 'Points are still posted in this month', facts);
  }
}

export class EarlierBooksOpen extends Refusal {
  static readonly code = 'points.earlier-month-open';
  static readonly kind = 'rejected';
  constructor(facts: { readonly month: string }) {
    super(EarlierBooksOpen.code, EarlierBooksOpen.kind, 'Months are closed one after the other', facts);
  }
}

/** Clearing a day posts on that day: a month that was closed before would never be cleared. */
export class DaysNotCleared extends Refusal {
  static readonly code = 'points.days-not-cleared';
  static readonly kind = 'rejected';
  /** @param facts the earliest `day` on which merchants took points that are not cleared */
  constructor(facts: { readonly day: string }) {
    super(DaysNotCleared.code, DaysNotCleared.kind, 'The days of the merchants in this month are cleared first', facts);
  }
}

export class BooksBusy extends Refusal {
  static readonly code = 'points.books-busy';
  static readonly kind = 'unavailable';
  constructor() {
    super(BooksBusy.code, BooksBusy.kind, 'Points are being posted in this month right now; try again');
  }
}

export class InvalidBreakageRates extends Refusal {
  static readonly code = 'points.invalid-breakage-rates';
  static readonly kind = 'malformed';
  constructor() {
    super(
      InvalidBreakageRates.code,
      InvalidBreakageRates.kind,
      'A class is named once, with 1 to 10 shares of 0 to 10000',
      {
        field: 'rate',
      },
    );
  }
}

/** BOSS calls a deduction by its own serial number; another one under it is a mistake of BOSS. */
export class SerialReused extends Refusal {
  static readonly code = 'points.serial-reused';
  static readonly kind = 'conflict';
  constructor() {
    super(SerialReused.code, SerialReused.kind, 'This serial number was used for another deduction', {
      field: 'serialNumber',
    });
  }
}

export class NotABillingSystem extends Refusal {
  static readonly code = 'points.source-needed';
  static readonly kind = 'malformed';
  constructor() {
    super(NotABillingSystem.code, NotABillingSystem.kind, 'Say of which billing system this is', { field: 'source' });
  }
}
