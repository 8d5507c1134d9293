import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { newId, Transaction, type Tx } from '../../../platform/database/index.js';
import type { ExternalIdentity } from '../../../platform/identity/index.js';
import { NoKnownRole, UnknownUnit } from '../domain/refusals.js';

/**
 * Makes the row of somebody whom the OpenID Connect issuer signs in, or changes it to what the issuer says now. Whoever was
 * deactivated here stays so.
 */
@Injectable()
export class ProvisionExternalStaff {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws NoKnownRole, UnknownUnit */
  execute({ subject, name, roles, unitCode }: ExternalIdentity): Promise<void> {
    return this.transaction.run(async (tx) => {
      const known = await rolesOfPeople(tx, roles);
      if (known.length === 0) throw new NoKnownRole();
      const [unit, second] = await tx.query<{ unit_id: string }>(
        `SELECT unit_id FROM organization.unit WHERE code = $1 LIMIT 2`,
        [unitCode],
      );
      if (!unit || second) throw new UnknownUnit();
      const staffId = newId();
      await tx.query(
        `INSERT INTO organization.staff AS s
           (staff_id, login, display_name, external_subject, unit_id, roles, status, token_version, failed_attempts, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, 'active', 1, 0, $7, 1)
         ON CONFLICT (external_subject) DO UPDATE
           SET display_name = EXCLUDED.display_name, unit_id = EXCLUDED.unit_id, roles = EXCLUDED.roles, version = s.version + 1
           WHERE s.status = 'active'`,
        // No login that anybody could type is taken by it.
        [staffId, `oidc:${staffId}`, name, subject, unit.unit_id, known, this.clock.now()],
      );
    });
  }
}

async function rolesOfPeople(tx: Tx, roles: readonly string[]): Promise<readonly string[]> {
  const rows = await tx.query<{ role: string }>(
    `SELECT role FROM organization.role WHERE role = ANY($1) AND NOT is_for_systems ORDER BY role`,
    [roles],
  );
  return rows.map(({ role }) => role);
}
