import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../../platform/database/index.js';
import { type EarnRules, parseEarnRules } from '../../domain/earning/earn-rule-set.js';
import {
  type Bucket,
  type LedgerAccount,
  movedInto,
  netChange,
  type PointsType,
  type Posting,
} from '../../domain/ledger/ledger.js';
import { intoOpenBooks } from './closed-books.js';
import { post } from './posting-sql.js';

export type JournalKind =
  | 'EARN'
  | 'EARN_CORRECTION'
  | 'AWARD'
  | 'GIFT'
  | 'ADJUSTMENT'
  | 'ACTIVATION'
  | 'REDEMPTION'
  | 'REDEMPTION_REVERSAL'
  | 'PAYMENT'
  | 'PAYMENT_REVERSAL'
  | 'AUTHORISATION'
  | 'CAPTURE'
  | 'RELEASE'
  | 'RETURN'
  | 'CLEARING'
  | 'EXPIRY'
  | 'EXPIRY_REVERSAL'
  | 'TRANSFER_OUT'
  | 'TRANSFER_IN'
  | 'CLOSURE'
  | 'REOPENING';

/** What is to be posted to one account. */
export interface NewEntry {
  readonly journalId: string;
  readonly kind: JournalKind;
  /** What makes it the same when it comes again; unique per customer. */
  readonly idemKey: string;
  readonly requestHash?: string;
  readonly postings: readonly Posting[];
  readonly occurredAt: Date;
  readonly recordedAt: Date;
  /** Day of the books, `YYYY-MM-DD`. */
  readonly businessDate: string;
  readonly channel?: string;
  readonly actorId?: string;
  readonly sourceSystem?: string;
  readonly sourceRef?: string;
  readonly reversesJournalId?: string;
  readonly metadata?: object;
}

/** What was posted. */
export interface Entry {
  readonly customerId: string;
  readonly journalId: string;
  /** What the entry changed in all that the customer has. */
  readonly points: number;
  readonly availableAfter: number;
  readonly requestHash: string | undefined;
  readonly occurredAt: Date;
  readonly businessDate: string;
  readonly channel: string | undefined;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface LockedAccount {
  /** An account that nobody has opened yet is empty and has version 0. */
  readonly account: LedgerAccount;
  readonly exists: boolean;
  /** The entry that has this key already. */
  readonly posted: Entry | undefined;
  /** The rules in force on the day. */
  readonly rules: EarnRules;
  readonly isSuspended: boolean;
  readonly hasRealName: boolean;
}

interface LockRequest {
  readonly customerId: string;
  readonly idemKey: string;
  /** Business day of the operation. */
  readonly day: string;
  /** Opens the account when there is none. */
  readonly opens?: boolean;
}

// Prepared by name: planning these statements costs more than running them.
const LOCK = { name: 'points.lock', text: 'SELECT points.lock_account($1, $2, $3, $4) AS locked' };
const APPEND = {
  name: 'points.append',
  text: post(`
    entry AS (
      SELECT $1::uuid AS customer_id, $2::uuid AS journal_id, $3::bigint AS account_version,
        $4::points.journal_kind AS kind, $5::bigint AS points, $6::bigint AS available_after, $7::text AS idem_key,
        $8::text AS request_hash, $9::timestamptz AS occurred_at, $10::timestamptz AS recorded_at,
        $11::date AS business_date, $12::text AS channel, $13::text AS actor_id, $14::text AS source_system,
        $15::text AS source_ref, $16::uuid AS reverses_journal_id, NULL::integer AS rule_set_version,
        NULL::uuid AS run_id, $17::jsonb AS metadata
    ),
    line AS (
      SELECT $1::uuid AS customer_id, $2::uuid AS journal_id, l.line::smallint, $11::date AS business_date,
        l.debit, l.credit, l.points, l.expires_on, l.points_type, l.funder_id
      FROM unnest($18::points.account_code[], $19::points.account_code[], $20::bigint[], $21::date[],
        $22::points.points_type[], $23::text[])
        WITH ORDINALITY AS l (debit, credit, points, expires_on, points_type, funder_id, line)
    )`),
};

/** Locks accounts, reads them, and adds entries to them. */
@Injectable()
export class PointsLedger {
  /** Nobody else moves the account until this transaction ends. */
  async lock(tx: Tx, { customerId, idemKey, day, opens = false }: LockRequest): Promise<LockedAccount> {
    const [row] = await tx.prepared<{ locked: LockedRow }>(LOCK, [customerId, idemKey, day, opens]);
    if (!row) throw new Error('points.lock_account answers one row');
    const { account, buckets, posted, rules, isSuspended, hasRealName } = row.locked;
    return {
      account: accountOf(customerId, account, buckets),
      exists: account !== null,
      posted: posted ? entryOf(posted) : undefined,
      rules: parseEarnRules(rules),
      isSuspended,
      hasRealName,
    };
  }

  /** Adds one entry to an account that this transaction has locked. */
  async append(tx: Tx, account: LedgerAccount, entry: NewEntry): Promise<Entry> {
    const { postings } = entry;
    const points = netChange(postings);
    const availableAfter = account.available + movedInto('CUST_AVAILABLE', postings);
    const appended = tx.prepared(APPEND, [
      account.customerId,
      entry.journalId,
      account.version + 1,
      entry.kind,
      points,
      availableAfter,
      entry.idemKey,
      entry.requestHash ?? null,
      entry.occurredAt,
      entry.recordedAt,
      entry.businessDate,
      entry.channel ?? null,
      entry.actorId ?? null,
      entry.sourceSystem ?? null,
      entry.sourceRef ?? null,
      entry.reversesJournalId ?? null,
      JSON.stringify(entry.metadata ?? {}),
      postings.map(({ debit }) => debit),
      postings.map(({ credit }) => credit),
      postings.map(({ points }) => points),
      postings.map(({ lot }) => lot?.expiresOn ?? null),
      postings.map(({ lot }) => lot?.pointsType ?? null),
      postings.map(({ lot }) => lot?.funderId ?? null),
    ]);
    await intoOpenBooks(appended);
    return {
      customerId: account.customerId,
      journalId: entry.journalId,
      points,
      availableAfter,
      requestHash: entry.requestHash,
      occurredAt: entry.occurredAt,
      businessDate: entry.businessDate,
      channel: entry.channel,
      metadata: { ...entry.metadata },
    };
  }

  /** The postings of one entry, in their order. */
  async postingsOf(tx: Tx, entry: Pick<Entry, 'customerId' | 'journalId' | 'businessDate'>): Promise<Posting[]> {
    const rows = await tx.query<PostingRow>(
      `SELECT debit, credit, points, expires_on, points_type, funder_id FROM points.posting
       WHERE customer_id = $1 AND journal_id = $2 AND business_date = $3 ORDER BY line`,
      [entry.customerId, entry.journalId, entry.businessDate],
    );
    return rows.map(({ debit, credit, points, expires_on, points_type, funder_id }) => ({
      debit,
      credit,
      points,
      ...(expires_on && points_type && funder_id
        ? { lot: { expiresOn: expires_on, pointsType: points_type, funderId: funder_id } }
        : {}),
    }));
  }
}

interface PostingRow {
  readonly debit: Posting['debit'];
  readonly credit: Posting['credit'];
  readonly points: number;
  readonly expires_on: string | null;
  readonly points_type: PointsType | null;
  readonly funder_id: string | null;
}

interface LockedRow {
  readonly account: {
    readonly available: number;
    readonly held: number;
    readonly pending: number;
    readonly debt: number;
    readonly lifetime_earned: number;
    readonly version: number;
    readonly status: LedgerAccount['status'];
    readonly frozen_reason: string | null;
  } | null;
  readonly buckets: readonly {
    readonly expires_on: string;
    readonly points_type: PointsType;
    readonly funder_id: string;
    readonly remaining: number;
    readonly held: number;
  }[];
  readonly posted: EntryRow | null;
  readonly rules: unknown;
  readonly isSuspended: boolean;
  readonly hasRealName: boolean;
}

/** A row of `points.journal`. */
export interface EntryRow {
  readonly customer_id: string;
  readonly journal_id: string;
  readonly points: number;
  readonly available_after: number;
  readonly request_hash: string | null;
  readonly occurred_at: Date | string;
  readonly business_date: string;
  readonly channel: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export function entryOf(row: EntryRow): Entry {
  return {
    customerId: row.customer_id,
    journalId: row.journal_id,
    points: row.points,
    availableAfter: row.available_after,
    requestHash: row.request_hash ?? undefined,
    occurredAt: new Date(row.occurred_at),
    businessDate: row.business_date,
    channel: row.channel ?? undefined,
    metadata: row.metadata,
  };
}

function accountOf(customerId: string, row: LockedRow['account'], buckets: LockedRow['buckets']): LedgerAccount {
  return {
    customerId,
    status: row?.status ?? 'ACTIVE',
    frozenReason: row?.frozen_reason ?? undefined,
    available: row?.available ?? 0,
    held: row?.held ?? 0,
    pending: row?.pending ?? 0,
    debt: row?.debt ?? 0,
    lifetimeEarned: row?.lifetime_earned ?? 0,
    version: row?.version ?? 0,
    buckets: buckets.map(({ expires_on, points_type, funder_id, remaining, held }): Bucket => ({
      expiresOn: expires_on,
      pointsType: points_type,
      funderId: funder_id,
      remaining,
      held,
    })),
  };
}
