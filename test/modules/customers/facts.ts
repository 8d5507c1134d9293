import type { Tx } from '../../../src/platform/database/index.js';

/** What a test says of a customer; everything else is unremarkable. */
export interface AnyCustomer {
  readonly customerId: string;
  /** Day of departure: the customer is in the retained archive. */
  readonly closedOn?: string;
  readonly status?: string;
  readonly region?: string;
  readonly activatedOn?: string | null;
  readonly simKind?: string | null;
  readonly contractEndsOn?: string | null;
  readonly realName?: boolean;
}

/** Writes customers as the archive would hold them, without the intake. */
export async function keepCustomers(writer: Pick<Tx, 'query'>, customers: readonly AnyCustomer[]): Promise<void> {
  const rows = customers.map((each) => ({
    customer_id: each.customerId,
    archive: each.closedOn ? 'retained' : 'in-network',
    status: each.status ?? (each.closedOn ? 'terminated' : 'active'),
    region: each.region ?? '440000',
    activated_on: each.activatedOn === undefined ? '2015-05-05' : each.activatedOn,
    sim_kind: each.simKind === undefined ? 'MAIN' : each.simKind,
    contract_ends_on: each.contractEndsOn ?? null,
    real_name: each.realName ?? true,
    closed_on: each.closedOn ?? null,
  }));
  await writer.query(
    `INSERT INTO customers.customer (customer_id, party_id, kind, archive, status, region, brand, opened_on, closed_on,
       main_subscription_id, activated_on, sim_kind, contract_ends_on, tariff_code, package_fee_fen, real_name, version,
       created_at, updated_at)
     SELECT customer_id, customer_id, 'individual', archive, status, region, 'GOTONE', COALESCE(activated_on, '2020-01-01'),
       closed_on, customer_id, activated_on, sim_kind, contract_ends_on, 'T59', 5900, real_name, 1, '2026-01-01', '2026-01-01'
     FROM jsonb_to_recordset($1::jsonb) AS c (customer_id uuid, archive text, status text, region text, activated_on date,
       sim_kind text, contract_ends_on date, closed_on date, real_name boolean)`,
    [JSON.stringify(rows)],
  );
}
