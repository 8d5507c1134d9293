import type { Tx } from '../../../../platform/database/index.js';
import { itemsOfEntry } from '../earning/earn-items-sql.js';

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
  /** Entries of bills that do not say what they changed; counted when all entries are looked at. */
  readonly misjudged: number | undefined;
  /** Accounts that owe points and have some. */
  readonly owingAndHaving: number;
  /** What accounts hold is in their open holds. */
  readonly holdsAgree: boolean;
  /** What accounts have pending waits for bills. */
  readonly pendingAgrees: boolean;
  /** The closed accounts are those of which the last closing entry says so, and they are empty. */
  readonly closuresAgree: boolean;
  /** What customers have had of campaigns is what these have issued. */
  readonly campaignsAgree: boolean;
  /** What can no longer change, for the proofs that come after. */
  readonly seal: Seal;
}

/**
 * What a proof has found of that part of the ledger that can no longer change: postings of months whose books are closed (the database
 * lets nothing more into them), and entries recorded before a moment that has passed. A proof that begins with a seal reads what has come since.
 */
export interface Seal extends Past {
  readonly seed: number;
  readonly sums: Sums;
}

interface Past {
  /** First day of the first month whose books were not closed. */
  readonly openFrom: string;
  /** Entries recorded from this moment on are not part of it. */
  readonly recordedFrom: string;
}

interface Sums {
  readonly postings: number;
  readonly usedLate: number;
  readonly books: string;
  readonly chain: string;
  readonly campaigns: string;
  /** Of the days that were rolled up from it. */
  readonly rolledUp: string;
}

/** All but what is earned and used at once; an index finds these lines. */
export const BESIDE = `NOT ((debit = 'ISSUED' AND credit = 'CUST_AVAILABLE') OR (debit = 'CUST_AVAILABLE' AND credit IN
  ('ISSUED', 'REDEEMED_SERVICE', 'REDEEMED_MOBILE_PRODUCT', 'REDEEMED_GOODS', 'REDEEMED_PAYMENT')))`;

/** Of a line that issues points or takes them back: does it count towards the plan? */
const QUALIFIES = `(points_type IN ('PROMOTION', 'GIFT', 'ADJUSTMENT')) IS NOT TRUE`;

const MISJUDGED = `count(*) FILTER (WHERE kind IN ('EARN', 'EARN_CORRECTION')
      AND (source_system IS NOT NULL AND source_ref IS NOT NULL
        AND points = (metadata ->> 'shouldEarn')::bigint - COALESCE((metadata ->> 'earnedBefore')::bigint, 0)
        AND (NOT metadata ? 'items' OR points = (SELECT sum(i.points) FROM ${itemsOfEntry('journal')} i))) IS NOT TRUE)`;

const [LOT, HELD_LOT, EARNED, AVAILABLE, HELD, PENDING, DEBT, ENTRY, CLOSED, CAMPAIGN, CHAIN] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1000,
];

/**
 * The sums of each table: $1 is the seed, $2 where the past ends. A bigint is enough up to ten billion points in one place; `numeric`
 * knows no end and takes its time.
 */
function sumsIn(
  number: 'bigint' | 'numeric',
  { since, isPastKnown }: { since: Date | undefined; isPastKnown: boolean },
) {
  /** 29 bits, so that the product with a number of points stays within a bigint. */
  const weight = (hash: string): string => `(${hash} >> 35)::${number}`;
  const ofCustomer = (purpose: number): string => weight(`uuid_hash_extended(customer_id, $1::bigint + ${purpose})`);

  const ofLot = (purpose: number): string =>
    weight(`uuid_hash_extended(customer_id, hashtextextended(funder_id, hashenumextended(points_type,
    timestamp_hash_extended(expires_on::timestamp, $1::bigint + ${purpose}))))`);
  const ofEntry = weight(`uuid_hash_extended(journal_id, $1::bigint + ${ENTRY})`);
  const ofVersion = (version: string): string =>
    weight(`uuid_hash_extended(customer_id, $1::bigint + ${CHAIN} + ${version})`);
  const ofCampaign = (funder: string): string =>
    weight(`uuid_hash_extended(customer_id, hashtextextended(${funder}, $1::bigint + ${CAMPAIGN}))`);

  const total = (term: string): string => `COALESCE(sum(${term}), 0)::text`;
  /** Most accounts and lots have nothing of it: nothing is worked out for them. */
  const some = (points: string, by: string): string => `CASE WHEN ${points} = 0 THEN 0 ELSE ${points} * ${by} END`;
  const inParts = (column: string, type: string): string =>
    `${isPastKnown ? `WHERE ${column} >= $2::${type}` : ''} GROUP BY ${column} < $2::${type}`;

  /** What a posting moves into an account code, times a weight; nothing is worked out for a code that it does not touch. */
  const moved = (code: string, by: string): string =>
    `CASE WHEN credit = '${code}' THEN ${by} WHEN debit = '${code}' THEN -${by} ELSE 0 END`;
  const net = `CASE WHEN credit IN ('CUST_AVAILABLE', 'CUST_HELD', 'CUST_PENDING', 'CUST_DEBT') THEN ${ofEntry} ELSE 0 END
  - CASE WHEN debit IN ('CUST_AVAILABLE', 'CUST_HELD', 'CUST_PENDING', 'CUST_DEBT') THEN ${ofEntry} ELSE 0 END`;

  /** Lines of which both sides are common come first and are told at once. */
  const postings = `
  SELECT business_date < $2::date AS "isPast", count(*) AS rows, ${total(`points * CASE
    WHEN credit = 'CUST_AVAILABLE' AND debit = 'ISSUED'
      THEN ${ofLot(LOT)} + ${ofEntry} + CASE WHEN ${QUALIFIES} THEN ${ofCustomer(EARNED)} ELSE 0 END
    WHEN debit = 'CUST_AVAILABLE' AND credit IN ('REDEEMED_SERVICE', 'REDEEMED_MOBILE_PRODUCT', 'REDEEMED_GOODS', 'REDEEMED_PAYMENT')
      THEN -(${ofLot(LOT)} + ${ofEntry})
    ELSE ${moved('CUST_AVAILABLE', ofLot(LOT))} + ${moved('CUST_HELD', ofLot(HELD_LOT))} + ${net}
      + ${moved('CUST_PENDING', ofCustomer(PENDING))} + ${moved('CUST_DEBT', ofCustomer(DEBT))}
      - CASE WHEN ${QUALIFIES} THEN ${moved('ISSUED', ofCustomer(EARNED))} ELSE 0 END
    END`)} AS books,
    ${total(`CASE WHEN starts_with(funder_id, 'campaign:') AND 'ISSUED' IN (debit, credit)
      THEN points * CASE debit WHEN 'ISSUED' THEN ${ofCampaign('funder_id')} ELSE -${ofCampaign('funder_id')} END ELSE 0 END`)} AS campaigns,
    count(*) FILTER (WHERE debit = 'CUST_AVAILABLE' AND expires_on < business_date
      AND credit NOT IN ('ISSUED', 'ADJUSTED', 'BREAKAGE', 'CLOSED_FORFEIT', 'CUST_DEBT')) AS late
  FROM points.posting ${inParts('business_date', 'date')}`;

  const journal = `
  SELECT recorded_at < $2::timestamptz AS "isPast", ${total(`points * ${ofEntry}`)} AS books,
    ${total(`points * ${ofVersion('account_version')}
      + (available_after + 1) * (${ofVersion('account_version + 1')} - ${ofVersion('account_version')})`)} AS chain
    ${since === undefined ? `, ${MISJUDGED} AS misjudged` : ''}
  FROM points.journal ${inParts('recorded_at', 'timestamptz')}`;

  /** Where an entry changes what is available by something else than its points. */
  const beside = `
  SELECT business_date < $2::date AS "isPast",
    ${total(`points * ${ofVersion('account_version')} * (CASE WHEN credit IN ('CUST_HELD', 'CUST_PENDING', 'CUST_DEBT') THEN 1 ELSE 0 END
      - CASE WHEN debit IN ('CUST_HELD', 'CUST_PENDING', 'CUST_DEBT') THEN 1 ELSE 0 END)`)} AS chain,
    count(*) FILTER (WHERE account_version IS NULL) AS orphans
  FROM (SELECT * FROM points.posting WHERE ${BESIDE}) p
  LEFT JOIN (SELECT customer_id, journal_id, account_version FROM points.journal) j USING (customer_id, journal_id)
  ${inParts('business_date', 'date')}`;

  const rolledUp = `
  SELECT COALESCE(sum(hash_record_extended(d, $1)), 0)::text AS sum FROM points.gl_day d WHERE business_date < $2::date`;

  const buckets = `
  SELECT ${total(`remaining * (${ofLot(LOT)} + ${ofCustomer(AVAILABLE)}) + ${some('held', `(${ofLot(HELD_LOT)} + ${ofCustomer(HELD)})`)}`)} AS sum
  FROM points.point_bucket`;

  const accounts = `
  SELECT count(*) AS rows,
    ${total(`lifetime_earned * ${ofCustomer(EARNED)} - available * ${ofCustomer(AVAILABLE)} + ${some('pending', ofCustomer(PENDING))}
      - ${some('debt', ofCustomer(DEBT))} - ${some('held', ofCustomer(HELD))}`)} AS books,
    ${total(`(available + 1) * ${ofVersion('version + 1')} - ${ofVersion('1')}`)} AS chain,
    ${total(some('held', ofCustomer(HELD)))} AS held, ${total(some('pending', ofCustomer(PENDING)))} AS pending,
    ${total(`CASE status WHEN 'CLOSED' THEN ${ofCustomer(CLOSED)} ELSE 0 END`)} AS closed,
    count(*) FILTER (WHERE status = 'CLOSED' AND (available > 0 OR held > 0 OR pending > 0 OR debt > 0)) AS "closedWithSome",
    count(*) FILTER (WHERE debt > 0 AND available > 0) AS "owingAndHaving"
  FROM points.point_account`;

  const holds = `SELECT ${total(`points * ${ofCustomer(HELD)}`)} AS sum FROM points.point_hold WHERE state = 'HELD'`;
  const waiting = `SELECT ${total(`pending * ${ofCustomer(PENDING)}`)} AS sum FROM points.pending_lot WHERE pending > 0`;
  const closures = `
  SELECT ${total(ofCustomer(CLOSED))} AS sum FROM (
    SELECT DISTINCT ON (customer_id) customer_id, kind FROM points.journal
    WHERE kind IN ('CLOSURE', 'REOPENING') ORDER BY customer_id, account_version DESC) last
  WHERE kind = 'CLOSURE'`;
  const campaignUses = `
  SELECT ${total(`points * ${ofCampaign(`'campaign:' || code`)}`)} AS sum
  FROM points.campaign_use JOIN points.campaign USING (campaign_id)`;
  return { postings, journal, beside, rolledUp, buckets, accounts, holds, waiting, closures, campaignUses };
}

interface PostingsRow {
  readonly rows: number;
  readonly books: string;
  readonly campaigns: string;
  readonly late: number;
}

interface JournalRow {
  readonly books: string;
  readonly chain: string;
  readonly misjudged: number;
}

interface BesideRow {
  readonly chain: string;
  readonly orphans: number;
}

interface AccountsRow {
  readonly rows: number;
  readonly books: string;
  readonly chain: string;
  readonly held: string;
  readonly pending: string;
  readonly closed: string;
  readonly closedWithSome: number;
  readonly owingAndHaving: number;
}

interface Wanted {
  readonly since: Date | undefined;
  /** What is known of the past, or where it is to end. */
  readonly from: Seal | (Past & { readonly seed: number });
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

async function fingerprintIn(number: 'bigint' | 'numeric', tx: Tx, { since, from }: Wanted): Promise<Fingerprint> {
  const known = 'sums' in from ? from.sums : undefined;
  const { seed, openFrom, recordedFrom } = from;
  const sql = sumsIn(number, { since, isPastKnown: known !== undefined });
  const inParts = async <Part>(text: string, end: string, nothing: Part): Promise<{ past: Part; open: Part }> => {
    const rows = await tx.query<Part & { readonly isPast: boolean }>(text, [seed, end]);
    return { past: rows.find(({ isPast }) => isPast) ?? nothing, open: rows.find(({ isPast }) => !isPast) ?? nothing };
  };
  const sumOf = async (text: string, ...more: readonly string[]): Promise<string> => {
    const [row] = await tx.query<{ sum: string }>(text, [seed, ...more]);
    return row?.sum ?? '0';
  };
  const postings = await inParts<PostingsRow>(sql.postings, openFrom, { rows: 0, books: '0', campaigns: '0', late: 0 });
  const journal = await inParts<JournalRow>(sql.journal, recordedFrom, { books: '0', chain: '0', misjudged: 0 });
  const beside = await inParts<BesideRow>(sql.beside, openFrom, { chain: '0', orphans: 0 });
  const historyOf = (part: 'past' | 'open'): Omit<Sums, 'rolledUp'> => ({
    postings: postings[part].rows,
    usedLate: postings[part].late,
    books: String(BigInt(postings[part].books) - BigInt(journal[part].books)),
    chain: String(BigInt(journal[part].chain) - BigInt(beside[part].chain)),
    campaigns: postings[part].campaigns,
  });
  const past = known ?? historyOf('past');
  const open = historyOf('open');
  const ever = (sum: 'books' | 'chain' | 'campaigns'): bigint => BigInt(past[sum]) + BigInt(open[sum]);

  const buckets = await sumOf(sql.buckets);
  const [accounts] = await tx.query<AccountsRow>(sql.accounts, [seed]);
  if (!accounts) throw new Error('sums are one row');
  return {
    agrees:
      beside.past.orphans + beside.open.orphans === 0 &&
      ever('books') === BigInt(buckets) + BigInt(accounts.books) &&
      ever('chain') === BigInt(accounts.chain),
    customers: accounts.rows,
    postings: past.postings + open.postings,
    usedLate: past.usedLate + open.usedLate,
    misjudged: since === undefined && !known ? journal.past.misjudged + journal.open.misjudged : undefined,
    owingAndHaving: accounts.owingAndHaving,
    holdsAgree: accounts.held === (await sumOf(sql.holds)),
    pendingAgrees: accounts.pending === (await sumOf(sql.waiting)),
    closuresAgree: accounts.closedWithSome === 0 && accounts.closed === (await sumOf(sql.closures)),
    campaignsAgree: ever('campaigns') === BigInt(await sumOf(sql.campaignUses)),
    seal: { seed, openFrom, recordedFrom, sums: { ...past, rolledUp: await sumOf(sql.rolledUp, openFrom) } },
  };
}

/** SQLSTATE "numeric value out of range". */
const isOutOfRange = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '22003';
