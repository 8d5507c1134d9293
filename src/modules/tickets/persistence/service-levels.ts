import type { Tx } from '../../../platform/database/index.js';
import type { ServiceLevels } from '../domain/service-level.js';

type Reader = Pick<Tx, 'query'>;

export interface ServiceLevelRow {
  readonly version: number;
  readonly region: string | null;
  readonly effective_from: Date;
  readonly targets: ServiceLevels['targets'];
  readonly severity_percent: ServiceLevels['severityPercent'];
}

export const SERVICE_LEVEL_COLUMNS = 'l.version, l.region, l.effective_from, l.targets, l.severity_percent';

export const serviceLevelsOf = (row: ServiceLevelRow): ServiceLevels => ({
  version: row.version,
  region: row.region ?? undefined,
  effectiveFrom: row.effective_from,
  targets: row.targets,
  severityPercent: row.severity_percent,
});

/** The promises that a ticket was given. */
export async function serviceLevelsOfVersion(reader: Reader, version: number): Promise<ServiceLevels> {
  const [row] = await reader.query<ServiceLevelRow>(
    `SELECT ${SERVICE_LEVEL_COLUMNS} FROM tickets.service_level l WHERE version = $1`,
    [version],
  );
  if (!row) throw new Error(`There are no service levels ${version}`);
  return serviceLevelsOf(row);
}

/** The promises that hold at an instant: those of the province when it has any, else those of the whole operator. */
export async function serviceLevelsAt(reader: Reader, at: Date, region?: string): Promise<ServiceLevels> {
  const [row] = await reader.query<ServiceLevelRow>(
    `SELECT ${SERVICE_LEVEL_COLUMNS} FROM tickets.service_level l
     WHERE effective_from <= $1 AND (region IS NULL OR region = $2)
     ORDER BY region IS NULL, effective_from DESC LIMIT 1`,
    [at, region ?? null],
  );
  if (!row) throw new Error('No service levels are in effect');
  return serviceLevelsOf(row);
}

/** Appends the next version. `undefined` when there is one of the same region and day already. */
export async function appendServiceLevels(
  tx: Tx,
  levels: Omit<ServiceLevels, 'version'>,
  by: { readonly author: string; readonly approvedBy: string; readonly at: Date },
): Promise<number | undefined> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('tickets.service_level'))`);
  const [row] = await tx.query<{ version: number }>(
    `INSERT INTO tickets.service_level
       (version, region, effective_from, targets, severity_percent, author, approved_by, created_at)
     SELECT max(version) + 1, $1, $2, $3, $4, $5, $6, $7 FROM tickets.service_level
     ON CONFLICT (region, effective_from) DO NOTHING RETURNING version`,
    [
      levels.region ?? null,
      levels.effectiveFrom,
      JSON.stringify(levels.targets),
      JSON.stringify(levels.severityPercent),
      by.author,
      by.approvedBy,
      by.at,
    ],
  );
  return row?.version;
}
