import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../../platform/database/index.js';
import type { Kind } from '../domain/codes.js';
import {
  isSourceCode,
  NEW_FEED,
  type Encoding,
  type Feed,
  type FeedTerms,
  type Source,
  type SourceLimits,
} from '../domain/feed.js';

export interface SourceRow {
  source: string;
  name: string | null;
  files_at_once: number | null;
  records_per_minute: number | null;
  registered_at: Date;
  feeds: FeedRow[] | null;
}

interface FeedRow {
  kind: Kind;
  encoding: Encoding;
  expected_daily: boolean;
  deadline: string | null;
  deadline_days: number;
  last_sequence: number;
  closed_sequence: number;
  last_business_date: string | null;
  /** Text out of JSON. */
  last_success_at: string | Date | null;
}

const DAYS_BACK = 31;

export const SOURCE = `s.source, s.name, s.files_at_once, s.records_per_minute, s.registered_at,
  (SELECT jsonb_agg(f ORDER BY f.kind) FROM usage.source_feed f WHERE f.source = s.source) AS feeds`;

/** Who sends, what is agreed with them, and how far each feed has come. */
@Injectable()
export class SourceRegister {
  constructor(private readonly database: Database) {}

  async find(source: string): Promise<Source | undefined> {
    if (!isSourceCode(source)) return undefined;
    const [row] = await this.database.query<SourceRow>(`SELECT ${SOURCE} FROM usage.source s WHERE s.source = $1`, [
      source,
    ]);
    return row && sourceOf(row);
  }

  /** With a lock: nobody changes the same source at the same time. */
  async lock(tx: Tx, source: string): Promise<Source | undefined> {
    if (!isSourceCode(source)) return undefined;
    const [row] = await tx.query<SourceRow>(
      `SELECT ${SOURCE} FROM usage.source s WHERE s.source = $1 FOR UPDATE OF s`,
      [source],
    );
    return row && sourceOf(row);
  }

  async encodingOf(tx: Tx, source: string, kind: Kind): Promise<Encoding> {
    const [row] = await tx.query<{ encoding: Encoding }>(
      'SELECT encoding FROM usage.source_feed WHERE source = $1 AND kind = $2',
      [source, kind],
    );
    return row?.encoding ?? NEW_FEED.encoding;
  }

  /** Says whether the source was new. */
  async add(tx: Tx, source: string, at: Date, name?: string, limits?: SourceLimits): Promise<boolean> {
    const added = await tx.execute(
      `INSERT INTO usage.source (source, name, files_at_once, records_per_minute, registered_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING`,
      [source, name ?? null, limits?.filesAtOnce ?? null, limits?.recordsPerMinute ?? null, at],
    );
    return added > 0;
  }

  async change(tx: Tx, { source, name, filesAtOnce, recordsPerMinute }: Source): Promise<void> {
    await tx.execute(
      'UPDATE usage.source SET name = $2, files_at_once = $3, records_per_minute = $4 WHERE source = $1',
      [source, name ?? null, filesAtOnce ?? null, recordsPerMinute ?? null],
    );
  }

  /** The feed with a lock, made when it is new. */
  async lockFeed(tx: Tx, source: string, kind: Kind, at: Date): Promise<Feed> {
    const locked = async (): Promise<FeedRow | undefined> =>
      (
        await tx.query<FeedRow>(`SELECT * FROM usage.source_feed WHERE source = $1 AND kind = $2 FOR UPDATE`, [
          source,
          kind,
        ])
      )[0];
    let row = await locked();
    if (!row) {
      await this.add(tx, source, at);
      await tx.execute(
        `INSERT INTO usage.source_feed (source, kind, encoding, expected_daily, deadline_days, last_sequence,
           closed_sequence, missing_batches)
         VALUES ($1, $2, $3, false, $4, 0, 0, '{}') ON CONFLICT DO NOTHING`,
        [source, kind, NEW_FEED.encoding, NEW_FEED.deadlineDays],
      );
      row = await locked();
    }
    if (!row) throw new Error('A feed that was just made is not there');
    return feedOf(row);
  }

  /** `since`: the first business date for which a file is expected, when none was expected before. */
  async changeTerms(tx: Tx, source: string, kind: Kind, terms: FeedTerms, since: string): Promise<void> {
    await tx.execute(
      `UPDATE usage.source_feed SET encoding = $3, expected_daily = $4, deadline = $5, deadline_days = $6,
         expected_since = CASE WHEN NOT $4 THEN NULL ELSE COALESCE(expected_since, $7::date) END
       WHERE source = $1 AND kind = $2`,
      [source, kind, terms.encoding, terms.expectedDaily, terms.deadline ?? null, terms.deadlineDays, since],
    );
  }

  async closeUpTo(tx: Tx, source: string, kind: Kind, closedSequence: number): Promise<void> {
    await tx.execute(`UPDATE usage.source_feed SET closed_sequence = $3 WHERE source = $1 AND kind = $2`, [
      source,
      kind,
      closedSequence,
    ]);
  }

  async fileLoaded(
    tx: Tx,
    { source, kind, sequence, businessDate }: { source: string; kind: Kind; sequence: number; businessDate: string },
    at: Date,
  ): Promise<void> {
    await tx.execute(
      `UPDATE usage.source_feed SET last_sequence = greatest(last_sequence, $3),
         last_business_date = greatest(last_business_date, $4), last_success_at = $5
       WHERE source = $1 AND kind = $2`,
      [source, kind, sequence, businessDate, at],
    );
  }

  /** Once a second is enough: pushes of one feed from many connections do not wait for each other because of it. */
  async recordsPushed(tx: Tx, source: string, kind: Kind, at: Date): Promise<void> {
    const [feed] = await tx.query<{ is_fresh: boolean }>(
      `SELECT COALESCE(last_success_at > $3::timestamptz - interval '1 second', false) AS is_fresh
       FROM usage.source_feed WHERE source = $1 AND kind = $2`,
      [source, kind, at],
    );
    if (feed?.is_fresh) return;
    if (!feed) await this.lockFeed(tx, source, kind, at);
    await tx.execute('UPDATE usage.source_feed SET last_success_at = $3 WHERE source = $1 AND kind = $2', [
      source,
      kind,
      at,
    ]);
  }

  async expectedDaily(tx: Tx): Promise<readonly { source: string; feed: Feed; expectedSince: string }[]> {
    const rows = await tx.query<FeedRow & { source: string; expected_since: string }>(
      'SELECT * FROM usage.source_feed WHERE expected_daily ORDER BY source, kind',
    );
    return rows.map((row) => ({ source: row.source, feed: feedOf(row), expectedSince: row.expected_since }));
  }

  /** Of so many days back at most: who never sent would fill the list of alarms. */
  async datesWithoutFile(tx: Tx, source: string, kind: Kind, from: string, to: string): Promise<readonly string[]> {
    const rows = await tx.query<{ date: string }>(
      `SELECT day::date AS date
       FROM generate_series(greatest($3::date, $4::date - ${DAYS_BACK}), $4::date, interval '1 day') AS day
       WHERE NOT EXISTS (
         SELECT FROM usage.intake_file f
         WHERE f.source = $1 AND f.kind = $2 AND f.business_date = day::date AND f.state <> 'BAD')`,
      [source, kind, from, to],
    );
    return rows.map(({ date }) => date);
  }

  /** Feeds of numbered batches, with the first gap that was there before; without one where nothing is missing. */
  missingBatches(
    tx: Tx,
    before: Date,
  ): Promise<{ source: string; kind: Kind; from: number | null; to: number | null }[]> {
    return tx.query(
      `SELECT source, kind, lower(missing_batches) AS "from", upper(missing_batches) - 1 AS "to"
       FROM usage.source_feed WHERE last_batch IS NOT NULL AND (missing_since IS NULL OR missing_since < $1)`,
      [before],
    );
  }

  /** Remembers which numbers of an unbroken sequence of batches came, and since when some are missing. */
  async batchesCame(tx: Tx, source: string, kind: Kind, sequences: readonly number[], at: Date): Promise<void> {
    await this.lockFeed(tx, source, kind, at);
    for (const sequence of sequences) {
      await tx.execute(
        `WITH came AS (
           SELECT CASE
               WHEN last_batch IS NULL THEN missing_batches
               WHEN $3 > last_batch THEN missing_batches + int8multirange(int8range(last_batch + 1, $3))
               ELSE missing_batches - int8multirange(int8range($3, $3, '[]')) END AS missing
           FROM usage.source_feed WHERE source = $1 AND kind = $2
         )
         UPDATE usage.source_feed SET last_batch = greatest(last_batch, $3), missing_batches = missing,
           missing_since = CASE WHEN isempty(missing) THEN NULL ELSE COALESCE(missing_since, $4) END
         FROM came WHERE source = $1 AND kind = $2`,
        [source, kind, sequence, at],
      );
    }
  }
}

export const sourceOf = (row: SourceRow): Source => ({
  source: row.source,
  name: row.name ?? undefined,
  filesAtOnce: row.files_at_once ?? undefined,
  recordsPerMinute: row.records_per_minute ?? undefined,
  registeredAt: row.registered_at,
  feeds: (row.feeds ?? []).map(feedOf),
});

const feedOf = (row: FeedRow): Feed => ({
  kind: row.kind,
  encoding: row.encoding,
  expectedDaily: row.expected_daily,
  deadline: row.deadline?.slice(0, 5),
  deadlineDays: row.deadline_days,
  lastSequence: row.last_sequence,
  closedSequence: row.closed_sequence,
  lastBusinessDate: row.last_business_date ?? undefined,
  lastSuccessAt: row.last_success_at === null ? undefined : new Date(row.last_success_at),
});
