import type { Tx } from '../../../../platform/database/index.js';
import type { KeyPerson } from '../../domain/groups/key-person.js';

export interface RegisteredPerson extends KeyPerson {
  readonly registrationId: string;
}

const COLUMNS = `customer_id AS "customerId", registration_id AS "registrationId", person_id AS "personId", role,
  limit_points AS "limitPoints", active_from AS "activeFrom", active_until AS "activeUntil"`;

/** The register of a group as it stands, also those whose days are over or have not come. */
export const keyPersonsOf = (reader: Pick<Tx, 'query'>, groupId: string): Promise<RegisteredPerson[]> =>
  reader.query<RegisteredPerson>(
    `SELECT ${COLUMNS} FROM points.key_person WHERE customer_id = $1 AND ended_at IS NULL ORDER BY registered_at, person_id`,
    [groupId],
  );

export async function insertKeyPerson(
  tx: Tx,
  person: RegisteredPerson,
  { by, at }: { readonly by: string; readonly at: Date },
): Promise<void> {
  await tx.execute(
    `INSERT INTO points.key_person (customer_id, registration_id, person_id, role, limit_points, active_from, active_until,
       registered_by, registered_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      person.customerId,
      person.registrationId,
      person.personId,
      person.role,
      person.limitPoints,
      person.activeFrom,
      person.activeUntil,
      by,
      at,
    ],
  );
}

export async function endKeyPerson(
  tx: Tx,
  { customerId, registrationId }: Pick<RegisteredPerson, 'customerId' | 'registrationId'>,
  at: Date,
): Promise<void> {
  await tx.execute('UPDATE points.key_person SET ended_at = $3 WHERE customer_id = $1 AND registration_id = $2', [
    customerId,
    registrationId,
    at,
  ]);
}

/** What a person has redeemed of a group's points in the month of a day, without what was taken back. */
export async function redeemedInMonthOf(
  tx: Tx,
  { groupId, personId, day }: { readonly groupId: string; readonly personId: string; readonly day: string },
): Promise<number> {
  const [row] = await tx.query<{ points: number }>(
    `SELECT COALESCE(-sum(points), 0)::bigint AS points FROM points.journal j
     WHERE customer_id = $1 AND kind = 'REDEMPTION' AND metadata ->> 'keyPersonId' = $2::text
       AND date_trunc('month', business_date) = date_trunc('month', $3::date)
       AND NOT EXISTS (SELECT FROM points.journal r WHERE r.customer_id = j.customer_id AND r.reverses_journal_id = j.journal_id)`,
    [groupId, personId, day],
  );
  return row?.points ?? 0;
}
