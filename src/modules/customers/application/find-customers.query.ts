import { Injectable } from '@nestjs/common';
import { Database, isId, type Tx } from '../../../platform/database/index.js';
import type { Profile } from '../domain/profile.js';

export interface AccountNumber {
  /** BOSS system the account number belongs to. */
  readonly source: string;
  readonly accountNo: string;
}

export interface NumberHolder {
  readonly customerId: string;
  readonly subscriptionId: string;
}

const PROFILE_COLUMNS = `
  customer_id AS "customerId", kind, archive, status, region, branch_code AS "branchCode", brand,
  activated_on AS "activatedOn", closed_on AS "closedOn", sim_kind AS "simKind", tariff_code AS "tariffCode",
  package_fee_fen AS "packageFeeFen", contract_ends_on AS "contractEndsOn", COALESCE(real_name_found = 'VERIFIED', real_name) AS "realName",
  credit_grade AS "creditGrade"`;

type ProfileRow = {
  readonly [K in keyof Profile]: undefined extends Profile[K] ? Exclude<Profile[K], undefined> | null : Profile[K];
};

@Injectable()
export class FindCustomers {
  constructor(private readonly database: Database) {}

  async byNumber(msisdnIndex: Buffer): Promise<NumberHolder | undefined> {
    const [holder] = await this.byNumbers([msisdnIndex]);
    return holder;
  }

  async byNumbers(
    indexes: readonly Buffer[],
    source: Pick<Tx, 'query'> = this.database,
  ): Promise<readonly (NumberHolder | undefined)[]> {
    const rows = await source.query<{ nth: number } & NumberHolder>(
      `SELECT asked.nth, d.customer_id AS "customerId", d.subscription_id AS "subscriptionId"
       FROM unnest($1::bytea[]) WITH ORDINALITY AS asked (msisdn_index, nth)
       JOIN customers.msisdn_directory d USING (msisdn_index)`,
      [indexes],
    );
    return inOrder(indexes.length, rows, ({ customerId, subscriptionId }) => ({ customerId, subscriptionId }));
  }

  async byAccounts(
    accounts: readonly AccountNumber[],
    source: Pick<Tx, 'query'> = this.database,
  ): Promise<readonly (string | undefined)[]> {
    const rows = await source.query<{ nth: number; customerId: string }>(
      `SELECT asked.nth, d.customer_id AS "customerId"
       FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (source, account_no, nth)
       JOIN customers.account_directory d USING (source, account_no)`,
      [accounts.map(({ source }) => source), accounts.map(({ accountNo }) => accountNo)],
    );
    return inOrder(accounts.length, rows, ({ customerId }) => customerId);
  }

  async profile(customerId: string, source: Pick<Tx, 'query'> = this.database): Promise<Profile | undefined> {
    if (!isId(customerId)) return undefined;
    const [row] = await source.query<ProfileRow>(
      `SELECT ${PROFILE_COLUMNS} FROM customers.customer WHERE customer_id = $1`,
      [customerId],
    );
    return row && profileOf(row);
  }

  async exists(customerId: string, source: Pick<Tx, 'query'> = this.database): Promise<boolean> {
    if (!isId(customerId)) return false;
    const rows = await source.query('SELECT 1 FROM customers.customer WHERE customer_id = $1', [customerId]);
    return rows.length > 0;
  }

  /** Whether several customers are one person or company: by their document. */
  async areOneParty(customerIds: readonly string[], source: Pick<Tx, 'query'> = this.database): Promise<boolean> {
    const [found] = await source.query<{ customers: number; parties: number }>(
      `SELECT count(*) AS customers, count(DISTINCT party_id) AS parties
       FROM customers.customer WHERE customer_id = ANY($1::uuid[])`,
      [customerIds],
    );
    return found?.customers === customerIds.length && found.parties === 1;
  }

  async lock(tx: Tx, customerId: string): Promise<boolean> {
    if (!isId(customerId)) return false;
    // NO KEY: rows of other modules that reference the customer may be written meanwhile.
    const rows = await tx.query('SELECT 1 FROM customers.customer WHERE customer_id = $1 FOR NO KEY UPDATE', [
      customerId,
    ]);
    return rows.length > 0;
  }

  async maskedAccounts(customerIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.database.query<{ customer_id: string; last: string }>(
      `SELECT customer_id, CASE WHEN length(account_no) > 8 THEN right(account_no, 4) ELSE '' END AS last
       FROM customers.customer WHERE customer_id = ANY($1::uuid[]) AND account_no IS NOT NULL`,
      [customerIds],
    );
    return new Map(rows.map(({ customer_id: customerId, last }) => [customerId, `****${last}`]));
  }

  async sample(count: number): Promise<readonly string[]> {
    const rows = await this.database.query<{ customer_id: string }>(
      `SELECT customer_id FROM customers.customer WHERE status = 'active' ORDER BY customer_id LIMIT $1`,
      [count],
    );
    return rows.map((row) => row.customer_id);
  }

  async isEmpty(): Promise<boolean> {
    return (await this.database.query('SELECT 1 FROM customers.customer LIMIT 1')).length === 0;
  }
}

function inOrder<R extends { readonly nth: number }, T>(
  length: number,
  rows: readonly R[],
  value: (row: R) => T,
): (T | undefined)[] {
  const found = new Array<T | undefined>(length).fill(undefined);
  for (const row of rows) found[row.nth - 1] = value(row);
  return found;
}

function profileOf(row: ProfileRow): Profile {
  return {
    customerId: row.customerId,
    kind: row.kind,
    archive: row.archive,
    status: row.status,
    region: row.region ?? undefined,
    branchCode: row.branchCode ?? undefined,
    brand: row.brand ?? undefined,
    activatedOn: row.activatedOn ?? undefined,
    closedOn: row.closedOn ?? undefined,
    simKind: row.simKind ?? undefined,
    tariffCode: row.tariffCode ?? undefined,
    packageFeeFen: row.packageFeeFen ?? undefined,
    contractEndsOn: row.contractEndsOn ?? undefined,
    realName: row.realName,
    creditGrade: row.creditGrade ?? undefined,
  };
}
