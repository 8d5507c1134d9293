import type { Tier } from '../../../src/modules/tiering/index.js';
import { newId, type Tx } from '../../../src/platform/database/index.js';
import { keepCustomers as keepTheirArchive, type AnyCustomer as Customer } from '../customers/facts.js';

export interface AnyCustomer extends Customer {
  readonly months?: readonly AnyMonth[];
}

export interface AnyMonth {
  /** First day. */
  readonly month: string;
  readonly netSpendFen?: number;
  /** null: neither billed nor known from the subscription. */
  readonly packageFeeFen?: number | null;
  readonly twoWaySuspensions?: number;
}

type Writer = Pick<Tx, 'query'>;

export async function keepCustomers(writer: Writer, customers: readonly AnyCustomer[]): Promise<void> {
  await keepTheirArchive(writer, customers);
  for (const each of customers) await keepMonths(writer, each.customerId, each.months ?? []);
}

/** The same month again replaces it, as a late or corrected bill does. */
export async function keepMonths(writer: Writer, customerId: string, months: readonly AnyMonth[]): Promise<void> {
  if (months.length === 0) return;
  const rows = months.map((each) => ({
    month: each.month,
    spend: each.netSpendFen ?? 0,
    suspensions: each.twoWaySuspensions ?? 0,
    bills: each.packageFeeFen === null ? 0 : 1,
    fee: each.packageFeeFen ?? 0,
  }));
  await writer.query(
    `INSERT INTO usage.customer_month (customer_id, month, spend_fen, net_spend_fen, two_way_suspensions, bills, billed_package_fen)
     SELECT $1, month, spend, spend, suspensions, bills, fee
     FROM jsonb_to_recordset($2::jsonb) AS m (month date, spend bigint, suspensions int, bills int, fee bigint)
     ON CONFLICT (customer_id, month) DO UPDATE SET spend_fen = excluded.spend_fen, net_spend_fen = excluded.net_spend_fen,
       two_way_suspensions = excluded.two_way_suspensions, bills = excluded.bills, billed_package_fen = excluded.billed_package_fen`,
    [customerId, JSON.stringify(rows)],
  );
}

export async function keepBirthYear(writer: Writer, customerId: string, year: number): Promise<void> {
  await writer.query(
    `INSERT INTO customers.party (party_id, kind, identity_sealed, precedence, updated_at, birth_year)
     SELECT party_id, 'individual', '', '', '2026-01-01', $2 FROM customers.customer WHERE customer_id = $1`,
    [customerId, year],
  );
}

/** The level that a customer holds since 2025-02-01. */
export async function keepTier(writer: Writer, customerId: string, tier: Tier): Promise<void> {
  await writer.query(
    `INSERT INTO tiering.tier_assignment (customer_id, program, decision_id, tier, valid_from) VALUES ($1, 'GOTONE', $2, $3, '2025-02-01')`,
    [customerId, newId(), tier],
  );
}

/** Twelve equal months of a year that come to a sum: what does not divide is in December. */
export function yearOf(year: number, sumFen: number): AnyMonth[] {
  const each = Math.floor(sumFen / 12);
  return Array.from({ length: 12 }, (_, i) => ({
    month: `${year}-${String(i + 1).padStart(2, '0')}-01`,
    netSpendFen: i === 11 ? sumFen - each * 11 : each,
  }));
}
