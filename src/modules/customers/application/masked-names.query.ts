import type { Tx } from '../../../platform/database/index.js';
import { maskName, type PersonalData, type SubjectSecret } from '../../../platform/privacy/index.js';
import { inSight } from '../persistence/sight.js';
import { openIdentity } from './sealed-values.js';

/** Names as every screen shows them: a person's masked, an organization's whole. Of whom is erased or out of sight there is none. */
export async function maskedNames(
  reader: Pick<Tx, 'query'>,
  personalData: PersonalData,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await reader.query<Row>(
    `SELECT c.customer_id, p.party_id, p.kind, p.identity_sealed, k.secret
     FROM customers.customer c JOIN customers.party p ON p.party_id = c.party_id
     LEFT JOIN vault.subject_key k ON k.subject_id = c.party_id
     WHERE c.customer_id = ANY($1::uuid[]) AND ${inSight()}`,
    [customerIds],
  );
  return new Map(
    rows.flatMap((row) => {
      const { name } = openIdentity(personalData, row.party_id, row.secret, row.identity_sealed);
      return name === undefined
        ? []
        : [[row.customer_id, row.kind === 'organization' ? name : maskName(name)] as const];
    }),
  );
}

interface Row {
  readonly customer_id: string;
  readonly party_id: string;
  readonly kind: 'individual' | 'organization';
  readonly identity_sealed: Buffer | null;
  readonly secret: SubjectSecret | null;
}
