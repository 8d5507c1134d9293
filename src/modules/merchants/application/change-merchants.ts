import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { isId, newId, Transaction } from '../../../platform/database/index.js';
import type { Discount, Merchant, Site, Terminal } from '../domain/merchant.js';
import {
  ContractTaken,
  DiscountDayIsGone,
  DiscountEndsBeforeItBegins,
  DiscountNotFound,
  DiscountsOverlap,
  MerchantNotFound,
  SiteNotFound,
  TerminalNotFound,
  TerminalTaken,
  UnknownMerchant,
  UnknownSite,
} from '../domain/refusals.js';
import {
  insertDiscount,
  insertMerchant,
  insertSite,
  insertTerminal,
  lockDiscount,
  lockMerchant,
  lockSite,
  lockTerminal,
  overlaps,
  storeDiscount,
  storeMerchant,
  storeSite,
  storeTerminal,
} from '../persistence/merchants.js';

type Changes<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** Keeps the merchants of the alliance, their sites, terminals and discounts (MER-09). */
@Injectable()
export class ChangeMerchants {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws ContractTaken */
  async create(said: Omit<Merchant, 'merchantId' | 'status'>): Promise<Merchant> {
    const merchant: Merchant = { ...said, merchantId: newId(), status: 'active' };
    return this.transaction.run(async (tx) => {
      if (!(await insertMerchant(tx, merchant, this.clock.now()))) throw new ContractTaken(merchant.contractNo);
      tx.audit({ action: 'merchants.create', objectType: 'Merchant', objectId: merchant.merchantId, after: merchant });
      return merchant;
    });
  }

  /** @throws MerchantNotFound */
  async change(
    merchantId: string,
    { label, category, status }: Changes<Pick<Merchant, 'label' | 'category' | 'status'>>,
  ): Promise<Merchant> {
    if (!isId(merchantId)) throw new MerchantNotFound();
    return this.transaction.run(async (tx) => {
      const before = await lockMerchant(tx, merchantId);
      if (!before) throw new MerchantNotFound();
      const after = {
        ...before,
        label: label ?? before.label,
        category: category ?? before.category,
        status: status ?? before.status,
      };
      await storeMerchant(tx, after);
      tx.audit({ action: 'merchants.change', objectType: 'Merchant', objectId: merchantId, before, after });
      return after;
    });
  }

  /** @throws UnknownMerchant */
  async openSite(said: Omit<Site, 'siteId' | 'status'>): Promise<Site> {
    const site: Site = { ...said, siteId: newId(), status: 'active' };
    return this.transaction.run(async (tx) => {
      if (!(await lockMerchant(tx, site.merchantId))) throw new UnknownMerchant();
      await insertSite(tx, site, this.clock.now());
      tx.audit({ action: 'merchants.open-site', objectType: 'MerchantSite', objectId: site.siteId, after: site });
      return site;
    });
  }

  /** @throws SiteNotFound */
  async changeSite(siteId: string, { label, status }: Changes<Pick<Site, 'label' | 'status'>>): Promise<Site> {
    if (!isId(siteId)) throw new SiteNotFound();
    return this.transaction.run(async (tx) => {
      const before = await lockSite(tx, siteId);
      if (!before) throw new SiteNotFound();
      const after = { ...before, label: label ?? before.label, status: status ?? before.status };
      await storeSite(tx, after);
      tx.audit({ action: 'merchants.change-site', objectType: 'MerchantSite', objectId: siteId, before, after });
      return after;
    });
  }

  /** @throws UnknownSite, TerminalTaken */
  async addTerminal({ terminalId, siteId }: Omit<Terminal, 'status'>): Promise<Terminal> {
    const after: Terminal = { terminalId, siteId, status: 'active' };
    return this.transaction.run(async (tx) => {
      if (!(await lockSite(tx, siteId))) throw new UnknownSite();
      if (!(await insertTerminal(tx, after, this.clock.now()))) throw new TerminalTaken(terminalId);
      tx.audit({ action: 'merchants.add-terminal', objectType: 'PosTerminal', objectId: terminalId, after });
      return after;
    });
  }

  /** @throws TerminalNotFound */
  async changeTerminal(terminalId: string, { status }: Changes<Pick<Terminal, 'status'>>): Promise<Terminal> {
    return this.transaction.run(async (tx) => {
      const before = await lockTerminal(tx, terminalId);
      if (!before) throw new TerminalNotFound();
      const after = { ...before, status: status ?? before.status };
      await storeTerminal(tx, after);
      tx.audit({ action: 'merchants.change-terminal', objectType: 'PosTerminal', objectId: terminalId, before, after });
      return after;
    });
  }

  /** @throws UnknownMerchant, DiscountsOverlap, DiscountDayIsGone, DiscountEndsBeforeItBegins */
  async grantDiscount(said: Omit<Discount, 'discountId'>): Promise<Discount> {
    const discount: Discount = { ...said, discountId: newId() };
    const { merchantId, discountId, effectiveFrom } = discount;
    this.requireToCome('effectiveFrom', effectiveFrom);
    requireOrder(discount);
    return this.transaction.run(async (tx) => {
      if (!(await lockMerchant(tx, merchantId))) throw new UnknownMerchant();
      if (await overlaps(tx, discount)) throw new DiscountsOverlap();
      await insertDiscount(tx, discount, this.clock.now());
      tx.audit({
        action: 'merchants.grant-discount',
        objectType: 'MerchantDiscount',
        objectId: discountId,
        after: discount,
      });
      return discount;
    });
  }

  /** @throws DiscountNotFound, DiscountsOverlap, DiscountDayIsGone, DiscountEndsBeforeItBegins */
  async endDiscount(discountId: string, effectiveUntil: string): Promise<Discount> {
    if (!isId(discountId)) throw new DiscountNotFound();
    this.requireToCome('effectiveUntil', effectiveUntil);
    return this.transaction.run(async (tx) => {
      const before = await lockDiscount(tx, discountId);
      if (!before) throw new DiscountNotFound();
      await lockMerchant(tx, before.merchantId);
      const after = { ...before, effectiveUntil };
      requireOrder(after);
      if (await overlaps(tx, after)) throw new DiscountsOverlap();
      await storeDiscount(tx, after);
      tx.audit({
        action: 'merchants.end-discount',
        objectType: 'MerchantDiscount',
        objectId: discountId,
        before,
        after,
      });
      return after;
    });
  }

  private requireToCome(field: 'effectiveFrom' | 'effectiveUntil', day: string): void {
    const today = businessDate(this.clock.now());
    if (day < today) throw new DiscountDayIsGone(field, today);
  }
}

function requireOrder({ effectiveFrom, effectiveUntil }: Discount): void {
  if (effectiveUntil < effectiveFrom) throw new DiscountEndsBeforeItBegins(effectiveFrom);
}
