import type { Tx } from '../../../platform/database/index.js';
import type { SubjectExport } from '../domain/subject-export.js';

export const EXPORT_COLUMNS = `e.customer_id AS "customerId", e.export_id AS "exportId", e.request_id AS "requestId",
  e.approval_id AS "approvalId", e.status, e.asked_by AS "askedBy", e.asked_at AS "askedAt", e.lapses_at AS "lapsesAt",
  e.as_of AS "asOf", e.expires_at AS "expiresAt", e.chunks, e.size_bytes AS "sizeBytes", e.sha256, e.sections, e.downloads`;

export type ExportRow = {
  readonly [K in keyof SubjectExport]: undefined extends SubjectExport[K]
    ? Exclude<SubjectExport[K], undefined> | null
    : SubjectExport[K];
};

export const exportOf = (row: ExportRow): SubjectExport => ({
  ...row,
  asOf: row.asOf ?? undefined,
  expiresAt: row.expiresAt ?? undefined,
  chunks: row.chunks ?? undefined,
  sizeBytes: row.sizeBytes ?? undefined,
  sha256: row.sha256 ?? undefined,
  sections: row.sections ?? undefined,
});

export async function insertExport(
  tx: Tx,
  {
    customerId,
    exportId,
    requestId,
    approvalId,
    askedBy,
    askedAt,
    lapsesAt,
  }: Pick<SubjectExport, 'customerId' | 'exportId' | 'requestId' | 'approvalId' | 'askedBy' | 'askedAt' | 'lapsesAt'>,
): Promise<void> {
  await tx.execute(
    `INSERT INTO customers.subject_export
       (customer_id, export_id, request_id, approval_id, status, asked_by, asked_at, lapses_at)
     VALUES ($1, $2, $3, $4, 'awaiting-approval', $5, $6, $7)`,
    [customerId, exportId, requestId, approvalId, askedBy, askedAt, lapsesAt],
  );
}

export async function readExport(source: Pick<Tx, 'query'>, exportId: string): Promise<SubjectExport | undefined> {
  const [row] = await source.query<ExportRow>(
    `SELECT ${EXPORT_COLUMNS} FROM customers.subject_export e WHERE e.export_id = $1`,
    [exportId],
  );
  return row && exportOf(row);
}

export async function lockExport(tx: Tx, exportId: string): Promise<SubjectExport | undefined> {
  const [row] = await tx.query<ExportRow>(
    `SELECT ${EXPORT_COLUMNS} FROM customers.subject_export e WHERE e.export_id = $1 FOR UPDATE`,
    [exportId],
  );
  return row && exportOf(row);
}

/** One that waits to be prepared, unless somebody prepares it now. */
export async function claimExport(tx: Tx, exportId: string): Promise<SubjectExport | undefined> {
  const [row] = await tx.query<ExportRow>(
    `SELECT ${EXPORT_COLUMNS} FROM customers.subject_export e
     WHERE e.export_id = $1 AND e.status = 'preparing' FOR UPDATE SKIP LOCKED`,
    [exportId],
  );
  return row && exportOf(row);
}

export async function exportsToPrepare(source: Pick<Tx, 'query'>): Promise<readonly string[]> {
  const rows = await source.query<{ export_id: string }>(
    `SELECT export_id FROM customers.subject_export WHERE status = 'preparing' ORDER BY asked_at LIMIT 1000`,
  );
  return rows.map((row) => row.export_id);
}

type Key = Pick<SubjectExport, 'customerId' | 'exportId'>;

export async function moveExport(
  tx: Tx,
  { customerId, exportId }: Key,
  to: 'preparing' | 'refused' | 'withdrawn',
): Promise<void> {
  await tx.execute(`UPDATE customers.subject_export SET status = $3 WHERE customer_id = $1 AND export_id = $2`, [
    customerId,
    exportId,
    to,
  ]);
}

export async function insertChunk(
  tx: Tx,
  { customerId, exportId }: Key,
  position: number,
  sealed: Buffer,
): Promise<void> {
  await tx.execute(
    `INSERT INTO customers.subject_export_chunk (customer_id, export_id, position, sealed) VALUES ($1, $2, $3, $4)`,
    [customerId, exportId, position, sealed],
  );
}

export async function finishExport(
  tx: Tx,
  { customerId, exportId }: Key,
  done: {
    readonly asOf: Date;
    readonly expiresAt: Date;
    readonly chunks: number;
    readonly sizeBytes: number;
    readonly sha256: Buffer;
    readonly sections: Readonly<Record<string, number>>;
  },
): Promise<void> {
  await tx.execute(
    `UPDATE customers.subject_export
     SET status = 'ready', as_of = $3, expires_at = $4, chunks = $5, size_bytes = $6, sha256 = $7, sections = $8
     WHERE customer_id = $1 AND export_id = $2`,
    [
      customerId,
      exportId,
      done.asOf,
      done.expiresAt,
      done.chunks,
      done.sizeBytes,
      done.sha256,
      JSON.stringify(done.sections),
    ],
  );
}

export async function countDownload(tx: Tx, { customerId, exportId }: Key): Promise<void> {
  await tx.execute(
    `UPDATE customers.subject_export SET downloads = downloads + 1 WHERE customer_id = $1 AND export_id = $2`,
    [customerId, exportId],
  );
}

/** With the secret of the customer that it is sealed for, when that is still known. */
export async function readChunk(
  source: Pick<Tx, 'query'>,
  { customerId, exportId }: Key,
  position: number,
): Promise<{ readonly sealed: Buffer; readonly secret: Buffer | null } | undefined> {
  const [row] = await source.query<{ sealed: Buffer; secret: Buffer | null }>(
    `SELECT c.sealed, k.secret FROM customers.subject_export_chunk c
     LEFT JOIN vault.subject_key k ON k.subject_id = c.customer_id
     WHERE c.customer_id = $1 AND c.export_id = $2 AND c.position = $3`,
    [customerId, exportId, position],
  );
  return row;
}

/** Throws copies away that are no longer kept; answers how many. */
export async function expireExports(tx: Tx, now: Date): Promise<number> {
  const gone = await tx.query<{ export_id: string }>(
    `UPDATE customers.subject_export SET status = 'expired' WHERE status = 'ready' AND expires_at <= $1
     RETURNING export_id`,
    [now],
  );
  if (gone.length > 0) {
    await tx.execute(`DELETE FROM customers.subject_export_chunk WHERE export_id = ANY($1::uuid[])`, [
      gone.map((row) => row.export_id),
    ]);
  }
  return gone.length;
}
