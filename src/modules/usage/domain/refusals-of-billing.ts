import { Refusal } from '../../../platform/errors/index.js';

export class BillNotFound extends Refusal {
  static readonly code = 'billing.no-such-bill';
  static readonly kind = 'not-found';
  constructor() {
    super(BillNotFound.code, BillNotFound.kind, 'There is no such bill');
  }
}

/** A bill is nothing but amounts. */
export class AmountsNotShown extends Refusal {
  static readonly code = 'billing.amounts-not-shown';
  static readonly kind = 'forbidden';
  constructor() {
    super(AmountsNotShown.code, AmountsNotShown.kind, 'What customers spend is not shown to you (customers.amounts)');
  }
}

/** Somebody else changed it since the version that `If-Match` names. */
export class PreferenceChanged extends Refusal {
  static readonly code = 'billing.preference-changed';
  static readonly kind = 'conflict';
  constructor(expected: number, actual: number) {
    super(PreferenceChanged.code, PreferenceChanged.kind, 'The preference was changed meanwhile; read it again', {
      expected,
      actual,
    });
  }
}

export class ItemisedListNotFound extends Refusal {
  static readonly code = 'billing.no-such-list';
  static readonly kind = 'not-found';
  constructor() {
    super(ItemisedListNotFound.code, ItemisedListNotFound.kind, 'There is no such itemised list');
  }
}

export class AnotherMonthNeeded extends Refusal {
  static readonly code = 'billing.month-not-listed';
  static readonly kind = 'rejected';
  constructor(earliest: string, latest: string) {
    const expected = `${earliest} to ${latest}`;
    super(AnotherMonthNeeded.code, AnotherMonthNeeded.kind, `Itemised lists are given of the months ${expected}`, {
      field: 'month',
      expected,
    });
  }
}

export class NotYourList extends Refusal {
  static readonly code = 'billing.not-your-list';
  static readonly kind = 'forbidden';
  constructor() {
    super(NotYourList.code, NotYourList.kind, 'Whoever asked for it fetches it; ask for one yourself');
  }
}

export class ListExpired extends Refusal {
  static readonly code = 'billing.list-expired';
  static readonly kind = 'gone';
  constructor() {
    super(ListExpired.code, ListExpired.kind, 'The list is not kept any longer; ask for another one');
  }
}

export class ListFetchedOften extends Refusal {
  static readonly code = 'billing.list-fetched-often';
  static readonly kind = 'gone';
  constructor(times: number) {
    super(ListFetchedOften.code, ListFetchedOften.kind, `The list was fetched ${times} times; ask for another one`, {
      times,
    });
  }
}

/** What everybody has is listed in the order of its keys only: nothing else is carried by an index. */
export class BillingListTooWide extends Refusal {
  static readonly code = 'billing.list-too-wide';
  static readonly kind = 'malformed';
  constructor(expected: string) {
    super(BillingListTooWide.code, BillingListTooWide.kind, 'This would look through the records of everybody', {
      field: expected,
      expected,
    });
  }
}
