import type { PoolClient } from 'pg';
import type { QueryRunner } from 'typeorm';
import type { Row } from './tx.js';

/** An open statement on a connection of its own, in a transaction that only reads: all pages are of one moment. */
export class RowCursor<R extends object = Row> {
  #underway: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  private constructor(
    private readonly client: PoolClient,
    private readonly runner: Pick<QueryRunner, 'release'>,
  ) {}

  static async open<R extends object>(
    client: PoolClient,
    runner: Pick<QueryRunner, 'release'>,
    scope: string | undefined,
    sql: string,
    params: readonly unknown[],
  ): Promise<RowCursor<R>> {
    await client.query(['BEGIN READ ONLY', ...(scope === undefined ? [] : [scope])].join('; '));
    try {
      await client.query(`DECLARE row_cursor NO SCROLL CURSOR FOR ${sql}`, [...params]);
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    }
    return new RowCursor<R>(client, runner);
  }

  /** The next rows, fewer than `count` only at the end. */
  next(count: number): Promise<R[]> {
    if (this.#isClosed) return Promise.resolve([]);
    const page = this.client.query<R & Row>(`FETCH ${count} FROM row_cursor`).then(({ rows }) => rows);
    this.#underway = page.catch(() => undefined);
    return page;
  }

  /** Gives the connection back, after the page that is being read; closing twice is harmless. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      await this.#underway;
      await this.client.query('ROLLBACK').catch(() => undefined); // of a dead connection there is nothing to end
    } finally {
      await this.runner.release();
    }
  }
}
