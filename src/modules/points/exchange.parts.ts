import { CancelOrdersOfLeaver } from './application/cancel-orders-of-leaver.js';
import { ChangePointsCatalogue } from './application/change-points-catalogue.js';
import { EndOrderOfGoods } from './application/end-order-of-goods.js';
import { EndOrder } from './application/end-order.js';
import { ExchangeInCopy } from './application/exchange-in-copy.js';
import { FindExchangeOrders } from './application/exchange-orders.query.js';
import { ForgetCards } from './application/forget-cards.js';
import { bossOrders } from './application/http-boss-orders.js';
import { OrderService } from './application/order-service.js';
import { PlaceOrder } from './application/place-order.js';
import { FindPointsCatalogue } from './application/points-catalogue.query.js';
import { SendOrdersToBoss } from './application/send-orders-to-boss.js';
import { ShowCard } from './application/show-card.js';
import { ExchangeOrdersController } from './http/exchange-orders.controller.js';
import { PointsCatalogueController } from './http/points-catalogue.controller.js';
import { SendOrdersToBossJob } from './jobs/send-orders-to-boss.job.js';
import { CancelOrdersWhenCustomerDeparts } from './listeners/cancel-orders-when-customer-departs.listener.js';
import { ForgetBoughtCardsWhenCustomerIsErased } from './listeners/forget-bought-cards-when-customer-is-erased.listener.js';

/** What points are exchanged for, and the orders of customers. */
export const exchangeParts = {
  controllers: [PointsCatalogueController, ExchangeOrdersController],
  providers: [
    bossOrders,
    ChangePointsCatalogue,
    FindPointsCatalogue,
    PlaceOrder,
    OrderService,
    EndOrder,
    EndOrderOfGoods,
    ShowCard,
    SendOrdersToBoss,
    CancelOrdersOfLeaver,
    ForgetCards,
    FindExchangeOrders,
    ExchangeInCopy,
  ],
  workers: [SendOrdersToBossJob, CancelOrdersWhenCustomerDeparts, ForgetBoughtCardsWhenCustomerIsErased],
};
