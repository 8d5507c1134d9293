import { IntakeAlarms } from '../../usage/index.js';
import { CancelOrdersOfLeaver } from '../application/exchange/cancel-orders-of-leaver.js';
import { ChangePointsCatalogue } from '../application/exchange/change-points-catalogue.js';
import { DecideOrder } from '../application/exchange/decide-order.js';
import { EndOrderOfGoods } from '../application/exchange/end-order-of-goods.js';
import { EndOrder } from '../application/exchange/end-order.js';
import { ExchangeInCopy } from '../application/exchange/exchange-in-copy.js';
import { FindExchangeOrders } from '../application/exchange/exchange-orders.query.js';
import { ForgetCards, ForgetShownCards } from '../application/exchange/forget-cards.js';
import { bossOrders } from '../application/exchange/http-boss-orders.js';
import { OrderService } from '../application/exchange/order-service.js';
import { PlaceOrder } from '../application/exchange/place-order.js';
import { FindPointsCatalogue } from '../application/exchange/points-catalogue.query.js';
import { SendOrdersToBoss } from '../application/exchange/send-orders-to-boss.js';
import { ShowCard } from '../application/exchange/show-card.js';
import { ExchangeOrdersController } from '../http/exchange/exchange-orders.controller.js';
import { UnansweredOrdersController } from '../http/exchange/unanswered-orders.controller.js';
import { PointsCatalogueController } from '../http/exchange/points-catalogue.controller.js';
import { SendOrdersToBossJob } from '../jobs/send-orders-to-boss.job.js';
import { CancelOrdersWhenCustomerDeparts } from '../listeners/cancel-orders-when-customer-departs.listener.js';
import { ForgetBoughtCardsWhenCustomerIsErased } from '../listeners/forget-bought-cards-when-customer-is-erased.listener.js';

/** What points are exchanged for (积分商城), and the orders of customers. */
export const exchange = {
  controllers: [PointsCatalogueController, ExchangeOrdersController, UnansweredOrdersController],
  providers: [
    bossOrders,
    ChangePointsCatalogue,
    FindPointsCatalogue,
    PlaceOrder,
    OrderService,
    EndOrder,
    EndOrderOfGoods,
    DecideOrder,
    IntakeAlarms,
    ShowCard,
    SendOrdersToBoss,
    CancelOrdersOfLeaver,
    ForgetCards,
    ForgetShownCards,
    FindExchangeOrders,
    ExchangeInCopy,
  ],
  workers: [SendOrdersToBossJob, CancelOrdersWhenCustomerDeparts, ForgetBoughtCardsWhenCustomerIsErased],
};
