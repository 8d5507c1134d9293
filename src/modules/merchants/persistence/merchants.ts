import { isId, type Database, type Tx } from '../../../platform/database/index.js';
import type { Discount, Merchant, MerchantStatus, Site, SiteStatus, Terminal } from '../domain/merchant.js';

type Reader = Pick<Database | Tx, 'query'>;

export const MERCHANT_COLUMNS = `m.merchant_id AS "merchantId", m.contract_no AS "contractNo", m.label, m.category, m.status,
  m.funder_id AS "funderId"`;
export const SITE_COLUMNS = `s.site_id AS "siteId", s.merchant_id AS "merchantId", s.label, s.region, s.status`;
export const TERMINAL_COLUMNS = `t.terminal_id AS "terminalId", t.site_id AS "siteId", t.status`;
export const DISCOUNT_COLUMNS = `d.discount_id AS "discountId", d.merchant_id AS "merchantId", d.percent,
  d.effective_from AS "effectiveFrom", d.effective_until AS "effectiveUntil", d.author`;

export async function merchantWithId(reader: Reader, merchantId: string): Promise<Merchant | undefined> {
  if (!isId(merchantId)) return undefined;
  const [row] = await reader.query<Merchant>(
    `SELECT ${MERCHANT_COLUMNS} FROM merchants.merchant m WHERE m.merchant_id = $1`,
    [merchantId],
  );
  return row;
}

/** Until the transaction ends nobody else changes this merchant, its sites or its discounts. */
export async function lockMerchant(tx: Tx, merchantId: string): Promise<Merchant | undefined> {
  if (!isId(merchantId)) return undefined;
  await tx.query('SELECT FROM merchants.merchant WHERE merchant_id = $1 FOR NO KEY UPDATE', [merchantId]);
  return merchantWithId(tx, merchantId);
}

/** False when another merchant has the contract. */
export async function insertMerchant(tx: Tx, merchant: Merchant, at: Date): Promise<boolean> {
  const { merchantId, contractNo, label, category, status, funderId } = merchant;
  const inserted = await tx.execute(
    `INSERT INTO merchants.merchant (merchant_id, contract_no, label, category, status, funder_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (contract_no) DO NOTHING`,
    [merchantId, contractNo, label, category, status, funderId, at],
  );
  return inserted > 0;
}

export async function storeMerchant(tx: Tx, { merchantId, label, category, status }: Merchant): Promise<void> {
  await tx.execute('UPDATE merchants.merchant SET label = $2, category = $3, status = $4 WHERE merchant_id = $1', [
    merchantId,
    label,
    category,
    status,
  ]);
}

export async function lockSite(tx: Tx, siteId: string): Promise<Site | undefined> {
  if (!isId(siteId)) return undefined;
  const [row] = await tx.query<Site>(
    `SELECT ${SITE_COLUMNS} FROM merchants.site s WHERE s.site_id = $1 FOR NO KEY UPDATE`,
    [siteId],
  );
  return row;
}

export async function insertSite(tx: Tx, { siteId, merchantId, label, region, status }: Site, at: Date): Promise<void> {
  await tx.execute(
    `INSERT INTO merchants.site (site_id, merchant_id, label, region, status, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
    [siteId, merchantId, label, region, status, at],
  );
}

export async function storeSite(tx: Tx, { siteId, label, status }: Site): Promise<void> {
  await tx.execute('UPDATE merchants.site SET label = $2, status = $3 WHERE site_id = $1', [siteId, label, status]);
}

export async function lockTerminal(tx: Tx, terminalId: string): Promise<Terminal | undefined> {
  const [row] = await tx.query<Terminal>(
    `SELECT ${TERMINAL_COLUMNS} FROM merchants.terminal t WHERE t.terminal_id = $1 FOR NO KEY UPDATE`,
    [terminalId],
  );
  return row;
}

/** False when there is one of this number. */
export async function insertTerminal(tx: Tx, { terminalId, siteId, status }: Terminal, at: Date): Promise<boolean> {
  const inserted = await tx.execute(
    `INSERT INTO merchants.terminal (terminal_id, site_id, status, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [terminalId, siteId, status, at],
  );
  return inserted > 0;
}

export async function storeTerminal(tx: Tx, { terminalId, status }: Terminal): Promise<void> {
  await tx.execute('UPDATE merchants.terminal SET status = $2 WHERE terminal_id = $1', [terminalId, status]);
}

export async function lockDiscount(tx: Tx, discountId: string): Promise<Discount | undefined> {
  const [row] = await tx.query<Discount>(
    `SELECT ${DISCOUNT_COLUMNS} FROM merchants.discount d WHERE d.discount_id = $1 FOR NO KEY UPDATE`,
    [discountId],
  );
  return row;
}

/** Does the merchant, which is locked, grant another discount on any of these days? */
export async function overlaps(tx: Tx, discount: Omit<Discount, 'author'>): Promise<boolean> {
  const { merchantId, discountId, effectiveFrom, effectiveUntil } = discount;
  const found = await tx.query(
    `SELECT FROM merchants.discount WHERE merchant_id = $1 AND discount_id <> $2
       AND daterange(effective_from, effective_until) && daterange($3, $4)`,
    [merchantId, discountId, effectiveFrom, effectiveUntil],
  );
  return found.length > 0;
}

export async function insertDiscount(tx: Tx, discount: Discount, at: Date): Promise<void> {
  const { discountId, merchantId, percent, effectiveFrom, effectiveUntil, author } = discount;
  await tx.execute(
    `INSERT INTO merchants.discount (discount_id, merchant_id, percent, effective_from, effective_until, author, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [discountId, merchantId, percent, effectiveFrom, effectiveUntil, author, at],
  );
}

export async function storeDiscount(tx: Tx, { discountId, effectiveUntil }: Discount): Promise<void> {
  await tx.execute('UPDATE merchants.discount SET effective_until = $2 WHERE discount_id = $1', [
    discountId,
    effectiveUntil,
  ]);
}

/** A terminal with what it belongs to. */
export interface TerminalInPlace {
  readonly merchantId: string;
  readonly terminal: MerchantStatus;
  readonly site: SiteStatus;
  readonly merchant: MerchantStatus;
  /** Of the day; 100 where nothing is granted. */
  readonly discountPercent: number;
}

const IN_PLACE = {
  name: 'merchants.terminal_in_place',
  text: `SELECT s.merchant_id AS "merchantId", t.status AS terminal, s.status AS site, m.status AS merchant,
      COALESCE(d.percent, 100) AS "discountPercent"
    FROM merchants.terminal t JOIN merchants.site s USING (site_id) JOIN merchants.merchant m USING (merchant_id)
      LEFT JOIN merchants.discount d ON d.merchant_id = m.merchant_id AND $2 >= d.effective_from AND $2 < d.effective_until
    WHERE t.terminal_id = $1`,
};

export async function terminalInPlace(tx: Tx, terminalId: string, day: string): Promise<TerminalInPlace | undefined> {
  const [row] = await tx.prepared<TerminalInPlace>(IN_PLACE, [terminalId, day]);
  return row;
}
