import type { Database, Tx } from '../../../platform/database/index.js';
import { isInSlice, type Slice } from '../../../platform/queues/index.js';
import type { LevelException } from '../domain/level-exception.js';

type Reader = Pick<Database | Tx, 'query'>;
type Days = Pick<LevelException, 'validFrom' | 'validUntil'>;

export const EXCEPTION_COLUMNS = `o.override_id AS "exceptionId", o.customer_id AS "customerId", o.program, o.tier, o.mode, o.category,
  o.reason, o.valid_from AS "validFrom", o.valid_until AS "validUntil", o.asked_by AS "askedBy", o.approved_by AS "approvedBy",
  o.recorded_at AS "recordedAt", o.ended_by AS "endedBy", o.ended_at AS "endedAt"`;

/** Another one that says something of the same days. */
export async function exceptionWithin(
  reader: Reader,
  { customerId, program, validFrom, validUntil }: Pick<LevelException, 'customerId' | 'program'> & Days,
): Promise<Days | undefined> {
  const [row] = await reader.query<Days>(
    `SELECT valid_from AS "validFrom", valid_until AS "validUntil" FROM tiering.tier_override
     WHERE customer_id = $1 AND program = $2 AND daterange(valid_from, valid_until) && daterange($3, $4) ORDER BY valid_from LIMIT 1`,
    [customerId, program, validFrom, validUntil],
  );
  return row;
}

/** False, and nothing is stored, when another one says something of the same days. */
export async function insertException(tx: Tx, given: Omit<LevelException, 'endedBy' | 'endedAt'>): Promise<boolean> {
  const inserted = await tx.execute(
    `INSERT INTO tiering.tier_override (customer_id, override_id, program, tier, mode, category, reason, valid_from, valid_until,
       asked_by, approved_by, recorded_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT ON CONSTRAINT one_override_a_day DO NOTHING`,
    [
      given.customerId,
      given.exceptionId,
      given.program,
      given.tier,
      given.mode,
      given.category,
      given.reason,
      given.validFrom,
      given.validUntil,
      given.askedBy,
      given.approvedBy,
      given.recordedAt,
    ],
  );
  return inserted === 1;
}

export async function exceptionOf(
  reader: Reader,
  exceptionId: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<LevelException | undefined> {
  const [row] = await reader.query<LevelException>(
    `SELECT ${EXCEPTION_COLUMNS} FROM tiering.tier_override o WHERE o.override_id = $1 ${lock}`,
    [exceptionId],
  );
  return row;
}

export async function endException(
  tx: Tx,
  { customerId, exceptionId, validUntil, endedBy, endedAt }: LevelException,
): Promise<void> {
  await tx.execute(
    `UPDATE tiering.tier_override SET valid_until = $3, ended_by = $4, ended_at = $5 WHERE customer_id = $1 AND override_id = $2`,
    [customerId, exceptionId, validUntil, endedBy, endedAt],
  );
}

/** Customers of exceptions that begin or end on a day, or did in the week before. */
export const AT_A_BOUNDARY = `SELECT DISTINCT customer_id FROM tiering.tier_override o WHERE ${isAtBoundary('$1::date')}`;

export function exceptionsAtBoundary(
  tx: Tx,
  { from, to }: Pick<Slice, 'from' | 'to'>,
  day: string,
): Promise<Pick<LevelException, 'customerId' | 'program' | 'exceptionId'>[]> {
  return tx.query(
    `SELECT o.customer_id AS "customerId", o.program, o.override_id AS "exceptionId" FROM tiering.tier_override o
     WHERE ${isInSlice('o')} AND ${isAtBoundary('$3::date')} ORDER BY o.customer_id, o.valid_from`,
    [from, to, day],
  );
}

/** One that was ended before it began was never followed. */
function isAtBoundary(day: string): string {
  return `o.valid_from < o.valid_until
    AND (o.valid_from BETWEEN ${day} - 6 AND ${day} OR o.valid_until BETWEEN ${day} - 6 AND ${day})`;
}
