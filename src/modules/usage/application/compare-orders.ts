import type { Tx } from '../../../platform/database/index.js';
import type { Counts } from '../../../platform/queues/index.js';
import { judgeOrder } from '../domain/handled-order.js';
import { keepVerdicts, openOrders, type Judged, type Whose } from '../persistence/handled-orders.js';

/** Compares open orders with what BOSS says now; writes only what has changed. Counts all verdicts. */
export async function compareOrders(tx: Tx, whose: Whose, now: Date): Promise<Counts> {
  const counts: Record<string, number> = {};
  const changed: Judged[] = [];
  for (const order of await openOrders(tx, whose, now)) {
    const { verdict, differences } = judgeOrder(order, now);
    counts[verdict] = (counts[verdict] ?? 0) + 1;
    const isAsBefore = verdict === order.verdict && JSON.stringify(differences) === JSON.stringify(order.differences);
    if (!isAsBefore) changed.push({ source: order.source, orderNo: order.orderNo, verdict, differences });
  }
  await keepVerdicts(tx, changed, now);
  return counts;
}
