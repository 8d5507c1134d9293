import type { Database, Tx } from '../../../platform/database/index.js';
import type { BenefitUse } from '../domain/benefit.js';

type Reader = Pick<Database | Tx, 'query'>;

/** False when this key has been used. While another use of the same key is under way, it waits for its end. */
export async function insertUse(tx: Tx, use: BenefitUse, idemKey: string): Promise<boolean> {
  const inserted = await tx.execute(
    `INSERT INTO benefits.entitlement_use
       (customer_id, use_id, idem_key, level_year, benefit, units, channel, place, used_by, used_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (customer_id, idem_key) DO NOTHING`,
    [
      use.customerId,
      use.useId,
      idemKey,
      use.levelYear,
      use.benefit,
      use.units,
      use.channel,
      use.place ?? null,
      use.usedBy,
      use.usedAt,
    ],
  );
  return inserted > 0;
}

export const USE_COLUMNS = `u.use_id AS "useId", u.customer_id AS "customerId", u.benefit, u.level_year AS "levelYear", u.units, u.channel,
  u.place, u.used_by AS "usedBy", u.used_at AS "usedAt"`;

export type UseRow = Omit<BenefitUse, 'place'> & { readonly place: string | null };

export const useOf = (row: UseRow): BenefitUse => ({ ...row, place: row.place ?? undefined });

export async function useWithKey(reader: Reader, customerId: string, idemKey: string): Promise<BenefitUse | undefined> {
  const [row] = await reader.query<UseRow>(
    `SELECT ${USE_COLUMNS} FROM benefits.entitlement_use u WHERE u.customer_id = $1 AND u.idem_key = $2`,
    [customerId, idemKey],
  );
  return row && useOf(row);
}

export async function useWithId(reader: Reader, customerId: string, useId: string): Promise<BenefitUse | undefined> {
  const [row] = await reader.query<UseRow>(
    `SELECT ${USE_COLUMNS} FROM benefits.entitlement_use u WHERE u.customer_id = $1 AND u.use_id = $2`,
    [customerId, useId],
  );
  return row && useOf(row);
}
