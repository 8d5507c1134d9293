import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import type { ArchiveState, Subscription, SubscriptionStatus } from '../domain/archive.js';
import type { Archive, CustomerStatus } from '../domain/profile.js';
import type { SimKind } from '../domain/subscription-snapshot.js';
import { column } from './bulk.js';

export interface KnownSubscription {
  readonly customerId: string;
  readonly numberHex: string;
  readonly subscriptionId: string;
  readonly precedence: Buffer;
}

export interface LockedCustomer {
  readonly customerId: string;
  readonly archive: Archive;
  readonly status: CustomerStatus;
}

/** A subscription as it is to be stored. */
export interface StoredSubscription extends Subscription {
  readonly customerId: string;
  readonly numberBytes: Buffer;
  readonly statusAt: Date;
  readonly recordVersion: number;
  readonly precedence: Buffer;
}

export interface NewSubscription extends StoredSubscription {
  readonly accountNo: string;
  readonly msisdnSealed: Buffer;
}

export interface StoredParty {
  readonly partyId: string;
  readonly identitySealed: Buffer;
  readonly idType: string | undefined;
  readonly birthYear: number | undefined;
  readonly precedence: Buffer;
}

export interface KnownParty {
  readonly partyId: string;
  /** Of the snapshot that the stored identity is from; `undefined` for a party that is new. */
  readonly precedence: Buffer | undefined;
}

export interface CustomerRow {
  readonly customerId: string;
  readonly accountNo: string;
  readonly state: ArchiveState;
}

/** Set-wise storage of the archive. Every method is one statement for however many rows. */
@Injectable()
export class SubscriptionArchive {
  /** Until the transaction ends nobody is erased, so that nobody is named who is being erased (`customers.erase`). */
  async holdOffErasure(tx: Tx): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock_shared(hashtext('customers.identities'))`);
  }

  async findAccounts(tx: Tx, source: string, accountNos: readonly string[]): Promise<Map<string, string>> {
    const rows = await tx.query<{ account_no: string; customer_id: string }>(
      `SELECT account_no, customer_id FROM customers.account_directory WHERE source = $1 AND account_no = ANY($2::text[])`,
      [source, column(accountNos, (no) => no)],
    );
    return new Map(rows.map((row) => [row.account_no, row.customer_id]));
  }

  /** Claims accounts for new customers; answers those that nobody else had claimed. Waits for others that claim them now. */
  async claimAccounts(tx: Tx, source: string, claims: ReadonlyMap<string, string>): Promise<Set<string>> {
    const rows = await tx.query<{ account_no: string }>(
      `INSERT INTO customers.account_directory (source, account_no, customer_id)
       SELECT $1, account_no, customer_id FROM unnest($2::text[], $3::uuid[]) AS c (account_no, customer_id)
       ORDER BY account_no COLLATE "C"
       ON CONFLICT DO NOTHING RETURNING account_no`,
      [source, column([...claims.keys()], (no) => no), column([...claims.values()], (customerId) => customerId)],
    );
    return new Set(rows.map((row) => row.account_no));
  }

  /** The subscriptions of these (customer, number) pairs. */
  async findSubscriptions(
    tx: Tx,
    asked: readonly { readonly customerId: string; readonly numberIndex: Buffer }[],
  ): Promise<readonly KnownSubscription[]> {
    return tx.query<KnownSubscription>(
      `SELECT customer_id AS "customerId", encode(msisdn_index, 'hex') AS "numberHex",
              subscription_id AS "subscriptionId", precedence
       FROM customers.subscription
       JOIN unnest($1::uuid[], $2::bytea[]) AS asked (customer_id, msisdn_index) USING (customer_id, msisdn_index)`,
      [column(asked, (a) => a.customerId), column(asked, (a) => a.numberIndex)],
    );
  }

  async lockCustomers(tx: Tx, customerIds: readonly string[]): Promise<readonly LockedCustomer[]> {
    return tx.query<LockedCustomer>(
      `SELECT customer_id AS "customerId", archive, status FROM customers.customer
       WHERE customer_id = ANY($1::uuid[]) ORDER BY customer_id FOR NO KEY UPDATE`,
      [customerIds],
    );
  }

  /** All subscriptions of these customers, by customer. */
  async subscriptionsOf(tx: Tx, customerIds: readonly string[]): Promise<Map<string, Map<string, Subscription>>> {
    const rows = await tx.query<SubscriptionRow>(
      `SELECT customer_id, subscription_id, party_id, encode(msisdn_index, 'hex') AS number_hex, status,
              (status_at AT TIME ZONE 'Asia/Shanghai')::date AS status_on, activated_on, brand, region, branch_code,
              tariff_code, package_fee_fen, sim_kind, contract_ends_on, real_name, credit_grade
       FROM customers.subscription WHERE customer_id = ANY($1::uuid[])`,
      [customerIds],
    );
    const byCustomer = new Map<string, Map<string, Subscription>>();
    for (const row of rows) {
      const own = byCustomer.get(row.customer_id) ?? new Map<string, Subscription>();
      byCustomer.set(row.customer_id, own.set(row.number_hex, subscriptionOf(row)));
    }
    return byCustomer;
  }

  /** Claims identities (by their hex) for new parties; answers whom they belong to, known parties with what is stored. */
  async resolveParties(tx: Tx, claims: ReadonlyMap<string, string>): Promise<Map<string, KnownParty>> {
    const claimed = await tx.query<{ party_id: string }>(
      `INSERT INTO customers.party_directory (identity_index, party_id)
       SELECT identity_index, party_id FROM unnest($1::bytea[], $2::uuid[]) AS c (identity_index, party_id)
       ORDER BY identity_index
       ON CONFLICT DO NOTHING RETURNING party_id`,
      [column([...claims.keys()], bytesOf), column([...claims.values()], (partyId) => partyId)],
    );
    const own = new Set(claimed.map((row) => row.party_id));
    const parties = new Map(
      [...claims].map(([hex, partyId]): [string, KnownParty] => [hex, { partyId, precedence: undefined }]),
    );
    const others = [...claims].filter(([, partyId]) => !own.has(partyId)).map(([hex]) => hex);
    if (others.length === 0) return parties;
    const rows = await tx.query<{ identity: string } & KnownParty>(
      `SELECT encode(d.identity_index, 'hex') AS identity, d.party_id AS "partyId", p.precedence
       FROM customers.party_directory d JOIN customers.party p USING (party_id)
       WHERE d.identity_index = ANY($1::bytea[])`,
      [column(others, bytesOf)],
    );
    for (const { identity, partyId, precedence } of rows) parties.set(identity, { partyId, precedence });
    return parties;
  }

  /** The highest precedence stays, whoever comes first. */
  async storeParties(tx: Tx, parties: readonly StoredParty[], at: Date): Promise<void> {
    await tx.execute(
      `INSERT INTO customers.party AS p (party_id, kind, identity_sealed, id_type, precedence, updated_at, birth_year)
       SELECT party_id, 'individual', identity, id_type, precedence, $5, birth_year
       FROM unnest($1::uuid[], $2::bytea[], $3::text[], $4::bytea[], $6::smallint[]) AS n (party_id, identity, id_type, precedence, birth_year)
       ORDER BY party_id
       ON CONFLICT (party_id) DO UPDATE SET
         identity_sealed = excluded.identity_sealed, id_type = excluded.id_type,
         birth_year = excluded.birth_year, precedence = excluded.precedence, updated_at = excluded.updated_at
       WHERE p.precedence < excluded.precedence`,
      [
        column(parties, (p) => p.partyId),
        column(parties, (p) => p.identitySealed),
        column(parties, (p) => p.idType),
        column(parties, (p) => p.precedence),
        at,
        column(parties, (p) => p.birthYear),
      ],
    );
  }

  async insertCustomers(tx: Tx, source: string, customers: readonly CustomerRow[], at: Date): Promise<void> {
    await tx.execute(
      `INSERT INTO customers.customer (customer_id, account_no, source, kind, version, created_at, updated_at, ${STATE})
       SELECT customer_id, account_no, $${STATE_ARRAYS + 2}, 'individual', 1, $${STATE_ARRAYS + 1}, $${STATE_ARRAYS + 1}, ${STATE}
       FROM unnest(${STATE_UNNEST}, $${STATE_ARRAYS + 3}::text[]) AS n (customer_id, ${STATE}, account_no)`,
      [...stateColumns(customers), at, source, column(customers, (c) => c.accountNo)],
    );
  }

  /** That billing changes its word about the real name undoes what we found; that it repeats its word does not. */
  async updateCustomers(tx: Tx, customers: readonly CustomerRow[], at: Date): Promise<void> {
    await tx.execute(
      `UPDATE customers.customer c
       SET (${STATE}) = (${prefixed('n', STATE)}),
           real_name_found = CASE WHEN c.real_name = n.real_name THEN c.real_name_found END,
           version = c.version + 1, updated_at = $${STATE_ARRAYS + 1}
       FROM unnest(${STATE_UNNEST}) AS n (customer_id, ${STATE})
       WHERE c.customer_id = n.customer_id`,
      [...stateColumns(customers), at],
    );
  }

  async insertSubscriptions(tx: Tx, subscriptions: readonly NewSubscription[], at: Date): Promise<void> {
    await tx.execute(
      `INSERT INTO customers.subscription (customer_id, msisdn_index, ${FACTS}, updated_at, subscription_id, account_no, msisdn_sealed)
       SELECT customer_id, msisdn_index, ${FACTS}, $${FACTS_ARRAYS + 1}, subscription_id, account_no, msisdn_sealed
       FROM unnest(${FACTS_UNNEST}, $${FACTS_ARRAYS + 2}::uuid[], $${FACTS_ARRAYS + 3}::text[], $${FACTS_ARRAYS + 4}::bytea[])
         AS n (customer_id, msisdn_index, ${FACTS}, subscription_id, account_no, msisdn_sealed)`,
      [
        ...factColumns(subscriptions),
        at,
        column(subscriptions, (s) => s.subscriptionId),
        column(subscriptions, (s) => s.accountNo),
        column(subscriptions, (s) => s.msisdnSealed),
      ],
    );
  }

  async updateSubscriptions(tx: Tx, subscriptions: readonly StoredSubscription[], at: Date): Promise<void> {
    await tx.execute(
      `UPDATE customers.subscription s
       SET (${FACTS}) = (${prefixed('n', FACTS)}), updated_at = $${FACTS_ARRAYS + 1}
       FROM unnest(${FACTS_UNNEST}) AS n (customer_id, msisdn_index, ${FACTS})
       WHERE s.customer_id = n.customer_id AND s.msisdn_index = n.msisdn_index`,
      [...factColumns(subscriptions), at],
    );
  }

  /** Claims numbers for their new subscriptions; answers (as hex) those that have a holder already. */
  async claimNumbers(tx: Tx, subscriptions: readonly StoredSubscription[]): Promise<readonly string[]> {
    const rows = await tx.query<{ subscription_id: string }>(
      `INSERT INTO customers.msisdn_directory (msisdn_index, customer_id, subscription_id)
       SELECT * FROM unnest($1::bytea[], $2::uuid[], $3::uuid[]) AS n (msisdn_index, customer_id, subscription_id)
       ORDER BY msisdn_index
       ON CONFLICT DO NOTHING RETURNING subscription_id`,
      [
        column(subscriptions, (s) => s.numberBytes),
        column(subscriptions, (s) => s.customerId),
        column(subscriptions, (s) => s.subscriptionId),
      ],
    );
    const claimed = new Set(rows.map((row) => row.subscription_id));
    return subscriptions.filter((each) => !claimed.has(each.subscriptionId)).map(({ numberIndex }) => numberIndex);
  }

  /**
   * Decides anew whose numbers these are: a live subscription before an ended one, then the one activated last. The lock
   * comes first and in its own statement, so that the decision sees what everybody who held it has committed.
   */
  async settleNumbers(tx: Tx, numbers: readonly string[]): Promise<void> {
    const keys = column(numbers, bytesOf);
    await tx.execute(
      `SELECT 1 FROM customers.msisdn_directory WHERE msisdn_index = ANY($1::bytea[]) ORDER BY msisdn_index FOR UPDATE`,
      [keys],
    );
    await tx.execute(
      `UPDATE customers.msisdn_directory d SET customer_id = holder.customer_id, subscription_id = holder.subscription_id
       FROM (
         SELECT DISTINCT ON (msisdn_index) msisdn_index, customer_id, subscription_id
         FROM customers.subscription WHERE msisdn_index = ANY($1::bytea[])
         ORDER BY msisdn_index, status = 'terminated', activated_on DESC, status_at DESC, account_no, customer_id
       ) holder
       WHERE d.msisdn_index = holder.msisdn_index AND d.subscription_id <> holder.subscription_id`,
      [keys],
    );
  }

  async recordMoves(
    tx: Tx,
    moves: readonly { customerId: string; moveId: string; from: Archive; to: Archive; movedOn: string }[],
    at: Date,
  ): Promise<void> {
    await tx.execute(
      `INSERT INTO customers.archive_move (customer_id, move_id, from_archive, to_archive, moved_on, recorded_at)
       SELECT n.*, $6 FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::date[]) AS n`,
      [
        column(moves, (m) => m.customerId),
        column(moves, (m) => m.moveId),
        column(moves, (m) => m.from),
        column(moves, (m) => m.to),
        column(moves, (m) => m.movedOn),
        at,
      ],
    );
  }
}

const STATE = `party_id, archive, status, opened_on, closed_on, main_subscription_id, activated_on, region, branch_code,
  brand, sim_kind, tariff_code, package_fee_fen, contract_ends_on, real_name, credit_grade`;
const STATE_TYPES = 'uuid uuid text text date date uuid date text text text text text bigint date boolean text'.split(
  ' ',
);
const STATE_ARRAYS = STATE_TYPES.length;
const STATE_UNNEST = STATE_TYPES.map((type, i) => `$${i + 1}::${type}[]`).join(', ');

function stateColumns(customers: readonly CustomerRow[]): unknown[] {
  return [
    column(customers, (c) => c.customerId),
    column(customers, (c) => c.state.main.partyId),
    column(customers, (c) => c.state.archive),
    column(customers, (c) => c.state.status),
    column(customers, (c) => c.state.openedOn),
    column(customers, (c) => c.state.closedOn),
    column(customers, (c) => c.state.main.subscriptionId),
    column(customers, (c) => c.state.main.activatedOn),
    column(customers, (c) => c.state.main.region),
    column(customers, (c) => c.state.main.branchCode),
    column(customers, (c) => c.state.main.brand),
    column(customers, (c) => c.state.main.simKind),
    column(customers, (c) => c.state.main.tariffCode),
    column(customers, (c) => c.state.main.packageFeeFen),
    column(customers, (c) => c.state.main.contractEndsOn),
    column(customers, (c) => c.state.main.realName),
    column(customers, (c) => c.state.main.creditGrade),
  ];
}

const FACTS = `party_id, status, status_at, activated_on, brand, region, branch_code, tariff_code, package_fee_fen, sim_kind,
  contract_ends_on, real_name, credit_grade, record_version, precedence`;
const FACTS_TYPES =
  'uuid bytea uuid text timestamptz date text text text text bigint text date boolean text integer bytea'.split(' ');
const FACTS_ARRAYS = FACTS_TYPES.length;
const FACTS_UNNEST = FACTS_TYPES.map((type, i) => `$${i + 1}::${type}[]`).join(', ');

function factColumns(subscriptions: readonly StoredSubscription[]): unknown[] {
  return [
    column(subscriptions, (s) => s.customerId),
    column(subscriptions, (s) => s.numberBytes),
    column(subscriptions, (s) => s.partyId),
    column(subscriptions, (s) => s.status),
    column(subscriptions, (s) => s.statusAt.toISOString()),
    column(subscriptions, (s) => s.activatedOn),
    column(subscriptions, (s) => s.brand),
    column(subscriptions, (s) => s.region),
    column(subscriptions, (s) => s.branchCode),
    column(subscriptions, (s) => s.tariffCode),
    column(subscriptions, (s) => s.packageFeeFen),
    column(subscriptions, (s) => s.simKind),
    column(subscriptions, (s) => s.contractEndsOn),
    column(subscriptions, (s) => s.realName),
    column(subscriptions, (s) => s.creditGrade),
    column(subscriptions, (s) => s.recordVersion),
    column(subscriptions, (s) => s.precedence),
  ];
}

const bytesOf = (hex: string): Buffer => Buffer.from(hex, 'hex');

const prefixed = (alias: string, names: string): string =>
  names
    .split(',')
    .map((name) => `${alias}.${name.trim()}`)
    .join(', ');

interface SubscriptionRow {
  customer_id: string;
  subscription_id: string;
  party_id: string;
  number_hex: string;
  status: SubscriptionStatus;
  status_on: string;
  activated_on: string;
  brand: string;
  region: string;
  branch_code: string | null;
  tariff_code: string | null;
  package_fee_fen: number;
  sim_kind: SimKind;
  contract_ends_on: string | null;
  real_name: boolean;
  credit_grade: string | null;
}

function subscriptionOf(row: SubscriptionRow): Subscription {
  return {
    subscriptionId: row.subscription_id,
    partyId: row.party_id,
    status: row.status,
    statusOn: row.status_on,
    activatedOn: row.activated_on,
    brand: row.brand,
    region: row.region,
    branchCode: row.branch_code ?? undefined,
    tariffCode: row.tariff_code ?? undefined,
    packageFeeFen: row.package_fee_fen,
    simKind: row.sim_kind,
    contractEndsOn: row.contract_ends_on ?? undefined,
    realName: row.real_name,
    creditGrade: row.credit_grade ?? undefined,
    numberIndex: row.number_hex,
  };
}
