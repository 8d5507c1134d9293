import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import { Transaction } from '../../../../platform/database/index.js';
import { type CatalogueItem, isKeptInStock } from '../../domain/exchange/catalogue-item.js';
import { assertPointsAmount } from '../../domain/ledger/points-amount.js';
import {
  DeliveryNoReused,
  ItemEndsBeforeItBegins,
  ItemNotFound,
  ItemNotWhole,
  ItemOfAnotherKind,
  ItemTaken,
  StockTooSmall,
} from '../../domain/exchange/refusals-of-exchange.js';
import { type ChangeableOfItem, insertItem, lockItem, storeItem } from '../../persistence/exchange/catalogue-items.js';
import {
  type Delivery,
  insertDelivery,
  lockStock,
  openStock,
  quantityDelivered,
  shareOut,
} from '../../persistence/exchange/stock.js';

export type ChangeOfItem = { readonly [K in keyof ChangeableOfItem]?: ChangeableOfItem[K] | undefined };

/** Says what points are exchanged for, and how much of it there is (兑换目录与库存). */
@Injectable()
export class ChangePointsCatalogue {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws ItemTaken, ItemNotWhole, ItemEndsBeforeItBegins, InvalidPointsAmount */
  async create(item: CatalogueItem): Promise<CatalogueItem> {
    requireWhole(item);
    requireOrder(item);
    return this.transaction.run(async (tx) => {
      if (!(await insertItem(tx, item, this.clock.now()))) throw new ItemTaken(item.itemId);
      if (isKeptInStock(item)) await openStock(tx, item.itemId);
      tx.audit({ action: 'points.create-item', objectType: 'PointsItem', objectId: item.itemId, after: item });
      return item;
    });
  }

  /** Orders keep what they cost. @throws ItemNotFound, ItemEndsBeforeItBegins, InvalidPointsAmount */
  async change(itemId: string, change: ChangeOfItem): Promise<CatalogueItem> {
    return this.transaction.run(async (tx) => {
      const before = await lockItem(tx, itemId);
      if (!before) throw new ItemNotFound();
      const said = Object.entries(change).filter(([, value]) => value !== undefined);
      const after: CatalogueItem = { ...before, ...(Object.fromEntries(said) as Partial<ChangeableOfItem>) };
      requireWhole(after);
      requireOrder(after);
      await storeItem(tx, itemId, after);
      tx.audit({ action: 'points.change-item', objectType: 'PointsItem', objectId: itemId, before, after });
      return after;
    });
  }

  /**
   * Enters what has come into stock, or with a quantity below zero what was taken out of it. The same delivery again is the same one.
   * Answers what lies in stock now.
   * @throws ItemNotFound, ItemOfAnotherKind, StockTooSmall, DeliveryNoReused
   */
  async deliver(delivery: Delivery, actorId: string): Promise<number> {
    const { itemId, deliveryNo, quantity } = delivery;
    return this.transaction.run(async (tx) => {
      const item = await lockItem(tx, itemId);
      if (!item) throw new ItemNotFound();
      if (!isKeptInStock(item))
        throw new ItemOfAnotherKind({ expected: ['MOBILE_PRODUCT', 'GOODS'], actual: item.kind });
      const isNew = await insertDelivery(tx, delivery, actorId, this.clock.now());
      const onHand = await lockStock(tx, itemId);
      if (!isNew) {
        const expected = await quantityDelivered(tx, itemId, deliveryNo);
        if (expected !== quantity) throw new DeliveryNoReused(expected ?? 0);
        return onHand;
      }
      if (onHand + quantity < 0) throw new StockTooSmall({ onHand, quantity });
      await shareOut(tx, itemId, onHand + quantity);
      const objectId = `${itemId}~${deliveryNo}`;
      tx.audit({ action: 'points.deliver-items', objectType: 'StockDelivery', objectId, after: delivery });
      return onHand + quantity;
    });
  }
}

/** @throws ItemNotWhole, InvalidPointsAmount */
function requireWhole({ kind, points, bossProduct, benefit, units }: CatalogueItem): void {
  assertPointsAmount(points);
  const said = { bossProduct, benefit, units };
  const needed: readonly string[] =
    kind === 'MOBILE_PRODUCT' ? ['bossProduct'] : kind === 'SERVICE' ? ['benefit', 'units'] : [];
  for (const [field, value] of Object.entries(said)) {
    if (needed.includes(field) !== (value !== null))
      throw new ItemNotWhole({ field, expected: needed.includes(field) ? 'a value' : 'nothing' });
  }
}

/** @throws ItemEndsBeforeItBegins */
function requireOrder({ validFrom, validUntil }: CatalogueItem): void {
  if (validUntil < validFrom) throw new ItemEndsBeforeItBegins(validFrom);
}
