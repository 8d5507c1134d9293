import type { Check } from '../ledger/check.js';

/** Invariants of orders and of their stock (PTS-18, PTS-19). */
export const checksOfExchange: readonly Check[] = [
  {
    id: 'exchange-holds',
    title: 'An order holds its points for as long as it is open, and ends with its hold: used once, or given back',
    // Whoever leaves the network forfeits all points, also those that are held.
    sql: `
      SELECT customer_id, order_id, o.status, o.points, h.state, h.captured
      FROM (SELECT * FROM points.exchange_order WHERE kind <> 'SERVICE') o
      FULL JOIN (SELECT *, hold_id AS order_id FROM points.point_hold WHERE purpose = 'ORDER') h USING (customer_id, order_id)
      WHERE (h.points = o.points AND CASE o.status WHEN 'OPEN' THEN h.state = 'HELD'
        WHEN 'COMPLETED' THEN h.state = 'CAPTURED' AND h.captured = o.points ELSE h.state = 'VOIDED' END) IS NOT TRUE
        AND (h.state = 'VOIDED' AND EXISTS (
          SELECT FROM points.journal j
          WHERE j.customer_id = h.customer_id AND j.journal_id = h.ended_by AND j.idem_key LIKE 'close:%')) IS NOT TRUE`,
  },
  {
    id: 'exchange-services',
    title: 'A service is redeemed once, for what it costs',
    sql: `
      SELECT o.customer_id, o.order_id, o.points, j.kind AS entry_kind, j.points AS entry_points
      FROM points.exchange_order o
      LEFT JOIN points.journal j ON j.customer_id = o.customer_id AND j.journal_id = o.order_id
      WHERE o.kind = 'SERVICE' AND (o.status = 'COMPLETED' AND j.kind = 'REDEMPTION' AND j.points = -o.points) IS NOT TRUE`,
  },
  {
    id: 'exchange-stock',
    title: 'What lies in stock is what was delivered, less what was ordered and did not come back',
    sql: `
      SELECT item_id, s.on_hand, d.delivered, o.ordered
      FROM (SELECT item_id, sum(on_hand) AS on_hand FROM points.stock GROUP BY item_id) s
      FULL JOIN (SELECT item_id, sum(quantity) AS delivered FROM points.stock_delivery GROUP BY item_id) d USING (item_id)
      FULL JOIN (
        SELECT item_id, count(*) AS ordered FROM points.exchange_order
        WHERE kind <> 'SERVICE' AND status IN ('OPEN', 'COMPLETED') GROUP BY item_id
      ) o USING (item_id)
      WHERE COALESCE(s.on_hand, 0) <> COALESCE(d.delivered, 0) - COALESCE(o.ordered, 0)`,
  },
  {
    id: 'exchange-sent',
    title: 'BOSS is asked about every open order of a mobile product, and about no other',
    sql: `
      SELECT COALESCE(o.order_id, s.order_id) AS order_id, o.status
      FROM (SELECT * FROM points.exchange_order WHERE kind = 'MOBILE_PRODUCT' AND status = 'OPEN') o
      FULL JOIN points.order_to_send s ON s.customer_id = o.customer_id AND s.order_id = o.order_id
      WHERE o.order_id IS NULL OR s.order_id IS NULL`,
  },
];
