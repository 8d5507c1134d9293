import type { Database, Tx } from '../../../platform/database/index.js';
import { isInSlice, type Slice } from '../../../platform/queues/index.js';
import type { MembershipTransfer, TransferParty } from '../domain/membership-transfer.js';
import type { Tier } from '../domain/tier.js';

type Reader = Pick<Database | Tx, 'query'>;

export const TRANSFER_COLUMNS = `t.transfer_id AS "transferId", t.customer_id AS "fromCustomerId", t.to_customer_id AS "toCustomerId",
  t.to_subscription_id AS "toSubscriptionId", t.tier, t.status, t.reason, t.asked_by AS "askedBy", t.asked_at AS "askedAt",
  t.approval_id AS "approvalId", t.expires_at AS "expiresAt", t.approved_by AS "approvedBy", t.approved_at AS "approvedAt",
  t.carries_out_on AS "carriesOutOn", t.closed_by AS "closedBy", t.closed_at AS "closedAt", t.failure`;

export async function transferWithId(
  reader: Reader,
  transferId: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<MembershipTransfer | undefined> {
  const [row] = await reader.query<MembershipTransfer>(
    `SELECT ${TRANSFER_COLUMNS} FROM tiering.membership_transfer t WHERE t.transfer_id = $1 ${lock}`,
    [transferId],
  );
  return row;
}

export async function openTransferOf(reader: Reader, fromCustomerId: string): Promise<MembershipTransfer | undefined> {
  const [row] = await reader.query<MembershipTransfer>(
    `SELECT ${TRANSFER_COLUMNS} FROM tiering.membership_transfer t
     WHERE t.customer_id = $1 AND t.status IN ('asked', 'cooling-off')`,
    [fromCustomerId],
  );
  return row;
}

export async function insertTransfer(tx: Tx, transfer: MembershipTransfer): Promise<void> {
  await tx.execute(
    `INSERT INTO tiering.membership_transfer (customer_id, transfer_id, to_customer_id, to_subscription_id, tier, status,
       reason, asked_by, asked_at, approval_id, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[
        transfer.fromCustomerId,
        transfer.transferId,
        transfer.toCustomerId,
        transfer.toSubscriptionId,
        transfer.tier,
      ],
      ...[
        transfer.status,
        transfer.reason,
        transfer.askedBy,
        transfer.askedAt,
        transfer.approvalId,
        transfer.expiresAt,
      ],
    ],
  );
}

/** Writes down what became of a transfer that this transaction has locked. */
export async function moveTransfer(tx: Tx, transfer: MembershipTransfer): Promise<void> {
  await tx.execute(
    `UPDATE tiering.membership_transfer SET status = $3, approved_by = $4, approved_at = $5, carries_out_on = $6, closed_by = $7,
       closed_at = $8, failure = $9
     WHERE customer_id = $1 AND transfer_id = $2`,
    [
      ...[transfer.fromCustomerId, transfer.transferId, transfer.status, transfer.approvedBy, transfer.approvedAt],
      ...[transfer.carriesOutOn, transfer.closedBy, transfer.closedAt, transfer.failure],
    ],
  );
}

const IS_DUE = `status = 'cooling-off' AND carries_out_on <=`;

/** Givers of the transfers that are due on a day. */
export const GIVERS_DUE = `SELECT customer_id FROM tiering.membership_transfer WHERE ${IS_DUE} $1`;

export function transfersDue(
  tx: Tx,
  { from, to }: Pick<Slice, 'from' | 'to'>,
  day: string,
): Promise<Pick<MembershipTransfer, 'transferId' | 'fromCustomerId' | 'toCustomerId'>[]> {
  return tx.query(
    `SELECT t.transfer_id AS "transferId", t.customer_id AS "fromCustomerId", t.to_customer_id AS "toCustomerId"
     FROM tiering.membership_transfer t WHERE ${isInSlice('t')} AND t.${IS_DUE} $3 ORDER BY t.customer_id`,
    [from, to, day],
  );
}

/** How a customer stands on the days from one to another. */
export async function partyOf(
  tx: Tx,
  { customerId, program, from, until }: Record<'customerId' | 'program' | 'from' | 'until', string>,
): Promise<TransferParty> {
  const [row] = await tx.query<Omit<TransferParty, 'tier'> & { tier: Tier | null }>(
    `SELECT p.archive <> 'in-network' AS "hasLeft", p.real_name AS "hasRealName", t.tier, EXISTS (
       SELECT FROM tiering.tier_override o WHERE o.customer_id = p.customer_id AND o.program = $2
         AND daterange(o.valid_from, o.valid_until) && daterange($3, $4)) AS "isByHand"
     FROM customers.profile p LEFT JOIN tiering.current_tier t USING (customer_id) WHERE p.customer_id = $1`,
    [customerId, program, from, until],
  );
  // Who never had a number has no profile.
  return row
    ? { ...row, tier: row.tier ?? 'ORDINARY' }
    : { hasLeft: true, hasRealName: false, tier: 'ORDINARY', isByHand: false };
}

export async function hasSubscription(tx: Tx, customerId: string, subscriptionId: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT FROM customers.subscription_state WHERE customer_id = $1 AND subscription_id = $2 AND status <> 'terminated'`,
    [customerId, subscriptionId],
  );
  return rows.length > 0;
}

export interface TransferredLevel {
  readonly overrideId: string;
  readonly customerId: string;
  readonly program: string;
  readonly tier: Tier;
  readonly mode: 'at-least' | 'exactly';
  readonly validFrom: string;
  readonly validUntil: string;
}

/** What both hold until the next review, whatever the runs until then find. */
export async function insertTransferredLevel(
  tx: Tx,
  level: TransferredLevel,
  { reason, askedBy, approvedBy }: Pick<MembershipTransfer, 'reason' | 'askedBy' | 'approvedBy'>,
  at: Date,
): Promise<void> {
  await tx.execute(
    `INSERT INTO tiering.tier_override (customer_id, override_id, program, tier, mode, category, reason, valid_from, valid_until,
       asked_by, approved_by, recorded_at)
     VALUES ($1, $2, $3, $4, $5, 'transfer', $6, $7, $8, $9, $10, $11)`,
    [
      ...[level.customerId, level.overrideId, level.program, level.tier, level.mode, reason],
      ...[level.validFrom, level.validUntil, askedBy, approvedBy, at],
    ],
  );
}
