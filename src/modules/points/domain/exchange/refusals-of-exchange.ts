import { Refusal } from '../../../../platform/errors/index.js';

export class ItemNotFound extends Refusal {
  static readonly code = 'points.item-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(ItemNotFound.code, ItemNotFound.kind, 'There is no such item to exchange points for');
  }
}

/** What a request names in its body is not in the catalogue. */
export class UnknownItem extends Refusal {
  static readonly code = 'points.unknown-item';
  static readonly kind = 'rejected';
  constructor(actual: string) {
    super(UnknownItem.code, UnknownItem.kind, 'There is no item of this id', { field: 'itemId', actual });
  }
}

export class ItemTaken extends Refusal {
  static readonly code = 'points.item-taken';
  static readonly kind = 'conflict';
  constructor(actual: string) {
    super(ItemTaken.code, ItemTaken.kind, 'There is an item of this id', { field: 'itemId', actual });
  }
}

/** A mobile product needs the name that BOSS has for it, a service what it entitles to; nothing else has either. */
export class ItemNotWhole extends Refusal {
  static readonly code = 'points.item-not-whole';
  static readonly kind = 'rejected';
  constructor(facts: { readonly field: string; readonly expected: string }) {
    super(ItemNotWhole.code, ItemNotWhole.kind, 'An item of this kind says something else of itself', facts);
  }
}

export class ItemEndsBeforeItBegins extends Refusal {
  static readonly code = 'points.item-ends-before-it-begins';
  static readonly kind = 'rejected';
  constructor(validFrom: string) {
    super(ItemEndsBeforeItBegins.code, ItemEndsBeforeItBegins.kind, 'An item ends after it begins', {
      field: 'validUntil',
      expected: `${validFrom} or later`,
    });
  }
}

export class ItemOfAnotherKind extends Refusal {
  static readonly code = 'points.item-of-another-kind';
  static readonly kind = 'rejected';
  constructor(facts: { readonly expected: readonly string[]; readonly actual: string }) {
    super(ItemOfAnotherKind.code, ItemOfAnotherKind.kind, 'An item of this kind is exchanged in another way', {
      field: 'itemId',
      ...facts,
    });
  }
}

export class ItemNotOnOffer extends Refusal {
  static readonly code = 'points.item-not-on-offer';
  static readonly kind = 'rejected';
  constructor(facts: { readonly status: string; readonly validFrom: string; readonly validUntil: string }) {
    super(ItemNotOnOffer.code, ItemNotOnOffer.kind, 'The item is not on offer today', { field: 'itemId', ...facts });
  }
}

/** Points of some classes are not for everything (PTS-17). */
export class TooFewOfTheseClasses extends Refusal {
  static readonly code = 'points.too-few-of-these-classes';
  static readonly kind = 'rejected';
  constructor(facts: { readonly classes: readonly string[]; readonly available: number; readonly requested: number }) {
    super(
      TooFewOfTheseClasses.code,
      TooFewOfTheseClasses.kind,
      'There are not enough points of the classes that may be used for this item',
      facts,
    );
  }
}

export class ItemLimitReached extends Refusal {
  static readonly code = 'points.item-limit-reached';
  static readonly kind = 'rejected';
  constructor(facts: { readonly limit: number; readonly ordered: number; readonly pointsYear: number }) {
    super(ItemLimitReached.code, ItemLimitReached.kind, 'The customer has had this item often enough this year', {
      field: 'itemId',
      ...facts,
    });
  }
}

export class SoldOut extends Refusal {
  static readonly code = 'points.sold-out';
  static readonly kind = 'rejected';
  constructor(actual: string) {
    super(SoldOut.code, SoldOut.kind, 'Nothing is left of this item', { field: 'itemId', actual });
  }
}

export class StockTooSmall extends Refusal {
  static readonly code = 'points.stock-too-small';
  static readonly kind = 'rejected';
  constructor(facts: { readonly onHand: number; readonly quantity: number }) {
    super(StockTooSmall.code, StockTooSmall.kind, 'Less is in stock than shall be taken out', {
      field: 'quantity',
      ...facts,
    });
  }
}

export class DeliveryNoReused extends Refusal {
  static readonly code = 'points.delivery-no-reused';
  static readonly kind = 'conflict';
  constructor(expected: number) {
    super(DeliveryNoReused.code, DeliveryNoReused.kind, 'This delivery was entered with another quantity', {
      field: 'quantity',
      expected,
    });
  }
}

/** No address of BOSS is set up: nothing is ordered that nobody would deliver. */
export class BossTakesNoOrders extends Refusal {
  static readonly code = 'points.boss-takes-no-orders';
  static readonly kind = 'unavailable';
  constructor() {
    super(BossTakesNoOrders.code, BossTakesNoOrders.kind, 'Mobile products cannot be ordered (GUIBIN_BOSS_ORDER_URL)');
  }
}

export class OrderNotFound extends Refusal {
  static readonly code = 'points.order-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(OrderNotFound.code, OrderNotFound.kind, 'There is no such order');
  }
}

/** An order ends once. */
export class OrderEnded extends Refusal {
  static readonly code = 'points.order-ended';
  static readonly kind = 'conflict';
  constructor(facts: { readonly status: string }) {
    super(OrderEnded.code, OrderEnded.kind, 'The order has ended already', facts);
  }
}

/** Whether BOSS has delivered a mobile product, only BOSS can say. */
export class BossDecides extends Refusal {
  static readonly code = 'points.boss-decides';
  static readonly kind = 'conflict';
  constructor() {
    super(BossDecides.code, BossDecides.kind, 'An order for a mobile product ends by what BOSS says of it');
  }
}

/** People decide about a mobile product only when BOSS has long been silent about it, and is not being asked just now. */
export class NothingToDecide extends Refusal {
  static readonly code = 'points.nothing-to-decide';
  static readonly kind = 'conflict';
  constructor(facts: { readonly status: string; readonly decideFrom?: string }) {
    super(
      NothingToDecide.code,
      NothingToDecide.kind,
      'BOSS may still answer for this order, or was never asked',
      facts,
    );
  }
}

export class NoCardToShow extends Refusal {
  static readonly code = 'points.no-card-to-show';
  static readonly kind = 'rejected';
  constructor(facts: { readonly status: string }) {
    super(NoCardToShow.code, NoCardToShow.kind, 'No card has come for this order, or not yet', facts);
  }
}

/** A while after it was first shown we do not know a card any more. */
export class CardWasShown extends Refusal {
  static readonly code = 'points.card-was-shown';
  static readonly kind = 'gone';
  constructor(shownAt: Date) {
    super(CardWasShown.code, CardWasShown.kind, 'The card of this order was shown already, and was forgotten', {
      shownAt: shownAt.toISOString(),
    });
  }
}

/** Who has read a card could use it: nobody of the staff comes after another. */
export class CardWasShownToAnother extends Refusal {
  static readonly code = 'points.card-was-shown-to-another';
  static readonly kind = 'forbidden';
  constructor() {
    super(
      CardWasShownToAnother.code,
      CardWasShownToAnother.kind,
      'The card is shown again only to the customer, and to whoever saw it first',
    );
  }
}

/** What the points were exchanged for has been granted. */
export class RedeemedForAnItem extends Refusal {
  static readonly code = 'points.redeemed-for-an-item';
  static readonly kind = 'rejected';
  constructor() {
    super(RedeemedForAnItem.code, RedeemedForAnItem.kind, 'A service that was granted for points is not given back');
  }
}
