import type { Database, Tx } from '../../../platform/database/index.js';

export interface PointsMembership {
  readonly since: string;
  /** The first day without it; null while it lasts. */
  readonly until: string | null;
}

/** The present membership of a customer, or the last one. */
export async function lastPointsMembership(
  reader: Pick<Database | Tx, 'query'>,
  customerId: string,
): Promise<PointsMembership | undefined> {
  const [row] = await reader.query<PointsMembership>(
    `SELECT since, until FROM tiering.points_member WHERE customer_id = $1 ORDER BY until IS NULL DESC, enrolled_at DESC LIMIT 1`,
    [customerId],
  );
  return row;
}

export interface Enrolment {
  readonly membershipId: string;
  readonly customerId: string;
  readonly since: string;
  readonly by: string;
  readonly at: Date;
}

/** False when the customer is a member already. */
export async function insertPointsMembership(tx: Tx, enrolment: Enrolment): Promise<boolean> {
  const { membershipId, customerId, since, by, at } = enrolment;
  const inserted = await tx.execute(
    `INSERT INTO tiering.points_member (customer_id, membership_id, since, enrolled_by, enrolled_at)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (customer_id) WHERE until IS NULL DO NOTHING`,
    [customerId, membershipId, since, by, at],
  );
  return inserted > 0;
}

/** False when the customer is no member. */
export async function endPointsMembership(
  tx: Tx,
  { customerId, until, by, at }: Omit<Enrolment, 'membershipId' | 'since'> & { readonly until: string },
): Promise<boolean> {
  const ended = await tx.execute(
    `UPDATE tiering.points_member SET until = $2, ended_by = $3, ended_at = $4 WHERE customer_id = $1 AND until IS NULL`,
    [customerId, until, by, at],
  );
  return ended > 0;
}
