import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/index.js';
import { type ListRequest, type Page, readPage } from '../../../../platform/http/index.js';
import type { CatalogueItem } from '../../domain/exchange/catalogue-item.js';
import { ItemNotFound } from '../../domain/exchange/refusals-of-exchange.js';
import { ITEM_COLUMNS } from '../../persistence/exchange/catalogue-items.js';
import { ON_HAND } from '../../persistence/exchange/stock.js';

/** An item, and how many pieces lie in stock; null where none is kept. */
export type OfferedItem = CatalogueItem & { readonly onHand: number | null };

const SELECT = `${ITEM_COLUMNS}, ${ON_HAND} AS "onHand"`;

@Injectable()
export class FindPointsCatalogue {
  constructor(private readonly database: Database) {}

  items<View extends object>(list: ListRequest, view: (item: OfferedItem) => View): Promise<Page<View>> {
    const source = { select: SELECT, from: 'points.catalogue_item i' };
    return readPage<OfferedItem, View>(this.database, list, source, view);
  }

  /** @throws ItemNotFound */
  async item(itemId: string): Promise<OfferedItem> {
    const [row] = await this.database.query<OfferedItem>(
      `SELECT ${SELECT} FROM points.catalogue_item i WHERE i.item_id = $1`,
      [itemId],
    );
    if (!row) throw new ItemNotFound();
    return row;
  }
}
