import type { Tx } from '../../../../platform/database/index.js';
import type { Payee } from '../../domain/transfers/transfer.js';

const COLUMNS = `customer_id AS "customerId", registration_id AS "registrationId", payee_id AS "payeeId", relation,
  registered_by AS "registeredBy", registered_at AS "registeredAt", active_from AS "activeFrom"`;

/** Those to whom a customer may give points, or will be allowed to. */
export const payeesOf = (reader: Pick<Tx, 'query'>, customerId: string): Promise<Payee[]> =>
  reader.query<Payee>(
    `SELECT ${COLUMNS} FROM points.payee WHERE customer_id = $1 AND removed_at IS NULL ORDER BY registered_at, payee_id`,
    [customerId],
  );

export async function insertPayee(tx: Tx, payee: Payee): Promise<void> {
  await tx.execute(
    `INSERT INTO points.payee (customer_id, registration_id, payee_id, relation, registered_by, registered_at, active_from)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      payee.customerId,
      payee.registrationId,
      payee.payeeId,
      payee.relation,
      payee.registeredBy,
      payee.registeredAt,
      payee.activeFrom,
    ],
  );
}

export async function removePayee(
  tx: Tx,
  { customerId, registrationId }: Pick<Payee, 'customerId' | 'registrationId'>,
  at: Date,
): Promise<void> {
  await tx.execute('UPDATE points.payee SET removed_at = $3 WHERE customer_id = $1 AND registration_id = $2', [
    customerId,
    registrationId,
    at,
  ]);
}
