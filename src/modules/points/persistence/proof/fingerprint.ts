import type { Tx } from '../../../../platform/database/index.js';

/**
 * Sums over each table of the ledger, weighted by hashes that a number drawn for this proof alone has seeded. They need no order and
 * no grouping, so each table is read once; they agree when postings explain buckets, accounts and entries, and the entries of each
 * account follow from one another. Of books that do not agree they agree with a chance of one in half a billion.
 */
export interface Fingerprint {
  readonly agrees: boolean;
  readonly customers: number;
  readonly postings: number;
  /** Lines that used points after their last day. */
  readonly usedLate: number;
  /** Entries of bills that do not say what they changed; counted when entries are looked at since the beginning. */
  readonly misjudged: number | undefined;
}

/** All but what is earned and used at once; an index finds these lines. */
export const BESIDE = `NOT ((debit = 'ISSUED' AND credit = 'CUST_AVAILABLE') OR (debit = 'CUST_AVAILABLE' AND credit IN
  ('ISSUED', 'REDEEMED_SERVICE', 'REDEEMED_MOBILE_PRODUCT', 'REDEEMED_GOODS', 'REDEEMED_PAYMENT')))`;

/** Of a line that issues points or takes them back: does it count towards the plan? */
const QUALIFIES = `(points_type IN ('PROMOTION', 'GIFT', 'ADJUSTMENT')) IS NOT TRUE`;

const MISJUDGED = `count(*) FILTER (WHERE kind IN ('EARN', 'EARN_CORRECTION')
      AND (source_system IS NOT NULL AND source_ref IS NOT NULL
        AND points = (metadata ->> 'shouldEarn')::bigint - COALESCE((metadata ->> 'earnedBefore')::bigint, 0)) IS NOT TRUE)`;

const [LOT, HELD_LOT, EARNED, AVAILABLE, HELD, PENDING, DEBT, ENTRY, CHAIN] = [0, 1, 2, 3, 4, 5, 6, 7, 1000];

/** The sums of each table. A bigint is enough up to ten billion points in one place; `numeric` knows no end and takes its time. */
function sumsIn(number: 'bigint' | 'numeric', since: Date | undefined) {
  /** 29 bits, so that the product with a number of points stays within a bigint. */
  const weight = (hash: string): string => `(${hash} >> 35)::${number}`;
  const ofCustomer = (purpose: number): string => weight(`uuid_hash_extended(customer_id, $1::bigint + ${purpose})`);

  const ofLot = (purpose: number): string =>
    weight(`uuid_hash_extended(customer_id, hashtextextended(funder_id, hashenumextended(points_type,
    timestamp_hash_extended(expires_on::timestamp, $1::bigint + ${purpose}))))`);
  const ofEntry = weight(`uuid_hash_extended(journal_id, $1::bigint + ${ENTRY})`);
  const ofVersion = (version: string): string =>
    weight(`uuid_hash_extended(customer_id, $1::bigint + ${CHAIN} + ${version})`);

  /** What a posting moves into an account code, times a weight; nothing is worked out for a code that it does not touch. */
  const moved = (code: string, by: string): string =>
    `CASE WHEN credit = '${code}' THEN ${by} WHEN debit = '${code}' THEN -${by} ELSE 0 END`;
  const net = `CASE WHEN credit IN ('CUST_AVAILABLE', 'CUST_HELD', 'CUST_PENDING', 'CUST_DEBT') THEN ${ofEntry} ELSE 0 END
  - CASE WHEN debit IN ('CUST_AVAILABLE', 'CUST_HELD', 'CUST_PENDING', 'CUST_DEBT') THEN ${ofEntry} ELSE 0 END`;

  /** Lines of which both sides are common come first and are told at once. */
  const postings = `
  SELECT count(*) AS rows, COALESCE(sum(points * CASE
    WHEN credit = 'CUST_AVAILABLE' AND debit = 'ISSUED'
      THEN ${ofLot(LOT)} + ${ofEntry} + CASE WHEN ${QUALIFIES} THEN ${ofCustomer(EARNED)} ELSE 0 END
    WHEN debit = 'CUST_AVAILABLE' AND credit IN ('REDEEMED_SERVICE', 'REDEEMED_MOBILE_PRODUCT', 'REDEEMED_GOODS', 'REDEEMED_PAYMENT')
      THEN -(${ofLot(LOT)} + ${ofEntry})
    ELSE ${moved('CUST_AVAILABLE', ofLot(LOT))} + ${moved('CUST_HELD', ofLot(HELD_LOT))} + ${net}
      + ${moved('CUST_PENDING', ofCustomer(PENDING))} + ${moved('CUST_DEBT', ofCustomer(DEBT))}
      - CASE WHEN ${QUALIFIES} THEN ${moved('ISSUED', ofCustomer(EARNED))} ELSE 0 END
    END), 0)::text AS books,
    count(*) FILTER (WHERE debit = 'CUST_AVAILABLE' AND expires_on < business_date
      AND credit NOT IN ('ISSUED', 'ADJUSTED', 'BREAKAGE', 'CLOSED_FORFEIT', 'CUST_DEBT')) AS late
  FROM points.posting`;

  const buckets = `
  SELECT COALESCE(sum(remaining * ${ofLot(LOT)} + CASE WHEN held = 0 THEN 0 ELSE held * ${ofLot(HELD_LOT)} END), 0)::text AS books,
    COALESCE(sum(remaining * ${ofCustomer(AVAILABLE)} + CASE WHEN held = 0 THEN 0 ELSE held * ${ofCustomer(HELD)} END), 0)::text AS caches
  FROM points.point_bucket`;

  const accounts = `
  SELECT count(*) AS rows,
    COALESCE(sum(lifetime_earned * ${ofCustomer(EARNED)} + pending * ${ofCustomer(PENDING)} - debt * ${ofCustomer(DEBT)}), 0)::text AS books,
    COALESCE(sum(available * ${ofCustomer(AVAILABLE)} + held * ${ofCustomer(HELD)}), 0)::text AS caches,
    COALESCE(sum((available + 1) * ${ofVersion('version + 1')} - ${ofVersion('1')}), 0)::text AS chain
  FROM points.point_account`;

  const journal = `
  SELECT COALESCE(sum(points * ${ofEntry}), 0)::text AS books,
    COALESCE(sum(points * ${ofVersion('account_version')}
      + (available_after + 1) * (${ofVersion('account_version + 1')} - ${ofVersion('account_version')})), 0)::text AS chain${since === undefined ? `, ${MISJUDGED} AS misjudged` : ''}
  FROM points.journal`;

  /** Where an entry changes what is available by something else than its points. */
  const beside = `
  SELECT COALESCE(sum(p.points * ${ofVersion('account_version')} * (CASE WHEN credit IN ('CUST_HELD', 'CUST_PENDING', 'CUST_DEBT') THEN 1 ELSE 0 END
      - CASE WHEN debit IN ('CUST_HELD', 'CUST_PENDING', 'CUST_DEBT') THEN 1 ELSE 0 END)), 0)::text AS chain,
    count(*) FILTER (WHERE j.account_version IS NULL) AS orphans
  FROM points.posting p LEFT JOIN points.journal j USING (customer_id, journal_id) WHERE ${BESIDE}`;
  return { postings, journal, beside, buckets, accounts };
}

interface Row {
  readonly rows: number;
  readonly books: string;
  readonly caches: string;
  readonly chain: string;
  readonly late: number;
  readonly orphans: number;
  readonly misjudged?: number;
}

interface Wanted {
  readonly seed: number;
  readonly since: Date | undefined;
}

export async function takeFingerprint(tx: Tx, wanted: Wanted): Promise<Fingerprint> {
  await tx.execute('SAVEPOINT before_fingerprint');
  try {
    return await fingerprintIn('bigint', tx, wanted);
  } catch (error) {
    if (!isOutOfRange(error)) throw error;
    await tx.execute('ROLLBACK TO SAVEPOINT before_fingerprint');
    return fingerprintIn('numeric', tx, wanted);
  }
}

async function fingerprintIn(number: 'bigint' | 'numeric', tx: Tx, { seed, since }: Wanted): Promise<Fingerprint> {
  const told = async (sql: string): Promise<Row> => {
    const [row] = await tx.query<Row>(sql, [seed]);
    if (!row) throw new Error('a sum is one row');
    return row;
  };
  const sums = sumsIn(number, since);
  const postings = await told(sums.postings);
  const journal = await told(sums.journal);
  const beside = await told(sums.beside);
  const buckets = await told(sums.buckets);
  const accounts = await told(sums.accounts);
  return {
    agrees:
      beside.orphans === 0 &&
      BigInt(postings.books) === BigInt(buckets.books) + BigInt(accounts.books) + BigInt(journal.books) &&
      BigInt(buckets.caches) === BigInt(accounts.caches) &&
      BigInt(journal.chain) - BigInt(beside.chain) === BigInt(accounts.chain),
    customers: accounts.rows,
    postings: postings.rows,
    usedLate: postings.late,
    misjudged: journal.misjudged,
  };
}

/** SQLSTATE "numeric value out of range". */
const isOutOfRange = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '22003';
