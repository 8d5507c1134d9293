import type { Tx } from '../../../platform/database/index.js';
import type { Slice } from '../../../platform/queues/index.js';
import { column as array } from './bulk.js';

/** A column of envelopes that belong to a party or a customer. */
interface SealedColumn {
  readonly name: 'identity_sealed' | 'msisdn_sealed' | 'extra_sealed';
  readonly table: string;
  readonly rowId: string;
  readonly subjectId: string;
  /** The rows of a slice of customers, ends as $1 and $2. */
  readonly ofSlice: string;
}

const OF_CUSTOMERS = 'customer_id >= $1 AND customer_id < $2';

export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    name: 'identity_sealed',
    table: 'customers.party',
    rowId: 'party_id',
    subjectId: 'party_id',
    ofSlice: `party_id IN (SELECT party_id FROM customers.customer WHERE ${OF_CUSTOMERS}
      UNION SELECT party_id FROM customers.subscription WHERE ${OF_CUSTOMERS})`,
  },
  {
    name: 'msisdn_sealed',
    table: 'customers.subscription',
    rowId: 'subscription_id',
    subjectId: 'customer_id',
    ofSlice: OF_CUSTOMERS,
  },
  {
    name: 'extra_sealed',
    table: 'customers.customer',
    rowId: 'customer_id',
    subjectId: 'customer_id',
    ofSlice: OF_CUSTOMERS,
  },
];

/** The first byte of an envelope that is sealed with the data key alone. */
const OF_THE_SYSTEM = `'\\x01'::bytea`;

/** Locked in the order of their keys: intake may be renewing some of them. */
export function oldEnvelopes(
  tx: Tx,
  { name, table, rowId, subjectId, ofSlice }: SealedColumn,
  { from, to }: Slice,
): Promise<readonly { readonly rowId: string; readonly subjectId: string; readonly sealed: Buffer }[]> {
  return tx.query(
    `SELECT ${rowId} AS "rowId", ${subjectId} AS "subjectId", ${name} AS sealed FROM ${table}
     WHERE ${ofSlice} AND substring(${name} FOR 1) = ${OF_THE_SYSTEM} ORDER BY ${rowId} FOR NO KEY UPDATE`,
    [from, to],
  );
}

export function replaceEnvelopes(
  tx: Tx,
  { name, table, rowId }: SealedColumn,
  renewed: readonly { readonly rowId: string; readonly sealed: Buffer }[],
): Promise<number> {
  if (renewed.length === 0) return Promise.resolve(0);
  return tx.execute(
    `UPDATE ${table} t SET ${name} = n.sealed FROM unnest($1::uuid[], $2::bytea[]) AS n (row_id, sealed)
     WHERE t.${rowId} = n.row_id`,
    [array(renewed, (r) => r.rowId), array(renewed, (r) => r.sealed)],
  );
}
