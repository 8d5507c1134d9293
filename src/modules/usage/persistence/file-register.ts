import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../../platform/database/index.js';
import type { Kind } from '../domain/codes.js';
import { parseFileName, type FileName } from '../domain/file-envelope.js';
import type { Encoding } from '../domain/feed.js';
import type { IntakeLane } from '../domain/intake.js';

export type FileState = 'OK' | 'PARTIAL' | 'BAD';

export interface FileCounts {
  readonly received: number;
  readonly loaded: number;
  readonly duplicate: number;
  readonly rejected: number;
  readonly held: number;
}

export interface IntakeFile extends FileName {
  readonly fileId: string;
  readonly state: FileState;
  readonly lane: IntakeLane;
  readonly encoding: Encoding;
  readonly counts: FileCounts;
  /** Why the whole file was refused. */
  readonly problem: { readonly code: string; readonly text: string } | undefined;
  readonly createdAt: Date | undefined;
  readonly receivedAt: Date;
  readonly finishedAt: Date;
  /** When no file before it was missing any more. */
  readonly closedAt: Date | undefined;
  /** SHA-256 over header, body and trailer. */
  readonly fingerprint: Buffer;
}

/** A loaded file that waits for one before it. */
export interface WaitingFile {
  readonly fileId: string;
  readonly sequence: number;
  readonly businessDate: string;
}

export interface FileRow {
  file_id: string;
  name: string;
  kind: Kind;
  source: string;
  province: string;
  business_date: string;
  sequence: number;
  fingerprint: Buffer;
  state: FileState;
  lane: IntakeLane;
  encoding: Encoding;
  received: number;
  loaded: number;
  duplicate: number;
  rejected: number;
  held: number;
  problem_code: string | null;
  problem: string | null;
  created_at: Date | null;
  received_at: Date;
  finished_at: Date;
  closed_at: Date | null;
}

export interface SetAsideRow {
  line_no: number;
  record_id: string | null;
  code: string;
  field: string | null;
  reason: string;
}

const PAGE = 5_000;

/** The files that came in, and their turns. */
@Injectable()
export class FileRegister {
  constructor(private readonly database: Database) {}

  /** Files of one source and kind go one after the other: they never wait for each other half-way. */
  async takeTurn(tx: Tx, file: FileName): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('usage.file'), hashtext($1))`, [
      `${file.source}/${file.kind}`,
    ]);
  }

  async loadedBefore(tx: Tx, file: FileName): Promise<IntakeFile | undefined> {
    const [row] = await tx.query<FileRow>(
      `SELECT * FROM usage.intake_file WHERE source = $1 AND kind = $2 AND sequence = $3 AND state <> 'BAD'`,
      [file.source, file.kind, file.sequence],
    );
    return row && fileOf(row);
  }

  async add(tx: Tx, file: IntakeFile): Promise<void> {
    const { counts, problem } = file;
    await tx.execute(
      `INSERT INTO usage.intake_file (file_id, name, kind, source, province, business_date, sequence, fingerprint, state, received,
         loaded, duplicate, rejected, held, problem_code, problem, created_at, received_at, finished_at, lane, encoding)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
      [
        file.fileId, file.name, file.kind, file.source, file.province, file.businessDate, file.sequence, file.fingerprint,
        file.state, counts.received, counts.loaded, counts.duplicate, counts.rejected, counts.held, problem?.code, problem?.text,
        file.createdAt, file.receivedAt, file.finishedAt, file.lane, file.encoding,
      ],
    ); // prettier-ignore
  }

  async find(fileId: string): Promise<IntakeFile | undefined> {
    const [row] = await this.database.query<FileRow>('SELECT * FROM usage.intake_file WHERE file_id = $1', [fileId]);
    return row && fileOf(row);
  }

  waitingToBeClosed(tx: Tx, source: string, kind: Kind): Promise<WaitingFile[]> {
    return tx.query<WaitingFile & Record<string, unknown>>(
      `SELECT file_id AS "fileId", sequence, business_date AS "businessDate" FROM usage.intake_file
       WHERE source = $1 AND kind = $2 AND state <> 'BAD' AND closed_at IS NULL ORDER BY sequence`,
      [source, kind],
    );
  }

  async close(tx: Tx, fileIds: readonly string[], at: Date): Promise<void> {
    if (fileIds.length === 0) return;
    await tx.execute('UPDATE usage.intake_file SET closed_at = $2 WHERE file_id = ANY($1::uuid[])', [fileIds, at]);
  }

  /** What was refused of a file, or still waits, by line, in pages. */
  async *setAsideOf(fileId: string): AsyncGenerator<readonly SetAsideRow[]> {
    for (let after = -1; ;) {
      const page = await this.database.query<SetAsideRow>(
        `SELECT line_no, record_id, code, field, reason FROM (
           SELECT line_no, record_id, code, field, reason FROM usage.rejected_record WHERE intake_id = $1
           UNION ALL
           SELECT line_no, record_id, 'HELD', NULL, reason FROM usage.held_record WHERE intake_id = $1
         ) a WHERE line_no > $2 ORDER BY line_no LIMIT ${PAGE}`,
        [fileId, after],
      );
      if (page.length > 0) yield page;
      const last = page.at(-1);
      if (!last || page.length < PAGE) return;
      after = last.line_no;
    }
  }
}

export const fileOf = (row: FileRow): IntakeFile => ({
  fileId: row.file_id,
  name: row.name,
  kind: row.kind,
  source: row.source,
  province: row.province,
  businessDate: row.business_date,
  formatVersion: parseFileName(row.name)?.formatVersion ?? '01',
  sequence: row.sequence,
  fingerprint: row.fingerprint,
  state: row.state,
  lane: row.lane,
  encoding: row.encoding,
  counts: {
    received: row.received,
    loaded: row.loaded,
    duplicate: row.duplicate,
    rejected: row.rejected,
    held: row.held,
  },
  problem: row.problem_code === null ? undefined : { code: row.problem_code, text: row.problem ?? '' },
  createdAt: row.created_at ?? undefined,
  receivedAt: row.received_at,
  finishedAt: row.finished_at,
  closedAt: row.closed_at ?? undefined,
});
