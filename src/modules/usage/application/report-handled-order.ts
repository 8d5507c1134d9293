import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { asSystem, newId, Transaction } from '../../../platform/database/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { expectationOf, type Expectation, type OrderType } from '../domain/handled-order.js';
import { OrderReportedOtherwise } from '../domain/order-refusals.js';
import { keepOrder, orderById, placeOrders, type OrderRow } from '../persistence/handled-orders.js';

export interface ReportedOrder {
  readonly source: string;
  readonly orderNo: string;
  readonly orderType: OrderType;
  readonly msisdn: string;
  readonly province: string;
  readonly handledAt: Date;
  readonly effectiveFrom?: Date | undefined;
  readonly deadline?: Date | undefined;
  readonly expected: Expectation;
}

const HOUR_MS = 3_600_000;
/** BOSS tells of a day on the next one; a day more for what is late. */
const HOURS_TO_TELL = 48;

/** Takes note of business that was handled, to be compared with what BOSS says of it. */
@Injectable()
export class ReportHandledOrder {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly customers: CustomersFacade,
  ) {}

  /** Told again, it is the same order. @throws OrderExpectsNothing, OrderReportedOtherwise, InvalidMsisdn */
  async execute(reported: ReportedOrder): Promise<OrderRow> {
    const { source, orderNo, orderType, province, handledAt, effectiveFrom = handledAt } = reported;
    const { deadline = new Date(effectiveFrom.getTime() + HOURS_TO_TELL * HOUR_MS) } = reported;
    const msisdnIndex = this.customers.msisdnIndex(reported.msisdn);
    const expected = expectationOf(orderType, reported.expected);
    const order = { source, orderNo, orderType, province, handledAt, effectiveFrom, deadline, msisdnIndex, expected };
    const contentHash = hashOf(order);
    // Anybody is served anywhere: the order is its source's, whoever it is about.
    return asSystem(() =>
      this.transaction.run(async (tx) => {
        const kept = await keepOrder(tx, { ...order, orderId: newId(), contentHash, reportedAt: this.clock.now() });
        if (!kept.contentHash.equals(contentHash)) throw new OrderReportedOtherwise();
        await placeOrders(tx, kept.orderId);
        const row = await orderById(tx, kept.orderId);
        if (!row) throw new Error('An order that was stored is there');
        tx.audit({
          action: 'usage.report-order',
          objectType: 'HandledOrder',
          objectId: row.order_id,
          ...(row.customer_id && { customerId: row.customer_id }),
        });
        return row;
      }),
    );
  }
}

/** The number goes into it as its index: hashes of numbers alone could be looked up. */
function hashOf({ msisdnIndex, expected, ...order }: { msisdnIndex: Buffer; expected: Expectation }): Buffer {
  const sorted = Object.entries(expected).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(msisdnIndex)
    .update(JSON.stringify([order, sorted]))
    .digest();
}
