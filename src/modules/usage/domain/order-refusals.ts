import { Refusal } from '../../../platform/errors/index.js';

/** An order of this type says nothing without it. */
export class OrderExpectsNothing extends Refusal {
  static readonly code = 'usage.order-expects-nothing';
  static readonly kind = 'malformed';
  constructor(field: string) {
    super(OrderExpectsNothing.code, OrderExpectsNothing.kind, 'Say what should be true of the number afterwards', {
      field: `expected.${field}`,
    });
  }
}

/** The same order number of the same source, with another content. */
export class OrderReportedOtherwise extends Refusal {
  static readonly code = 'usage.order-reported-otherwise';
  static readonly kind = 'conflict';
  constructor() {
    super(OrderReportedOtherwise.code, OrderReportedOtherwise.kind, 'This order was reported with another content', {
      field: 'orderNo',
    });
  }
}

/** Only what differs or is missing, and is open, has an owner and a resolution. */
export class OrderNotInQueue extends Refusal {
  static readonly code = 'usage.order-not-in-queue';
  static readonly kind = 'conflict';
  constructor(actual: string) {
    super(OrderNotInQueue.code, OrderNotInQueue.kind, 'This order is not in the queue of differences', { actual });
  }
}
