import type { DataSource } from 'typeorm';
import { ApplySubscriptions } from '../../../src/modules/customers/application/apply-subscriptions.js';
import { FindBillingNames } from '../../../src/modules/customers/application/billing-names.query.js';
import { FindCustomers } from '../../../src/modules/customers/application/find-customers.query.js';
import { CustomersFacade } from '../../../src/modules/customers/customers.facade.js';
import { SubjectKeys } from '../../../src/modules/customers/persistence/subject-keys.js';
import { SubscriptionArchive } from '../../../src/modules/customers/persistence/subscription-archive.js';
import type { BossOrders } from '../../../src/modules/points/application/exchange/boss-orders.js';
import { CancelOrdersOfLeaver } from '../../../src/modules/points/application/exchange/cancel-orders-of-leaver.js';
import { ChangePointsCatalogue } from '../../../src/modules/points/application/exchange/change-points-catalogue.js';
import { DecideOrder } from '../../../src/modules/points/application/exchange/decide-order.js';
import { EndOrder } from '../../../src/modules/points/application/exchange/end-order.js';
import { EndOrderOfGoods } from '../../../src/modules/points/application/exchange/end-order-of-goods.js';
import { HttpBossOrders } from '../../../src/modules/points/application/exchange/http-boss-orders.js';
import { type AskedExchange, PlaceOrder } from '../../../src/modules/points/application/exchange/place-order.js';
import { SendOrdersToBoss } from '../../../src/modules/points/application/exchange/send-orders-to-boss.js';
import { ShowCard } from '../../../src/modules/points/application/exchange/show-card.js';
import type { CatalogueItem } from '../../../src/modules/points/domain/exchange/catalogue-item.js';
import { provePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { checksOfExchange } from '../../../src/modules/points/persistence/exchange/proof-checks-of-exchange.js';
import { SingleOperations } from '../../../src/modules/points/persistence/ledger/single-operations.js';
import { IntakeAlarms } from '../../../src/modules/usage/persistence/intake-alarms.js';
import { Transaction, type Tx } from '../../../src/platform/database/index.js';
import { Outbox } from '../../../src/platform/events/index.js';
import { personalDataOfNewKeys } from '../../support/serve.js';
import { pointsWorld } from './points-world.js';
import { startStubBoss } from './stub-boss.js';

/** So long our side waits for an answer of BOSS. */
const TIMEOUT_MS = 250;

/** The exchange of points on a database of its own, with a BOSS that has moods. */
export async function exchangeWorld() {
  const world = await pointsWorld();
  const boss = await startStubBoss(TIMEOUT_MS * 4);
  const orders = new HttpBossOrders(boss.url, 'a token', TIMEOUT_MS);
  const personalData = personalDataOfNewKeys();
  const outbox = new Outbox(world.clock);
  const customers = new CustomersFacade(
    new ApplySubscriptions(new SubscriptionArchive(), new SubjectKeys(), personalData, outbox),
    new FindCustomers(world.database),
    personalData,
    new SubjectKeys(),
    new FindBillingNames(world.database, personalData),
  );
  const wired = (transaction: Transaction, to: BossOrders = orders) => {
    const ending = new EndOrder(new SingleOperations(), world.clock);
    return {
      placing: new PlaceOrder(transaction, new SingleOperations(), to, world.clock),
      sending: new SendOrdersToBoss(transaction, to, ending, customers, new IntakeAlarms(world.clock), world.clock),
      deciding: new DecideOrder(transaction, ending, world.clock),
      goods: new EndOrderOfGoods(transaction, ending),
      leaving: new CancelOrdersOfLeaver(ending),
    };
  };
  const usual = wired(world.transaction);
  const catalogue = new ChangePointsCatalogue(world.transaction, world.clock);
  let [items, deliveries] = [0, 0];

  const deliver = (itemId: string, quantity: number) =>
    catalogue.deliver({ itemId, quantity, deliveryNo: `DN-${(deliveries += 1)}` }, 'storekeeper');
  return {
    ...world,
    ...usual,
    wired,
    boss,
    orders,
    customers,
    personalData,
    catalogue,
    deliver,
    showing: new ShowCard(world.transaction, customers, world.clock),
    anItem: async (item: Partial<CatalogueItem> = {}, onHand = 0): Promise<string> => {
      const itemId = `ITEM_${(items += 1)}`;
      const kind = item.kind ?? 'MOBILE_PRODUCT';
      await catalogue.create({
        itemId,
        kind,
        label: { en: 'An item', zh: '商品' },
        points: 500,
        classes: null,
        perPointsYear: null,
        bossProduct: kind === 'MOBILE_PRODUCT' ? 'CARD10' : null,
        benefit: null,
        units: null,
        validFrom: '2026-01-01',
        validUntil: '9999-12-31',
        status: 'ACTIVE',
        ...item,
      });
      if (onHand > 0) await deliver(itemId, onHand);
      return itemId;
    },
    /** Somebody in the plan with so many points. */
    aMember: async (points = 10_000): Promise<string> => {
      const customerId = await world.aCustomer();
      await world.award(customerId, points);
      return customerId;
    },
    asked: (customerId: string, itemId: string, key?: string): AskedExchange => ({
      customerId,
      itemId,
      channel: 'HALL',
      actorId: 'tester',
      key,
    }),
    place: (customerId: string, itemId: string, key?: string) =>
      usual.placing.execute({ customerId, itemId, channel: 'HALL', actorId: 'tester', key }),
    onHand: async (itemId: string): Promise<number> => {
      const [row] = await world.db.query<{ n: number }>(
        'SELECT sum(on_hand)::int AS n FROM points.stock WHERE item_id = $1',
        [itemId],
      );
      return row?.n ?? 0;
    },
    statusOf: async (orderId: string): Promise<string | undefined> => {
      const [row] = await world.db.query<{ status: string }>(
        'SELECT status FROM points.exchange_order WHERE order_id = $1',
        [orderId],
      );
      return row?.status;
    },
    countOf: async (sql: string): Promise<number> => {
      const [row] = await world.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`);
      return row?.n ?? 0;
    },
    /** What breaks an invariant of orders, stock or books. */
    violations: async (): Promise<readonly object[]> => {
      const ofExchange = await Promise.all(
        checksOfExchange.map(async ({ id, sql }) => (await world.db.query(sql)).map((row) => ({ id, ...row }))),
      );
      const { checks } = await provePoints(world.transaction);
      return [...ofExchange.flat(), ...checks.filter(({ violations }) => violations > 0)];
    },
    closeAccount: world.close,
    close: async (): Promise<void> => {
      await boss.close();
      await world.db.drop();
    },
  };
}

/** Whose connection dies before the nth statement of a transaction, from 1. It says how many there were at most. */
export class DyingTransaction extends Transaction {
  deaths = 0;

  constructor(
    source: DataSource,
    private readonly before: number,
  ) {
    super(source);
  }

  override run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return super.run((tx) => {
      let statements = 0;
      const counted = async <R>(carryOut: () => Promise<R>): Promise<R> => {
        statements += 1;
        if (statements === this.before) {
          this.deaths += 1;
          await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
        }
        return carryOut();
      };
      return work({
        ...tx,
        query: (sql, params) => counted(() => tx.query(sql, params)),
        prepared: (statement, params) => counted(() => tx.prepared(statement, params)),
        execute: (sql, params) => counted(() => tx.execute(sql, params)),
      });
    });
  }
}
