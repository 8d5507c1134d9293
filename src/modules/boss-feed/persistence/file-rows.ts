import type { Tx } from '../../../platform/database/index.js';
import type { Feed, FeedKind } from '../domain/feed.js';
import { fileName, type FileCut, type FileState } from '../domain/feed-file.js';

/** A file and what became of it. What was published of it never changes. */
export interface FeedFile extends FileCut {
  readonly fileId: string;
  readonly name: string;
  readonly state: FileState;
  /** Counts how often what it names has changed before it was published. */
  readonly attempt: number;
  /** Of a file that was published. */
  readonly content: FileContent | undefined;
  readonly publishedAt: Date | undefined;
  readonly isWanted: boolean;
  readonly acknowledgedAt: Date | undefined;
  readonly difference: object | undefined;
}

export interface FileContent {
  readonly sum: number;
  readonly customers: number;
  /** Of the D lines with their line ends: what the trailer holds. */
  readonly bodySha256: string;
  /** Of the whole text, before it is compressed. */
  readonly contentSha256: string;
  readonly sizeBytes: number;
}

export interface FileRow {
  readonly file_id: string;
  readonly feed_id: string;
  readonly kind: FeedKind;
  readonly target: string;
  readonly business_date: string;
  readonly sequence: number;
  readonly version: number;
  readonly name: string;
  readonly after_sequence: number;
  readonly to_sequence: number;
  readonly created_at: Date;
  readonly state: FileState;
  readonly attempt: number;
  readonly record_sum: number | null;
  readonly customers: number | null;
  readonly body_sha256: string | null;
  readonly content_sha256: string | null;
  readonly size_bytes: number | null;
  readonly published_at: Date | null;
  readonly is_wanted: boolean;
  readonly acknowledged_at: Date | null;
  readonly difference: object | null;
}

export const FILES = {
  select: 'f.*, d.kind, d.target',
  from: 'boss_feed.file f JOIN boss_feed.feed d USING (feed_id)',
};

export const fileOf = (row: FileRow): FeedFile => ({
  fileId: row.file_id,
  feedId: row.feed_id,
  kind: row.kind,
  target: row.target,
  businessDate: row.business_date,
  sequence: row.sequence,
  version: row.version,
  name: row.name,
  afterSequence: row.after_sequence,
  toSequence: row.to_sequence,
  createdAt: row.created_at,
  state: row.state,
  attempt: row.attempt,
  content: row.content_sha256 === null ? undefined : {
    sum: row.record_sum ?? 0,
    customers: row.customers ?? 0,
    bodySha256: row.body_sha256 ?? '',
    contentSha256: row.content_sha256,
    sizeBytes: row.size_bytes ?? 0,
  },
  publishedAt: row.published_at ?? undefined,
  isWanted: row.is_wanted,
  acknowledgedAt: row.acknowledged_at ?? undefined,
  difference: row.difference ?? undefined,
}); // prettier-ignore

export async function readFile(reader: Pick<Tx, 'query'>, fileId: string): Promise<FeedFile | undefined> {
  return one(reader, 'f.file_id = $1', [fileId]);
}

export async function lockFile(tx: Tx, fileId: string): Promise<FeedFile | undefined> {
  return one(tx, 'f.file_id = $1 FOR UPDATE OF f', [fileId]);
}

export async function newestVersion(
  reader: Pick<Tx, 'query'>,
  { feedId, sequence }: Pick<FileCut, 'feedId' | 'sequence'>,
): Promise<FeedFile | undefined> {
  return one(reader, 'f.feed_id = $1 AND f.sequence = $2 ORDER BY f.version DESC LIMIT 1', [feedId, sequence]);
}

/** The next file that is to be made: files are published in the order of their numbers. */
export function firstUnpublished(reader: Pick<Tx, 'query'>, feedId: string): Promise<FeedFile | undefined> {
  return one(reader, `f.feed_id = $1 AND f.state = 'preparing' ORDER BY f.sequence, f.version LIMIT 1`, [feedId]);
}

/** Files whose copy in the outgoing folder is not yet as it should be. */
export async function untended(reader: Pick<Tx, 'query'>): Promise<readonly FeedFile[]> {
  const rows = await reader.query<FileRow>(
    `SELECT ${FILES.select} FROM ${FILES.from} WHERE f.state <> 'preparing' AND NOT f.is_tended ORDER BY f.feed_id, f.sequence, f.version`,
  );
  return rows.map(fileOf);
}

async function one(
  reader: Pick<Tx, 'query'>,
  condition: string,
  params: readonly unknown[],
): Promise<FeedFile | undefined> {
  const [row] = await reader.query<FileRow>(`SELECT ${FILES.select} FROM ${FILES.from} WHERE ${condition}`, params);
  return row && fileOf(row);
}

export async function insertFile(tx: Tx, fileId: string, cut: FileCut): Promise<void> {
  await tx.execute(
    `INSERT INTO boss_feed.file
       (file_id, feed_id, business_date, sequence, version, name, after_sequence, to_sequence, created_at, state)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'preparing')`,
    [
      fileId,
      cut.feedId,
      cut.businessDate,
      cut.sequence,
      cut.version,
      fileName(cut),
      cut.afterSequence,
      cut.toSequence,
      cut.createdAt,
    ],
  );
}

/** The feed goes on after this file. */
export async function advanceFiled(tx: Tx, { feedId }: Feed, cut: FileCut): Promise<void> {
  await tx.execute(
    `UPDATE boss_feed.feed SET last_file_sequence = $2, filed_sequence = $3, filed_until = $4 WHERE feed_id = $1`,
    [feedId, cut.sequence, cut.toSequence, cut.businessDate],
  );
}

/** Unless somebody was erased since this attempt began, or another worker was first. */
export async function publishContent(tx: Tx, file: FeedFile, content: FileContent, at: Date): Promise<boolean> {
  const published = await tx.execute(
    `UPDATE boss_feed.file SET state = 'published', record_sum = $3, customers = $4, body_sha256 = $5, content_sha256 = $6,
       size_bytes = $7, published_at = $8
     WHERE file_id = $1 AND state = 'preparing' AND attempt = $2`,
    [
      file.fileId,
      file.attempt,
      content.sum,
      content.customers,
      content.bodySha256,
      content.contentSha256,
      content.sizeBytes,
      at,
    ],
  );
  return published === 1;
}

/** The files with items of somebody who was erased that are prepared or published; locked, in the order of their numbers. */
export async function lockFilesAbout(tx: Tx, customerIds: readonly string[]): Promise<readonly FeedFile[]> {
  const rows = await tx.query<FileRow>(
    `SELECT ${FILES.select} FROM ${FILES.from}
     WHERE f.state <> 'withdrawn' AND EXISTS (
       SELECT FROM boss_feed.item i WHERE i.customer_id = ANY ($1::uuid[]) AND i.has_account AND i.feed_id = f.feed_id
         AND i.sequence > f.after_sequence AND i.sequence <= f.to_sequence)
     ORDER BY f.feed_id, f.sequence, f.version FOR UPDATE OF f`,
    [customerIds],
  );
  return rows.map(fileOf);
}

export async function prepareAnew(tx: Tx, { fileId }: FeedFile): Promise<void> {
  await tx.execute('UPDATE boss_feed.file SET attempt = attempt + 1 WHERE file_id = $1', [fileId]);
}

export async function withdraw(tx: Tx, { fileId }: FeedFile): Promise<void> {
  await tx.execute(
    `UPDATE boss_feed.file SET state = 'withdrawn', is_wanted = false, is_tended = false WHERE file_id = $1`,
    [fileId],
  );
}

/** Whether the outgoing folder is to have it. */
export async function setWanted(tx: Tx, { fileId }: FeedFile, isWanted: boolean): Promise<void> {
  await tx.execute('UPDATE boss_feed.file SET is_wanted = $2, is_tended = false WHERE file_id = $1', [
    fileId,
    isWanted,
  ]);
}

export async function setTended(tx: Tx, { fileId }: FeedFile): Promise<void> {
  await tx.execute('UPDATE boss_feed.file SET is_tended = true WHERE file_id = $1', [fileId]);
}

export async function acknowledge(
  tx: Tx,
  { fileId }: FeedFile,
  { by, at, difference }: { readonly by: string; readonly at: Date; readonly difference: object | undefined },
): Promise<void> {
  await tx.execute(
    `UPDATE boss_feed.file SET acknowledged_by = $2, acknowledged_at = $3, difference = $4 WHERE file_id = $1`,
    [fileId, by, difference ? null : at, difference ? JSON.stringify(difference) : null],
  );
}
