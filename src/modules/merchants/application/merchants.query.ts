import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import type { Discount, Merchant, Site, Terminal } from '../domain/merchant.js';
import { MerchantNotFound } from '../domain/refusals.js';
import {
  DISCOUNT_COLUMNS,
  MERCHANT_COLUMNS,
  merchantWithId,
  SITE_COLUMNS,
  TERMINAL_COLUMNS,
} from '../persistence/merchants.js';

@Injectable()
export class FindMerchants {
  constructor(private readonly database: Database) {}

  /** @throws MerchantNotFound */
  async one(merchantId: string): Promise<Merchant> {
    const found = isId(merchantId) ? await merchantWithId(this.database, merchantId) : undefined;
    if (!found) throw new MerchantNotFound();
    return found;
  }

  merchants<View extends object>(list: ListRequest, view: (merchant: Merchant) => View): Promise<Page<View>> {
    const source = { select: MERCHANT_COLUMNS, from: 'merchants.merchant m' };
    return readPage<Merchant, View>(this.database, list, source, view);
  }

  sites<View extends object>(list: ListRequest, view: (site: Site) => View): Promise<Page<View>> {
    const source = { select: SITE_COLUMNS, from: 'merchants.site s' };
    return readPage<Site, View>(this.database, list, source, view);
  }

  terminals<View extends object>(list: ListRequest, view: (terminal: Terminal) => View): Promise<Page<View>> {
    const source = { select: TERMINAL_COLUMNS, from: 'merchants.terminal t' };
    return readPage<Terminal, View>(this.database, list, source, view);
  }

  discounts<View extends object>(list: ListRequest, view: (discount: Discount) => View): Promise<Page<View>> {
    const source = { select: DISCOUNT_COLUMNS, from: 'merchants.discount d' };
    return readPage<Discount, View>(this.database, list, source, view);
  }
}
